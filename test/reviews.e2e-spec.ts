import { beforeAll, describe, expect, test } from 'vitest';
import { join } from './support/members.js';
import { runOn, startService } from './support/service.js';
import type { Team } from './support/reviews.js';
import { because, newTeam, SpecOf } from './support/reviews.js';
import { expectProblem, footprint, readEvents, typesOf } from './support/specs.js';

const service = startService();
let team: Team;
beforeAll(async () => {
  team = await newTeam(service.organization);
});

describe('a spec in review', () => {
  test('is approved by the vote that meets the policy, in one append with it', async () => {
    const spec = await SpecOf.inReview(team);
    const { version } = await spec.read();
    const voted = await spec.vote(team.ben);
    expect(voted.status).toBe(201);
    expect(voted.body).toMatchObject({ lifecycle: 'approved', version: version + 2 });
    expect(typesOf(await readEvents(team.tenant, spec.specId, version))).toEqual([
      'spec.vote.cast',
      'spec.lifecycle.approved',
    ]);
    const read = await spec.read();
    expect(read).toMatchObject({
      lifecycle: 'approved',
      revision: 1,
      inForce: { revision: 1, version: version + 2, contentHash: read.contentHash, lifecycle: 'approved' },
    });
    expect((await spec.votes()).items).toMatchObject([{ standing: 'counted', why: null, principal: { name: 'Ben' } }]);
  });

  test('is found by where it stands', async () => {
    const { specId } = await SpecOf.inReview(team);
    const list = await team.tenant.request('get', '/specs?lifecycle=in_review&limit=100').expect(200);
    const { items } = list.body as { items: { specId: string; lifecycle: string; review: object }[] };
    expect(items.find((one) => one.specId === specId)).toMatchObject({ review: { round: 1, votes: 0 } });
    expect(items.every(({ lifecycle }) => lifecycle === 'in_review')).toBe(true);
  });

  test('says what is missing, and who can supply it', async () => {
    const spec = await SpecOf.inReview(team);
    await spec.vote(team.cat, { position: 'concern', comment: 'Who pays for it?' });
    const answer = await spec.request('get', '/approvability', team.ann).expect(200);
    expect(answer.body).toMatchObject({
      lifecycle: 'in_review',
      contentHash: (await spec.read()).contentHash,
      met: false,
      policy: { key: 'default', version: 1 },
      requirements: [{ needed: 1, have: 0, missing: 1, reachable: true }],
      blocking: [{ code: 'open_concern', whoCan: [team.cat.memberId] }],
    });
    const { requirements } = answer.body as { requirements: { whoCan: { members: string[] } }[] };
    expect(requirements[0]?.whoCan.members).toEqual(
      expect.arrayContaining([team.ben.memberId, team.cat.memberId, team.dan.memberId]),
    );
    expect(requirements[0]?.whoCan.members).not.toContain(team.ann.memberId);
    expect(requirements[0]?.whoCan.members).not.toContain(team.bot.memberId);
  });

  test('is approved when the last concern is resolved, by its raiser only', async () => {
    const spec = await SpecOf.inReview(team);
    await spec.vote(team.cat, { position: 'concern', comment: 'Who pays for it?' });
    await spec.vote(team.ben);
    const [concern] = (await spec.votes()).concerns;
    const resolve = (who: Team['ann']) =>
      spec
        .request('post', `/concerns/${concern?.concernId ?? ''}/resolution`, who)
        .send({ resolution: 'The organization pays.' });
    expectProblem(await resolve(team.dan), 403, 'not_permitted');
    expect((await resolve(team.cat).expect(200)).body).toMatchObject({ lifecycle: 'approved' });
  });

  test('shows each vote with what it is worth, and why', async () => {
    const spec = await SpecOf.inReview(team);
    await spec.vote(team.ann);
    await spec.vote(team.bot, { onBehalfOf: 'Ben' });
    await spec.vote(team.cat, { position: 'abstain' });
    await spec.edit(team.ann, 'Everything MUST be deleted.\n').expect(200);
    await spec.vote(team.dan, { position: 'request_information', comment: 'Until when?' });
    await spec.vote(team.ann);
    const { items } = await spec.votes();
    const worth = new Map(items.map(({ principal, standing, why }) => [principal.name, [standing, why]]));
    expect(worth.get('Ann')).toEqual(['not_counted', 'It was cast by an author, or with a key that came from one.']);
    expect(worth.get('Bot')?.[0]).toBe('outdated');
    expect(worth.get('Cat')?.[0]).toBe('outdated');
    expect(worth.get('Dan')).toEqual(['standing', null]);
    const own = items.find(({ principal }) => principal.id === team.ann.memberId);
    const withdrawal = spec.request('post', `/votes/${own?.voteId ?? ''}/withdrawal`, team.ann);
    await withdrawal.expect(200);
    const after = await spec.votes();
    expect(after.items.find(({ voteId }) => voteId === own?.voteId)?.standing).toBe('withdrawn');
    expect((await spec.read()).lifecycle).toBe('in_review');
  });

  test('tells a vote by itself what became of it', async () => {
    const spec = await SpecOf.inReview(team);
    const cast = await spec.vote(team.ben, { position: 'abstain' });
    const { voteId } = cast.body as { voteId: string };
    const read = async () => (await spec.request('get', `/votes/${voteId}`, team.ben).expect(200)).body as object;
    expect(cast.headers.location).toMatch(new RegExp(`/specs/${spec.specId}/votes/${voteId}$`));
    expect(await read()).toMatchObject({ voteId, position: 'abstain', standing: 'standing', outdatedAt: null });
    await spec.edit(team.ann, 'It MUST be kept for ever.\n').expect(200);
    expect(await read()).toMatchObject({
      standing: 'outdated',
      outdatedAt: (await spec.read()).updatedAt,
      outdatedBy: [{ section: 'tldr', kind: 'normative' }],
    });
    await spec.vote(team.ben, { position: 'abstain' });
    expectProblem(await spec.request('get', `/votes/${voteId}`, team.ben), 404, 'not_found');
  });

  test('takes votes on what was read only', async () => {
    const spec = await SpecOf.inReview(team);
    const { contentHash } = await spec.read();
    await spec.edit(team.ann, 'Everything MUST be deleted.\n').expect(200);
    expectProblem(await spec.vote(team.ben, { contentHash }), 409, 'content_changed');
  });
});

