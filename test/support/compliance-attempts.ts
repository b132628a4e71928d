import { beforeEach, describe, expect, test } from 'vitest';
import type { Member } from './members.js';
import { issueMemberKey } from './members.js';
import type { Team } from './reviews.js';
import { newTeam, SpecOf } from './reviews.js';
import type { Service } from './service.js';
import { issueReport, judgeByHouseRule, requestWaiver } from './spec-compliance.js';

/** Ways to come by an approval that the rules do not give. Each leaves the spec as far as it got. */
export type ComplianceAttempts = Record<string, (spec: SpecOf, team: Team) => Promise<void>>;

/** A test for each attempt, after which everybody votes for it. */
export function expectNoApprovalBy(service: Service, attempts: ComplianceAttempts): void {
  describe('The rules of an organization give no approval to a spec that breaks them, when', () => {
    let team: Team;
    beforeEach(async () => {
      team = await newTeam(await service.newOrganization());
      await judgeByHouseRule(team);
    });

    test.each(Object.entries(attempts))('%s', async (_, attempt) => {
      const spec = await SpecOf.inReview(team);
      await attempt(spec, team);
      for (const who of [team.ben, team.dan, team.cat]) await spec.vote(who).catch(() => undefined);
      expect(await spec.read()).toMatchObject({ lifecycle: 'in_review' });
    });
  });
}

/** A key with which a member administrates. */
export const adminKeyOf = (team: Team, { memberId }: Member): Promise<Member> =>
  issueMemberKey(team.tenant, memberId, 'admin');

/** A member made up by an administrator, with a key that came from them. */
export async function planted({ tenant }: Team, by: Member, role: 'writer' | 'admin' = 'admin'): Promise<Member> {
  const body = { name: 'Nobody', kind: 'human' };
  const answer = await tenant.request('post', '/members', by.apiKey).send(body).expect(201);
  return issueMemberKey(tenant, (answer.body as { memberId: string }).memberId, role, by.apiKey);
}

export const waiverBy = async (spec: SpecOf, who: Member, fields: object = {}): Promise<string> =>
  ((await requestWaiver(spec, who, fields).expect(201)).body as { waiverId: string }).waiverId;

/** Writes on a spec, and leaves the content byte for byte as it was. */
export async function writeAndPutBack(spec: SpecOf, who: Member): Promise<void> {
  const { sections, contentHash } = await spec.read();
  const body = sections.find(({ key }) => key === 'tldr')?.body ?? '';
  await spec.edit(who, 'Keep them all.\n').expect(200);
  await spec.edit(who, body).expect(200);
  expect(await spec.read()).toMatchObject({ contentHash });
}

export const verdictOf = async (spec: SpecOf): Promise<string> =>
  ((await issueReport(spec).expect(201)).body as { verdict: string }).verdict;
