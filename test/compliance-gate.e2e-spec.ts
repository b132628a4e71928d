import { beforeEach, describe, expect, test } from 'vitest';
import {
  attest,
  complianceOf,
  freshnessOf,
  houseRule,
  issueReport,
  judgeByHouseRule,
  obstaclesOf,
  waiverOf,
} from './support/spec-compliance.js';
import { Operator } from './support/operations.js';
import { putPolicy } from './support/policies.js';
import type { Team } from './support/reviews.js';
import { newTeam, SpecOf } from './support/reviews.js';
import { publishPack, rule } from './support/rules.js';
import { runOn, startService } from './support/service.js';

const service = startService();
let team: Team;
beforeEach(async () => {
  team = await newTeam(await service.newOrganization());
});

const lifecycle = async (spec: SpecOf) => (await spec.read()).lifecycle;
/** As if the waiver had been given long ago. */
const letExpire = (waiverId: string) =>
  runOn(
    service.databaseUrl,
    `update specline.compliance_waiver set expires_at = '2020-01-01T00:00:00Z' where waiver_id = '${waiverId}'`,
  );

describe('an approval', () => {
  test('takes no report while the organization has no rules of its own', async () => {
    const spec = await SpecOf.inReview(team);
    await spec.vote(team.ben);
    expect(await lifecycle(spec)).toBe('approved');
  });

  test('takes a report from then on, and says so', async () => {
    await judgeByHouseRule(team);
    const spec = await SpecOf.inReview(team);
    await spec.vote(team.ben);
    expect(await lifecycle(spec)).toBe('in_review');
    expect(await obstaclesOf(spec)).toMatchObject([
      { code: 'compliance_not_fresh', sentence: 'The policy asks for a compliance report, and there is none.' },
    ]);
  });

  test('is held up by the rules that block, each with what would help', async () => {
    await publishPack(team.tenant, 'house', { rules: [rule({ recommendation: 'Ask Cat.' })] }).expect(200);
    const spec = await SpecOf.inReview(team);
    await issueReport(spec).expect(201);
    await spec.vote(team.ben);
    const approve = spec.request('post', '/transitions/approve?simulate=true', team.dan).set('if-match', '*');
    const { simulation } = (await approve.expect(200)).body as {
      simulation: { trace: { guard: string; met: boolean }[] };
    };
    expect(simulation.trace.find(({ guard }) => guard === 'policy_met')?.met).toBe(false);
    expect(await obstaclesOf(spec)).toMatchObject([
      {
        code: 'compliance_not_met',
        rows: [{ ruleId: houseRule, outcome: 'needs_attestation', recommendation: 'Ask Cat.' }],
      },
    ]);
    expect(await complianceOf(spec)).toMatchObject({
      passes: false,
      freshness: 'fresh',
      verdict: 'non_compliant',
      blocking: 1,
      rows: [{ ruleId: houseRule, outcome: 'needs_attestation', recommendation: 'Ask Cat.' }],
    });
  });

  test('comes of a vote once the report is compliant', async () => {
    await judgeByHouseRule(team);
    const spec = await SpecOf.inReview(team);
    expect((await attest(spec, team.cat)).status).toBe(201);
    await issueReport(spec).expect(201);
    expect(await complianceOf(spec)).toMatchObject({ passes: true, freshness: 'fresh', verdict: 'compliant' });
    await spec.vote(team.ben);
    expect(await lifecycle(spec)).toBe('approved');
  });

  test('takes a report on exactly this content, title, labels and relations', async () => {
    await judgeByHouseRule(team);
    const spec = await SpecOf.begin(team);
    const other = await SpecOf.begin(team);
    await attest(spec, team.cat, { sections: ['tldr'], contentHash: await hashOfTldr(spec) });
    const changes: [string, () => Promise<unknown>][] = [
      ['content_changed', async () => spec.edit(team.ann, 'It MUST be slow.\n', 'risks').expect(200)],
      ['traits_changed', async () => write('put', '/labels', { labels: ['payments'] })],
      ['traits_changed', async () => write('post', '/relations', { type: 'depends_on', relatedSpecId: other.specId })],
      ['traits_changed', async () => write('put', '/title', { title: 'Kept searches, again' })],
      ['rules_changed', async () => publishPack(team.tenant, 'more', { rules: [rule({ severity: 'advisory' })] })],
    ];
    const write = (method: 'put' | 'post', path: string, body: object) =>
      spec.request(method, path, team.ann).set('if-match', '*').send(body).expect(200);
    for (const [why, change] of changes) {
      await issueReport(spec).expect(201);
      expect(await freshnessOf(spec)).toEqual(['fresh']);
      await change();
      expect(await freshnessOf(spec)).toContain(why);
      expect((await complianceOf(spec)).passes).toBe(false);
    }
  });

  test('comes of the report where the votes are there before it', async () => {
    await judgeByHouseRule(team);
    const spec = await SpecOf.inReview(team);
    await attest(spec, team.cat);
    await spec.vote(team.ben);
    expect(await lifecycle(spec)).toBe('in_review');
    await issueReport(spec).expect(201);
    await expect.poll(() => lifecycle(spec), { timeout: 20_000 }).toBe('approved');
  });

  test('is as a policy asks for it', async () => {
    const { tenant, ben } = team;
    await judgeByHouseRule(team);
    await putPolicy(tenant, 'house', { complianceVerdict: 'none' }).expect(200);
    const without = await SpecOf.inReview(team);
    await without.vote(ben);
    expect(await lifecycle(without)).toBe('approved');

    await putPolicy(tenant, 'house', { complianceVerdict: 'compliant' }).expect(200);
    const waived = await SpecOf.inReview(team);
    await waiverOf(waived);
    await issueReport(waived).expect(201);
    await waived.vote(team.cat);
    expect(await obstaclesOf(waived)).toMatchObject([
      { code: 'compliance_not_met', sentence: 'The policy asks for a spec that is compliant without waivers.' },
    ]);
    expect(await lifecycle(waived)).toBe('in_review');
    const rules = await tenant.request('get', '/review-policies/house').expect(200);
    expect(rules.body).toMatchObject({ rules: { complianceVerdict: 'compliant' } });
  });
});