describe('transitions', () => {
  test('tell what the caller may do now, and for the rest why not', async () => {
    const spec = await SpecOf.inReview(team);
    const may = async (who: Team['ann']) => {
      const answer = await spec.request('get', '/transitions', who).expect(200);
      const { items } = answer.body as { items: { name: string; allowed: boolean; unmet: { code: string }[] }[] };
      return new Map(items.map(({ name, allowed, unmet }) => [name, allowed || unmet[0]?.code]));
    };
    const ann = await may(team.ann);
    expect(ann.size).toBe(13);
    expect([...ann].filter(([, verdict]) => verdict === true).map(([name]) => name)).toEqual([
      'return',
      'defer',
      'withdraw',
    ]);
    expect([ann.get('approve'), ann.get('reject'), ann.get('submit')]).toEqual([
      'not_permitted',
      'not_permitted',
      'transition_not_allowed',
    ]);
    expect((await may(team.dan)).get('reject')).toBe(true);
  });

  test('that are tried show every guard, and leave nothing behind', async () => {
    const spec = await SpecOf.begin(team, '# Kept\n\n## TLDR\nKeep them.\n');
    const before = await footprint(service);
    const tried = await spec.go('submit', team.ann, {}, '?simulate=true').set('idempotency-key', 'tried').expect(200);
    expect(tried.body).toMatchObject({
      lifecycle: 'draft',
      simulation: {
        allowed: false,
        refusal: { code: 'guard_failed', status: 409, detail: 'The template requires these sections: Risks.' },
        events: [],
      },
    });
    const { simulation } = tried.body as { simulation: { trace: { guard: string; met: boolean }[] } };
    expect(simulation.trace.map(({ guard, met }) => [guard, met])).toEqual([
      ['role', true],
      ['not_an_agent', true],
      ['stands_there', true],
      ['reason_given', true],
      ['required_sections_present', false],
      ['required_sections_filled', true],
    ]);
    expect(await footprint(service)).toEqual(before);
    expectProblem(await spec.go('submit', team.ann), 409, 'guard_failed');
    const add = spec.request('post', '/sections', team.ann).send({ heading: 'Risks', body: 'None is known.' });
    await add.expect(201);
    await spec.go('submit', team.ann).set('idempotency-key', 'tried').expect(200);
  });

  test('of which a vote would be the cause show as much', async () => {
    const spec = await SpecOf.inReview(team);
    const names = async () =>
      (await runOn(service.databaseUrl, 'select count(*) from specline.subject_key')).rows[0]?.count;
    const before = [await footprint(service), await names()];
    const tried = await spec.vote(team.ben, { onBehalfOf: 'Somebody new' }, '?simulate=true');
    expect(tried.status).toBe(200);
    expect(tried.headers.location).toBeUndefined();
    expect(tried.body).toMatchObject({
      lifecycle: 'in_review',
      simulation: { allowed: true, events: ['spec.vote.cast', 'spec.lifecycle.approved'] },
    });
    expect([await footprint(service), await names()]).toEqual(before);
    expect((await spec.votes()).items).toEqual([]);
    const refused = await spec.vote(team.ben, { contentHash: '0'.repeat(64) }, '?simulate=true');
    expect(refused.body).toMatchObject({ simulation: { allowed: false, refusal: { code: 'content_changed' } } });
  });

  test('take the version that was read', async () => {
    const spec = await SpecOf.begin(team);
    const submit = () => spec.request('post', '/transitions/submit', team.ann);
    expectProblem(await submit().send({}), 428, 'precondition_required');
    await spec.edit(team.ann, 'Changed.').expect(200);
    expectProblem(await submit().set('if-match', '"1"').send({}), 412, 'stale_version');
    await submit().set('if-match', '"2"').send({}).expect(200);
  });

  test('that administrate are refused to writers and to agents', async () => {
    const agent = await join(team.tenant, 'Robot', { kind: 'agent', role: 'admin' });
    const spec = await SpecOf.inReview(team);
    expectProblem(await spec.go('reject', team.ben, because), 403, 'not_permitted');
    expectProblem(await spec.go('reject', agent, because), 403, 'not_permitted');
    await spec.go('reject', team.dan, because).expect(200);
  });

  test('lead a spec through its whole life', async () => {
    const spec = await SpecOf.inReview(team);
    await spec.go('return', team.ben, because).expect(200);
    await spec.go('submit', team.ann).expect(200);
    await spec.vote(team.ben);
    await spec.go('start', team.ann).expect(200);
    const evidence = [{ kind: 'commit', reference: '5f2c1e9', phase: 'Phase 1' }];
    await spec.go('complete', team.bot, { evidence }).expect(200);
    await spec.go('deprecate', team.dan, because).expect(200);
    await spec.go('archive', team.dan, because).expect(200);
    expect(await spec.read()).toMatchObject({ lifecycle: 'archived' });
    expectProblem(await spec.edit(team.ann, 'Changed.'), 409, 'content_locked');
  });
});

