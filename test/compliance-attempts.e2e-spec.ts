import { beforeEach, describe, expect, test } from 'vitest';
import type { Member } from './support/members.js';
import { addMember, issueMemberKey } from './support/members.js';
import { putPolicy } from './support/policies.js';
import type { Team } from './support/reviews.js';
import { because, newTeam, SpecOf } from './support/reviews.js';
import { publishPack, rule } from './support/rules.js';
import { startService } from './support/service.js';
import {
  approveWaiver,
  attest,
  complianceOf,
  issueReport,
  judgeByHouseRule,
  requestWaiver,
  waiverOf,
} from './support/spec-compliance.js';
import { expectProblem } from './support/specs.js';

const service = startService();
const admin = (team: Team, { memberId }: Member) => issueMemberKey(team.tenant, memberId, 'admin');

/** A member made up by an administrator, with a key that came from them. */
async function planted({ tenant }: Team, by: Member, role: 'writer' | 'admin' = 'admin'): Promise<Member> {
  const body = { name: 'Nobody', kind: 'human' };
  const answer = await tenant.request('post', '/members', by.apiKey).send(body).expect(201);
  return issueMemberKey(tenant, (answer.body as { memberId: string }).memberId, role, by.apiKey);
}

const waiverBy = async (spec: SpecOf, who: Member, fields: object = {}): Promise<string> =>
  ((await requestWaiver(spec, who, fields).expect(201)).body as { waiverId: string }).waiverId;

/** Writes on a spec, and leaves the content byte for byte as it was. */
async function writeAndPutBack(spec: SpecOf, who: Member): Promise<void> {
  const { sections, contentHash } = await spec.read();
  const body = sections.find(({ key }) => key === 'tldr')?.body ?? '';
  await spec.edit(who, 'Keep them all.\n').expect(200);
  await spec.edit(who, body).expect(200);
  expect(await spec.read()).toMatchObject({ contentHash });
}

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

const verdictOf = async (spec: SpecOf): Promise<string> =>
  ((await issueReport(spec).expect(201)).body as { verdict: string }).verdict;

