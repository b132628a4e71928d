import { expect } from 'vitest';
import { adminKeyOf, expectNoApprovalBy, planted, verdictOf, writeAndPutBack } from './support/compliance-attempts.js';
import type { Member } from './support/members.js';
import { addMember, issueMemberKey } from './support/members.js';
import { because, SpecOf } from './support/reviews.js';
import { startService } from './support/service.js';
import { attest, issueReport } from './support/spec-compliance.js';
import { expectProblem } from './support/specs.js';

expectNoApprovalBy(startService(), {
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
    expectProblem(await attest(spec, await planted(team, await adminKeyOf(team, team.ann))), 403, 'not_permitted');
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
});
