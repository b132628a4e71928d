import { beforeEach, describe, expect, test } from 'vitest';
import type { Member } from './support/members.js';
import { addMember, issueMemberKey, join, putGroup } from './support/members.js';
import { putPolicy } from './support/policies.js';
import type { Team } from './support/reviews.js';
import { because, newTeam, SpecOf } from './support/reviews.js';
import { runOn, startService } from './support/service.js';
import { expectProblem, readEvents, typesOf } from './support/specs.js';

type Override = {
  overrideId: string;
  specId: string;
  standing: string;
  unmet: string[];
  usedBy: { id: string; name: string };
  reviewedBy: { id: string; name: string } | null;
};

const service = startService();
let team: Team;
beforeEach(async () => {
  team = await newTeam(await service.newOrganization());
  const { tenant, ben, bot, ann } = team;
  await putGroup(tenant, 'on-call', [ann.memberId, ben.memberId, bot.memberId]).expect(200);
  const twoOfThem = [{ name: 'peers', from: { anyone: true }, count: 2 }];
  await putPolicy(tenant, 'house', { requirements: twoOfThem, overrideGroups: ['on-call'] }).expect(200);
});

const use = async (spec: SpecOf, who: Member, fields: object = {}, query = '') => {
  const { contentHash } = await spec.read();
  const body = { contentHash, reason: 'Payments are down tonight.', expiresInHours: 24, ...fields };
  return spec.request('post', `/overrides${query}`, who).send(body);
};
const review = (spec: SpecOf, overrideId: string, who: Member, upheld = true) =>
  spec
    .request('post', `/overrides/${overrideId}/review`, who)
    .send({ upheld, conclusion: 'We looked at it in the morning.' });
const overrides = async (path = '/overrides'): Promise<Override[]> =>
  ((await team.tenant.request('get', path).expect(200)).body as { items: Override[] }).items;
const overridden = async () => {
  const spec = await SpecOf.inReview(team);
  const answer = await use(spec, team.ben);
  expect(answer.status).toBe(201);
  return { spec, overrideId: (answer.body as { overrideId: string }).overrideId };
};
/** As if the override had been used long ago. */
const letExpire = (specId: string) =>
  runOn(
    service.databaseUrl,
    `update specline.spec set review = jsonb_set(review, '{overrides,0,expiresAt}', '"2020-01-01T00:00:00.000Z"') where spec_id = '${specId}'`,
  );

