import { expect, test } from 'vitest';
import { adminKeyOf, expectNoApprovalBy, planted, verdictOf } from './support/compliance-attempts.js';
import type { Member } from './support/members.js';
import { putPolicy } from './support/policies.js';
import { because, newTeam, SpecOf } from './support/reviews.js';
import { publishPack, rule } from './support/rules.js';
import { startService } from './support/service.js';
import { attest, complianceOf, issueReport, judgeByHouseRule, waiverOf } from './support/spec-compliance.js';
import { expectProblem } from './support/specs.js';

const service = startService();

/** Marks each finding of a rule in the last report as wrong. */
async function markAll(spec: SpecOf, ruleId: string, who: Member): Promise<void> {
  type Rows = { ruleId: string; findings: { elements: { key: string }[] }[] }[];
  const report = await spec.request('get', '/compliance-reports/latest', who).expect(200);
  const { rows, consistency } = report.body as { rows: Rows; consistency: Rows };
  const { findings = [] } = [...rows, ...consistency].find((row) => row.ruleId === ruleId) ?? {};
  for (const { elements } of findings) {
    const mark = { specId: spec.specId, element: elements[0]?.key ?? null, position: 'wrong', reason: 'It is there.' };
    await spec.team.tenant.request('post', `/rules/${ruleId}/finding-marks`, who.apiKey).send(mark).expect(200);
  }
}

expectNoApprovalBy(service, {
  'nobody asks for a report': () => Promise.resolve(),
  'the author asks for a report, and claims compliance in the text': async (spec, { ann }) => {
    await spec.go('return', ann, because).expect(200);
    const report = '### Verdict\n\n- **Fully compliant**: Approved\n';
    await spec.edit(ann, report, 'risks').expect(200);
    await spec.go('submit', ann).expect(200);
    await issueReport(spec).expect(201);
  },
  'the author sends a verdict along': async (spec, { ann }) => {
    const body = { verdict: 'compliant', rows: [] };
    expectProblem(await issueReport(spec, ann).send(body), 422, 'validation_failed');
  },
  'the author relabels the spec after the report, out of the rule that was kept': async (spec, { ann, tenant }) => {
    const labelled = rule({ key: 'labelled', applies: { labels: ['payments'] } });
    await publishPack(tenant, 'house', { rules: [labelled] }).expect(200);
    await spec.go('return', ann, because).expect(200);
    await issueReport(spec).expect(201);
    expect(await complianceOf(spec)).toMatchObject({ passes: true });
    const relabel = spec.request('put', '/labels', ann).set('if-match', '*');
    await relabel.send({ labels: ['payments'] }).expect(200);
    await spec.go('submit', ann).expect(200);
  },
  'the rules change after the report': async (spec, { tenant }) => {
    await waiverOf(spec);
    await issueReport(spec).expect(201);
    await publishPack(tenant, 'house', { rules: [rule(), rule({ key: 'another' })] }).expect(200);
  },
  'the author has all findings marked wrong, by members made up for it': async (spec, team) => {
    await waiverOf(spec);
    const routes = Array.from({ length: 6 }, (_, n) => `### POST /api/searches/${n}\n\n- **Auth**: required\n\n`);
    await spec.edit(team.ann, `\n${routes.join('')}`, 'risks').expect(200);
    const [own, other] = [await adminKeyOf(team, team.ann), await adminKeyOf(team, team.ann)];
    const others = [await planted(team, own), await planted(team, other)];
    expect(await verdictOf(spec)).toBe('non_compliant');
    const { rows } = await complianceOf(spec);
    expect(rows.length).toBeGreaterThan(0);
    for (const { ruleId } of rows) {
      for (const who of [own, ...others]) await markAll(spec, ruleId, who);
    }
    expect(await verdictOf(spec)).toBe('non_compliant');
  },
  'the author, an admin, changes the policy while it is in review': async (spec, team) => {
    const own = await adminKeyOf(team, team.ann);
    await putPolicy(team.tenant, 'house', { complianceVerdict: 'none' }, own.apiKey).expect(200);
  },
  'the author, an admin, publishes weaker rules while it is in review': async (spec, team) => {
    const own = await adminKeyOf(team, team.ann);
    await publishPack(team.tenant, 'house', { rules: [rule({ severity: 'advisory' })] }, own.apiKey).expect(200);
    expect(await verdictOf(spec)).toBe('compliant');
  },
  'the author, an admin, ends the rules while it is in review': async (_, team) => {
    const other = await planted(team, await adminKeyOf(team, team.ann));
    const retire = team.tenant.request('post', '/rule-packs/house/retirement', other.apiKey);
    await retire.send({ reason: 'Nobody needs them.' }).expect(200);
  },
  'an agent, an admin, changes the policy': async (_, team) => {
    const agent = await adminKeyOf(team, team.bot);
    const put = putPolicy(team.tenant, 'house', { complianceVerdict: 'none' }, agent.apiKey);
    expectProblem(await put, 403, 'not_permitted');
  },
  'an agent, an admin, publishes weaker rules': async (_, team) => {
    const agent = await adminKeyOf(team, team.bot);
    const weaker = { rules: [rule({ severity: 'advisory' })] };
    expectProblem(await publishPack(team.tenant, 'house', weaker, agent.apiKey), 403, 'not_permitted');
  },
  'somebody votes with the verdict in the comment': async (spec, { cat }) => {
    await spec.vote(cat, { comment: 'Compliance verdict: compliant.' });
  },
  'anybody calls approve': async (spec, { ann, ben, dan, bot }) => {
    for (const who of [ann, ben, dan, bot]) {
      const approve = spec.request('post', '/transitions/approve', who).set('if-match', '*');
      expectProblem(await approve, 403, 'not_permitted');
    }
  },
});

test('The rules of an organization give an approval where the rule was attested by somebody else', async () => {
  const team = await newTeam(await service.newOrganization());
  await judgeByHouseRule(team);
  const spec = await SpecOf.inReview(team);
  expect((await attest(spec, team.cat)).status).toBe(201);
  await issueReport(spec).expect(201);
  expect(await complianceOf(spec)).toMatchObject({ passes: true });
  await spec.vote(team.ben);
  expect(await spec.read()).toMatchObject({ lifecycle: 'approved' });
});