/** Ways to come by an approval that the rules do not give. Each leaves the spec as far as it got. */
const attempts: Record<string, (spec: SpecOf, team: Team) => Promise<void>> = {
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
  'the author attests': async (spec, { ann }) => {
    expectProblem(await attest(spec, ann), 403, 'not_permitted');
  },
  'the author attests that the rule is not applicable': async (spec, { ann }) => {
    const fields = { position: 'not_applicable', reasonCode: 'out_of_scope' };
    expectProblem(await attest(spec, ann, fields), 403, 'not_permitted');
  },
  'the author attests with a second key': async (spec, { ann, tenant }) => {
    expectProblem(await attest(spec, await issueMemberKey(tenant, ann.memberId)), 403, 'not_permitted');
  },
  'the author, an admin, attests by a member made up for it': async (spec, team) => {
    expectProblem(await attest(spec, await planted(team, await admin(team, team.ann))), 403, 'not_permitted');
  },
  'an agent attests, with the key of an admin': async (spec, { bot, tenant }) => {
    expectProblem(await attest(spec, await issueMemberKey(tenant, bot.memberId, 'admin')), 403, 'not_permitted');
  },
  'a service attests': async (spec, { tenant }) => {
    const job = await issueMemberKey(tenant, await addMember(tenant, 'Job', 'service'));
    expectProblem(await attest(spec, job), 403, 'not_permitted');
  },
  'a key of no member attests': async (spec, { tenant }) => {
    const key = { name: 'another', role: 'writer', principal: 'human' };
    const { apiKey, keyId } = (await tenant.request('post', '/api-keys').send(key).expect(201)).body as Member;
    expectProblem(await attest(spec, { memberId: keyId, keyId, apiKey }), 403, 'not_permitted');
  },
  'somebody attests who wrote on it': async (spec, { ben }) => {
    await spec.edit(ben, 'Keep them all.\n').expect(200);
    expectProblem(await attest(spec, ben), 403, 'not_permitted');
  },
  'somebody attests, and then writes on it': async (spec, { cat }) => {
    expect((await attest(spec, cat)).status).toBe(201);
    await writeAndPutBack(spec, cat);
    expect(await verdictOf(spec)).toBe('non_compliant');
  },
  'somebody attests before, and writes on it after the report': async (spec, { ann, cat }) => {
    expect((await attest(spec, cat)).status).toBe(201);
    await spec.go('return', ann, because).expect(200);
    await issueReport(spec, ann).expect(201);
    await writeAndPutBack(spec, cat);
    await spec.go('submit', ann).expect(200);
  },
  'the author edits what was attested': async (spec, { ann, cat }) => {
    expect((await attest(spec, cat)).status).toBe(201);
    await issueReport(spec, ann).expect(201);
    await spec.edit(ann, 'Keep them, and sell them.\n').expect(200);
  },
  'the author edits what was attested, and asks for another report': async (spec, { ann, cat }) => {
    expect((await attest(spec, cat)).status).toBe(201);
    await spec.edit(ann, 'Keep them, and sell them.\n').expect(200);
    await issueReport(spec, ann).expect(201);
  },
  'an attestation is sent on what nobody reads any more': async (spec, { ann, cat }) => {
    const { contentHash } = await spec.read();
    await spec.edit(ann, 'Keep them, and sell them.\n').expect(200);
    expectProblem(await attest(spec, cat, { contentHash }), 409, 'content_changed');
  },
  'an attestation of another spec is sent again for this one': async (spec, { cat }) => {
    const other = await SpecOf.begin(spec.team, '# Another\n\n## TLDR\nOther.\n\n## Risks\nNone is known.\n');
    const { contentHash } = await other.read();
    expect((await attest(other, cat)).status).toBe(201);
    expectProblem(await attest(spec, cat, { contentHash }), 409, 'content_changed');
    await issueReport(spec).expect(201);
  },
  'somebody objects, and the author has somebody else attest': async (spec, { ann, ben, cat }) => {
    expect((await attest(spec, ben, { position: 'non_compliant' })).status).toBe(201);
    expect((await attest(spec, cat)).status).toBe(201);
    await issueReport(spec, ann).expect(201);
  },
  'the author takes back the objection of somebody else': async (spec, { ann, ben, cat }) => {
    const objected = await attest(spec, ben, { position: 'non_compliant' });
    const { attestationId } = objected.body as { attestationId: string };
    const withdraw = spec.request('delete', `/compliance-attestations/${attestationId}`, ann);
    expectProblem(await withdraw, 403, 'not_permitted');
    await attest(spec, cat);
    await issueReport(spec, ann).expect(201);
  },
  'an attestation is taken back after the report': async (spec, { ann, cat }) => {
    const { attestationId } = (await attest(spec, cat)).body as { attestationId: string };
    await issueReport(spec, ann).expect(201);
    await spec.request('delete', `/compliance-attestations/${attestationId}`, cat).expect(200);
  },
  'somebody attests who is a member no more': async (spec, { ann, cat, tenant }) => {
    expect((await attest(spec, cat)).status).toBe(201);
    await tenant.request('delete', `/members/${cat.memberId}`).expect(200);
    await issueReport(spec, ann).expect(201);
  },
  'the author asks for a waiver, and takes it for given': async (spec, { ann }) => {
    await waiverBy(spec, ann);
    await issueReport(spec, ann).expect(201);
  },
  'the author approves the own waiver': async (spec, team) => {
    const own = await admin(team, team.ann);
    expectProblem(await approveWaiver(spec, await waiverBy(spec, own), own), 403, 'not_permitted');
    await issueReport(spec, own).expect(201);
  },
  'the author approves a waiver that somebody else asked for': async (spec, team) => {
    const waiverId = await waiverBy(spec, team.ben);
    expectProblem(await approveWaiver(spec, waiverId, await admin(team, team.ann)), 403, 'not_permitted');
    await issueReport(spec).expect(201);
  },
  'the author approves a waiver by a member made up for it': async (spec, team) => {
    const other = await planted(team, await admin(team, team.ann));
    expectProblem(await approveWaiver(spec, await waiverBy(spec, team.ben), other), 403, 'not_permitted');
    await issueReport(spec).expect(201);
  },
  'an admin approves the own waiver, with another key': async (spec, team) => {
    const waiverId = await waiverBy(spec, team.dan);
    expectProblem(await approveWaiver(spec, waiverId, team.dan), 403, 'not_permitted');
    expectProblem(await approveWaiver(spec, waiverId, await admin(team, team.dan)), 403, 'not_permitted');
    expectProblem(await approveWaiver(spec, waiverId, await planted(team, team.dan)), 403, 'not_permitted');
    await issueReport(spec).expect(201);
  },
  'an ordinary member approves a waiver': async (spec, { ben, cat }) => {
    expectProblem(await approveWaiver(spec, await waiverBy(spec, ben), cat), 403, 'not_permitted');
    await issueReport(spec).expect(201);
  },
  'an agent approves a waiver, with the key of an admin': async (spec, team) => {
    const agent = await admin(team, team.bot);
    expectProblem(await approveWaiver(spec, await waiverBy(spec, team.ben), agent), 403, 'not_permitted');
    await issueReport(spec, agent).expect(201);
  },
  'a waiver is for another spec': async (spec) => {
    await waiverOf(await SpecOf.begin(spec.team));
    await issueReport(spec).expect(201);
  },
  'a waiver is for another rule': async (spec, { tenant }) => {
    await publishPack(tenant, 'more', { rules: [rule({ key: 'another', severity: 'advisory' })] }).expect(200);
    await waiverOf(spec, { ruleId: 'more.another' });
    await issueReport(spec).expect(201);
  },
  'a waiver for all specs was approved by who then wrote this one': async (spec, { dan }) => {
    await waiverOf(spec, { specId: null });
    await spec.edit(dan, 'Keep them all.\n').expect(200);
    expect(await verdictOf(spec)).toBe('non_compliant');
  },
  'who approved the waiver writes on the spec after the report': async (spec, { ann, dan }) => {
    await waiverOf(spec);
    await spec.go('return', ann, because).expect(200);
    await issueReport(spec).expect(201);
    await writeAndPutBack(spec, dan);
    await spec.go('submit', ann).expect(200);
  },
  'a waiver is withdrawn after the report': async (spec, { ben, tenant }) => {
    const waiverId = await waiverOf(spec);
    await issueReport(spec).expect(201);
    const withdraw = tenant.request('post', `/compliance/waivers/${waiverId}/withdraw`, ben.apiKey);
    await withdraw.send({ reason: 'It was a mistake.' }).expect(200);
  },
  'a waiver is approved after it was withdrawn': async (spec, { ben, dan, tenant }) => {
    const waiverId = await waiverBy(spec, ben);
    const withdraw = tenant.request('post', `/compliance/waivers/${waiverId}/withdraw`, ben.apiKey);
    await withdraw.send({ reason: 'It was a mistake.' }).expect(200);
    expectProblem(await approveWaiver(spec, waiverId, dan), 409, 'guard_failed');
    await issueReport(spec).expect(201);
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
    const [own, other] = [await admin(team, team.ann), await admin(team, team.ann)];
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
    const own = await admin(team, team.ann);
    await putPolicy(team.tenant, 'house', { complianceVerdict: 'none' }, own.apiKey).expect(200);
  },
  'the author, an admin, publishes weaker rules while it is in review': async (spec, team) => {
    const own = await admin(team, team.ann);
    await publishPack(team.tenant, 'house', { rules: [rule({ severity: 'advisory' })] }, own.apiKey).expect(200);
    expect(await verdictOf(spec)).toBe('compliant');
  },
  'the author, an admin, ends the rules while it is in review': async (_, team) => {
    const other = await planted(team, await admin(team, team.ann));
    const retire = team.tenant.request('post', '/rule-packs/house/retirement', other.apiKey);
    await retire.send({ reason: 'Nobody needs them.' }).expect(200);
  },
  'an agent, an admin, changes the policy': async (_, team) => {
    const agent = await admin(team, team.bot);
    const put = putPolicy(team.tenant, 'house', { complianceVerdict: 'none' }, agent.apiKey);
    expectProblem(await put, 403, 'not_permitted');
  },
  'an agent, an admin, publishes weaker rules': async (_, team) => {
    const agent = await admin(team, team.bot);
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
};

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

  test('and gives it where the rule was attested by somebody else', async () => {
    const spec = await SpecOf.inReview(team);
    expect((await attest(spec, team.cat)).status).toBe(201);
    await issueReport(spec).expect(201);
    expect(await complianceOf(spec)).toMatchObject({ passes: true });
    await spec.vote(team.ben);
    expect(await spec.read()).toMatchObject({ lifecycle: 'approved' });
  });
});