describe('what is read of compliance', () => {
  test('is what history folds to, and can be rebuilt', async () => {
    await judgeByHouseRule(team);
    const spec = await SpecOf.begin(team);
    await attest(spec, team.cat);
    await waiverOf(spec);
    await issueReport(spec).expect(201);
    await attest(spec, team.ben, { position: 'non_compliant' });
    const tables = { spec_compliance: 'compliance_standing, specline.compliance_report', waiver: 'compliance_waiver' };
    const operator = new Operator(service.databaseUrl);
    try {
      for (const projection of ['spec_compliance', 'waiver'] as const) {
        await operator.succeed('projection.verify', projection);
        await runOn(service.databaseUrl, `truncate specline.${tables[projection]}`);
        await operator.succeed('projection.rebuild', projection);
        await operator.succeed('projection.verify', projection);
      }
    } finally {
      await operator.close();
    }
    expect(await freshnessOf(spec)).toEqual(['rulings_changed']);
    expect((await complianceOf(spec)).verdict).toBe('compliant');
  });
});

describe('a waiver', () => {
  beforeEach(() => judgeByHouseRule(team));

  test('lets a rule pass until it runs out, and then nobody has to act', async () => {
    const spec = await SpecOf.inReview(team);
    const waiverId = await waiverOf(spec);
    const issued = await issueReport(spec).expect(201);
    expect(issued.body).toMatchObject({ verdict: 'compliant_with_waivers' });
    expect(await complianceOf(spec)).toMatchObject({ passes: true, freshness: 'fresh' });
    await letExpire(waiverId);
    expect(await complianceOf(spec)).toMatchObject({ passes: false, freshness: 'stale' });
    expect(await freshnessOf(spec)).toEqual(['waiver_ended']);
    await spec.vote(team.cat);
    expect(await lifecycle(spec)).toBe('in_review');
    expect((await issueReport(spec).expect(201)).body).toMatchObject({ verdict: 'non_compliant' });
  });

  test('that is withdrawn excuses nothing any more, and one that is approved asks for another report', async () => {
    const spec = await SpecOf.begin(team);
    await issueReport(spec).expect(201);
    const waiverId = await waiverOf(spec);
    expect(await freshnessOf(spec)).toEqual(['waiver_approved']);
    await issueReport(spec).expect(201);
    const withdraw = team.tenant.request('post', `/compliance/waivers/${waiverId}/withdraw`, team.ben.apiKey);
    await withdraw.send({ reason: 'The events are declared.' }).expect(200);
    expect(await freshnessOf(spec)).toEqual(['waiver_ended']);
  });

  test('for all specs is one for each of them', async () => {
    const [one, other] = [await SpecOf.begin(team), await SpecOf.begin(team)];
    await waiverOf(one, { specId: null });
    for (const spec of [one, other]) {
      expect((await issueReport(spec).expect(201)).body).toMatchObject({ verdict: 'compliant_with_waivers' });
    }
  });
});

async function hashOfTldr(spec: SpecOf): Promise<string> {
  const { createHash } = await import('node:crypto');
  const { sections } = await spec.read();
  const part = sections
    .filter(({ key }) => key === 'tldr')
    .map((one) => [one.key, `## ${one.heading}\n`, one.contentHash, null]);
  return createHash('sha256').update(JSON.stringify(part)).digest('hex');
}