describe('an amendment', () => {
  test('leaves the approved text in force until it is approved itself, and takes it back when it is withdrawn', async () => {
    const spec = await SpecOf.inReview(team);
    await spec.vote(team.ben);
    const approved = await spec.read();
    expectProblem(await spec.edit(team.ann, 'Changed.'), 409, 'content_locked');
    await spec.go('amend', team.cat, because).expect(200);
    await spec.edit(team.cat, 'Changed at length.\n').expect(200);
    await spec.request('post', '/sections', team.cat).send({ heading: 'Costs', body: 'None.' }).expect(201);
    await spec.request('delete', '/sections/risks', team.cat).set('if-match', '*').expect(200);
    expect(await spec.read()).toMatchObject({
      lifecycle: 'draft',
      revision: 2,
      inForce: { revision: 1, contentHash: approved.contentHash, lifecycle: 'approved' },
    });
    const inForce = await spec.request('get', '?revision=approved', team.ann).expect(200);
    expect(inForce.body).toMatchObject({ version: approved.version, contentHash: approved.contentHash });
    const section = await spec.request('get', '/sections/risks?revision=approved', team.ann).expect(200);
    expect(section.body).toMatchObject({ body: 'It MUST be fast.\n' });
    expectProblem(await spec.request('get', '?revision=approved&version=1', team.ann), 400, 'invalid_request');
    const { specId } = await SpecOf.begin(team);
    expectProblem(await team.tenant.request('get', `/specs/${specId}?revision=approved`), 404, 'not_found');
    await spec.go('withdraw', team.cat, because).expect(200);
    const back = await spec.read();
    expect(back).toMatchObject({ lifecycle: 'approved', revision: 1, contentHash: approved.contentHash });
    const bodies = (sections: typeof back.sections) => sections.map(({ key, body }) => [key, body]);
    expect(bodies(back.sections)).toEqual(bodies(approved.sections));
  });
});

describe('what goes out of force', () => {
  test('is superseded by an approved spec that says so, and archived once nothing depends on it', async () => {
    const [old, successor, dependent] = [
      await SpecOf.inReview(team),
      await SpecOf.begin(team),
      await SpecOf.begin(team),
    ];
    await old.vote(team.ben);
    const supersede = () => old.go('supersede', team.dan, { successorId: successor.specId });
    expectProblem(await supersede(), 409, 'guard_failed');
    const relate = (spec: SpecOf, type: string) =>
      spec.request('post', '/relations', team.ann).set('if-match', '*').send({ type, relatedSpecId: old.specId });
    await relate(successor, 'supersedes').expect(200);
    expectProblem(await supersede(), 409, 'guard_failed');
    await successor.go('submit', team.ann).expect(200);
    await successor.vote(team.ben);
    await supersede().expect(200);
    await relate(dependent, 'depends_on').expect(200);
    const refused = expectProblem(await old.go('archive', team.dan, because), 409, 'guard_failed');
    expect(refused.dependents).toMatchObject([{ specId: dependent.specId }]);
    await dependent.go('withdraw', team.ann, because).expect(200);
    await old.go('archive', team.dan, because).expect(200);
  });
});
