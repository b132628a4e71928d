import { beforeAll, describe, expect, test } from 'vitest';
import { join } from './support/members.js';
import type { Team } from './support/reviews.js';
import { because, newTeam, SpecOf } from './support/reviews.js';
import { runOn, startService } from './support/service.js';
import { expectProblem, footprint } from './support/specs.js';

const service = startService();
let team: Team;
beforeAll(async () => {
  team = await newTeam(service.organization);
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
