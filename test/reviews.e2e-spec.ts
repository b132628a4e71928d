import { beforeAll, describe, expect, test } from 'vitest';
import type { Team } from './support/reviews.js';
import { newTeam, SpecOf } from './support/reviews.js';
import { startService } from './support/service.js';
import { expectProblem, readEvents, typesOf } from './support/specs.js';

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