describe('an override', () => {
  test('approves, says that it did and what was missing, and shows up until somebody else has reviewed it', async () => {
    const { spec, overrideId } = await overridden();
    expect(await spec.read()).toMatchObject({
      lifecycle: 'approved',
      inForce: { revision: 1, policy: { key: 'house', version: 1 }, overrideId },
    });
    const events = await readEvents(team.tenant, spec.specId, 2);
    expect(typesOf(events)).toEqual(['spec.override.used', 'spec.lifecycle.approved']);
    expect(events[1]).toMatchObject({ data: { overrideId, voteIds: [] } });
    expect(events[0]).toMatchObject({
      actor: { id: team.ben.memberId },
      data: { authentication: { keyId: team.ben.keyId } },
    });
    expect(await overrides('/overrides?reviewed=false')).toMatchObject([
      {
        overrideId,
        specId: spec.specId,
        standing: 'waits_for_review',
        usedBy: { id: team.ben.memberId, name: 'Ben' },
        reviewedBy: null,
        unmet: ['peers: 2 more approvals are needed by a human, other than the author and contributors.'],
      },
    ]);
    await review(spec, overrideId, team.cat).expect(200);
    expect(await overrides('/overrides?reviewed=false')).toEqual([]);
    expect(await overrides(`/specs/${spec.specId}/overrides`)).toMatchObject([
      { standing: 'upheld', reviewedBy: { id: team.cat.memberId, name: 'Cat' } },
    ]);
    await spec.go('start', team.ann, because).expect(200);
  });

  test('is listed page by page, the oldest first', async () => {
    const used = [await overridden(), await overridden(), await overridden()].map(({ overrideId }) => overrideId);
    const [paged, lengths]: [string[], number[]] = [[], []];
    for (let next: string | null = ''; next !== null;) {
      const path: string = `/overrides?reviewed=false&limit=2${next && `&cursor=${next}`}`;
      const answer = (await team.tenant.request('get', path).expect(200)).body as {
        items: Override[];
        page: { next: string | null };
      };
      paged.push(...answer.items.map(({ overrideId }) => overrideId));
      lengths.push(answer.items.length);
      next = answer.page.next;
    }
    expect([paged, lengths]).toEqual([used, [2, 1]]);
    const { page } = (await team.tenant.request('get', '/overrides?limit=1')).body as { page: { next: string } };
    const elsewhere = await team.tenant.request('get', `/overrides?reviewed=true&limit=1&cursor=${page.next}`);
    expectProblem(elsewhere, 400, 'invalid_cursor');
  });

  test('is tried without being used', async () => {
    const spec = await SpecOf.inReview(team);
    const tried = await use(spec, team.ben, {}, '?simulate=true');
    expect(tried.body).toMatchObject({
      simulation: { allowed: true, events: ['spec.override.used', 'spec.lifecycle.approved'] },
    });
    const refused = await use(spec, team.cat, {}, '?simulate=true');
    expect(refused.body).toMatchObject({ simulation: { allowed: false, refusal: { code: 'not_permitted' } } });
    expect(await spec.read()).toMatchObject({ lifecycle: 'in_review' });
  });

  test('is for humans whom the policy trusts with it, who did not write the spec', async () => {
    const { tenant, ann, ben, cat, bot, dan } = team;
    const spec = await SpecOf.inReview(team);
    await issueMemberKey(tenant, ann.memberId, 'admin');
    const admin = await issueMemberKey(tenant, ann.memberId, 'admin');
    const eve = await addMember(tenant, 'Eve');
    await putGroup(tenant, 'on-call', [ann.memberId, ben.memberId, bot.memberId, eve]).expect(200);
    const planted = await issueMemberKey(tenant, eve, 'writer', admin.apiKey);
    for (const who of [ann, admin, planted, cat, dan, bot]) {
      expectProblem(await use(spec, who), 403, 'not_permitted');
    }
    expect(await spec.read()).toMatchObject({ lifecycle: 'in_review' });
  });

  test('is used by nobody where the policy trusts nobody with it', async () => {
    await putPolicy(team.tenant, 'house', { title: 'No emergencies' }).expect(200);
    expectProblem(await use(await SpecOf.inReview(team), team.ben), 403, 'not_permitted');
  });

  test('is of what is in review, as it was read', async () => {
    const spec = await SpecOf.inReview(team);
    expectProblem(await use(spec, team.ben, { contentHash: '0'.repeat(64) }), 409, 'content_changed');
    expectProblem(await use(await SpecOf.begin(team), team.ben), 409, 'review_not_open');
  });

  test('is reviewed once, by a human member who did not use it, by whatever key', async () => {
    const { tenant, ben, bot, cat } = team;
    const { spec, overrideId } = await overridden();
    const second = await issueMemberKey(tenant, ben.memberId, 'admin');
    const planted = await issueMemberKey(tenant, await addMember(tenant, 'Eve'), 'writer', second.apiKey);
    for (const who of [ben, second, planted, bot]) {
      expectProblem(await review(spec, overrideId, who), 403, 'not_permitted');
    }
    expectProblem(await review(spec, spec.specId, cat), 404, 'not_found');
    await review(spec, overrideId, cat).expect(200);
    expectProblem(await review(spec, overrideId, cat, false), 409, 'guard_failed');
  });

  test('that is not upheld carries nothing any more', async () => {
    const { spec, overrideId } = await overridden();
    await review(spec, overrideId, team.cat, false).expect(200);
    const refused = await spec.go('start', team.ann, because);
    expectProblem(refused, 409, 'guard_failed');
    expect(refused.body).toMatchObject({ guard: 'override_stands', overrideId });
  });

  test('that nobody reviewed in time is shown as expired, until somebody does', async () => {
    const { spec } = await overridden();
    await letExpire(spec.specId);
    expect(await overrides('/overrides?reviewed=false')).toMatchObject([{ standing: 'expired' }]);
  });

  test('permits what it approved until it expires or is not upheld', async () => {
    const permit = (spec: SpecOf) => spec.request('get', '/permit', team.bot);
    const { spec, overrideId } = await overridden();
    const { permit: token } = (await permit(spec).expect(200)).body as { permit: string };
    const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
    expect(JSON.parse(claims)).toMatchObject({ sub: spec.specId, overrideId });
    await letExpire(spec.specId);
    expectProblem(await permit(spec), 409, 'not_approved');
    await review(spec, overrideId, team.cat).expect(200);
    await permit(spec).expect(200);

    const other = await overridden();
    await review(other.spec, other.overrideId, team.cat, false).expect(200);
    expectProblem(await permit(other.spec), 409, 'not_approved');
  });

  test('waits for the review of the last one', async () => {
    const { spec, overrideId } = await overridden();
    await spec.go('amend', team.ann, because).expect(200);
    await spec.edit(team.ann, 'Everything MUST be deleted.\n').expect(200);
    await spec.go('submit', team.ann).expect(200);
    expectProblem(await use(spec, team.ben), 409, 'guard_failed');
    await review(spec, overrideId, team.cat).expect(200);
    expect((await use(spec, team.ben)).status).toBe(201);
    expect(await overrides()).toHaveLength(2);
  });

  test('is seen by nobody else', async () => {
    const { spec, overrideId } = await overridden();
    const other = await service.newOrganization();
    const eve = await join(other, 'Eve');
    expect((await other.request('get', '/overrides').expect(200)).body).toMatchObject({ items: [] });
    expectProblem(await other.request('get', `/specs/${spec.specId}/overrides`), 404, 'not_found');
    const path = `/specs/${spec.specId}/overrides/${overrideId}/review`;
    const foreign = other.request('post', path, eve.apiKey).send({ upheld: true, conclusion: 'It is not mine.' });
    expectProblem(await foreign, 404, 'not_found');
  });
});
