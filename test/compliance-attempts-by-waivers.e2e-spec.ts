import { expect } from 'vitest';
import {
  adminKeyOf,
  expectNoApprovalBy,
  planted,
  verdictOf,
  waiverBy,
  writeAndPutBack,
} from './support/compliance-attempts.js';
import { because, SpecOf } from './support/reviews.js';
import { publishPack, rule } from './support/rules.js';
import { startService } from './support/service.js';
import { approveWaiver, issueReport, waiverOf } from './support/spec-compliance.js';
import { expectProblem } from './support/specs.js';

expectNoApprovalBy(startService(), {
  'the author asks for a waiver, and takes it for given': async (spec, { ann }) => {
    await waiverBy(spec, ann);
    await issueReport(spec, ann).expect(201);
  },
  'the author approves the own waiver': async (spec, team) => {
    const own = await adminKeyOf(team, team.ann);
    expectProblem(await approveWaiver(spec, await waiverBy(spec, own), own), 403, 'not_permitted');
    await issueReport(spec, own).expect(201);
  },
  'the author approves a waiver that somebody else asked for': async (spec, team) => {
    const waiverId = await waiverBy(spec, team.ben);
    expectProblem(await approveWaiver(spec, waiverId, await adminKeyOf(team, team.ann)), 403, 'not_permitted');
    await issueReport(spec).expect(201);
  },
  'the author approves a waiver by a member made up for it': async (spec, team) => {
    const other = await planted(team, await adminKeyOf(team, team.ann));
    expectProblem(await approveWaiver(spec, await waiverBy(spec, team.ben), other), 403, 'not_permitted');
    await issueReport(spec).expect(201);
  },
  'an admin approves the own waiver, with another key': async (spec, team) => {
    const waiverId = await waiverBy(spec, team.dan);
    expectProblem(await approveWaiver(spec, waiverId, team.dan), 403, 'not_permitted');
    expectProblem(await approveWaiver(spec, waiverId, await adminKeyOf(team, team.dan)), 403, 'not_permitted');
    expectProblem(await approveWaiver(spec, waiverId, await planted(team, team.dan)), 403, 'not_permitted');
    await issueReport(spec).expect(201);
  },
  'an ordinary member approves a waiver': async (spec, { ben, cat }) => {
    expectProblem(await approveWaiver(spec, await waiverBy(spec, ben), cat), 403, 'not_permitted');
    await issueReport(spec).expect(201);
  },
  'an agent approves a waiver, with the key of an admin': async (spec, team) => {
    const agent = await adminKeyOf(team, team.bot);
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
});
