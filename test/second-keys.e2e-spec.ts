import { beforeAll, describe, expect, test } from 'vitest';
import { issueMemberKey } from './support/members.js';
import type { Team } from './support/reviews.js';
import { newTeam, SpecOf } from './support/reviews.js';
import { startService } from './support/service.js';

describe('A reviewer to whom the author issued a key as well', () => {
  const service = startService();
  let team: Team;
  beforeAll(async () => {
    team = await newTeam(await service.newOrganization());
  });

  test('approves with a key of their own, and with the key of the author never', async () => {
    const { ann, ben, tenant } = team;
    const admin = await issueMemberKey(tenant, ann.memberId, 'admin');
    const fromAnn = await issueMemberKey(tenant, ben.memberId, 'writer', admin.apiKey);
    const spec = await SpecOf.inReview(team);
    await spec.vote(fromAnn);
    const standings = async () => (await spec.votes()).items.map(({ standing }) => standing);
    expect(await standings()).toEqual(['not_counted']);
    expect((await spec.read()).lifecycle).toBe('in_review');
    expect((await spec.vote(ben)).body).toMatchObject({ lifecycle: 'approved' });
  });
});
