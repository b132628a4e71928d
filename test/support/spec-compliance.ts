import type { Response, Test } from 'supertest';
import type { Member } from './members.js';
import type { SpecOf, Team } from './reviews.js';
import { publishPack } from './rules.js';
import type { Tenant } from './service.js';

/** The rule of {@link publishPack}: only judgement can decide it. */
export const houseRule = 'house.declared-events';

/** From here on the organization judges its specs by a rule that somebody has to attest. */
export const judgeByHouseRule = (team: Team): Test => publishPack(team.tenant, 'house').expect(200);

export const issueReport = (spec: SpecOf, who: Member = spec.team.ann): Test =>
  spec.request('post', '/compliance-reports', who);

/** On what is there now, unless the fields say otherwise. */
export async function attest(spec: SpecOf, who: Member, fields: object = {}): Promise<Response> {
  const { contentHash } = await spec.read();
  const said = { ruleId: houseRule, position: 'compliant', sentence: 'I looked at every event.' };
  return spec.request('post', '/compliance-attestations', who).send({ ...said, contentHash, ...fields });
}

export const requestWaiver = ({ team, specId }: SpecOf, { apiKey }: Member, fields: object = {}): Test =>
  requestHouseWaiver(team.tenant, { specId, ...fields }, apiKey);

/** For all specs, unless the fields name one. */
export const requestHouseWaiver = (tenant: Tenant, fields: object = {}, apiKey = tenant.apiKey): Test =>
  tenant.request('post', '/compliance/waivers', apiKey).send({
    ruleId: houseRule,
    owner: 'Team Searches',
    reason: 'The events are declared next month.',
    compensatingControl: 'They are checked by hand.',
    expiresAt: new Date(Date.now() + 30 * 86_400_000).toISOString(),
    ...fields,
  });

export const approveWaiver = (spec: SpecOf, waiverId: string, who: Member): Test =>
  spec.team.tenant.request('post', `/compliance/waivers/${waiverId}/approve`, who.apiKey);

/** A waiver that Ben asked for and Dan approved. */
export async function waiverOf(spec: SpecOf, fields: object = {}): Promise<string> {
  const { waiverId } = (await requestWaiver(spec, spec.team.ben, fields).expect(201)).body as { waiverId: string };
  await approveWaiver(spec, waiverId, spec.team.dan).expect(200);
  return waiverId;
}

export type StandingJson = {
  passes: boolean;
  freshness: string;
  why: { code: string }[];
  verdict: string | null;
  reportId: string | null;
  contentHash: string;
  blocking: number;
  rows: { ruleId: string; outcome: string; recommendation: string | null }[];
};

/** What a CI job is told. */
export const complianceOf = async (spec: SpecOf): Promise<StandingJson> =>
  (await spec.request('get', '/compliance', spec.team.ann).expect(200)).body as StandingJson;

/** `fresh`, or why not. */
export async function freshnessOf(spec: SpecOf): Promise<string[]> {
  const { freshness, why } = await complianceOf(spec);
  return freshness === 'stale' ? why.map(({ code }) => code) : [freshness];
}

export type ObstacleJson = { code: string; sentence: string; rows?: { ruleId: string }[] };

/** What no vote outweighs. */
export async function obstaclesOf(spec: SpecOf): Promise<ObstacleJson[]> {
  const answer = await spec.request('get', '/approvability', spec.team.ann).expect(200);
  return (answer.body as { blocking: ObstacleJson[] }).blocking;
}
