import { expect } from 'vitest';
import { issueMemberKey, join } from './support/members.js';
import { putPolicy } from './support/policies.js';
import { expectNoApprovalBy, normative, twoPeople } from './support/review-attempts.js';
import { startService } from './support/service.js';
import { expectProblem } from './support/specs.js';

expectNoApprovalBy(startService(), {
  'the author votes': async (spec, { ann }) => {
    expect((await spec.vote(ann)).status).toBe(201);
  },
  'the author votes with a second key': async (spec, { ann, tenant }) => {
    expect((await spec.vote(await issueMemberKey(tenant, ann.memberId))).status).toBe(201);
  },
  'the author, an admin, votes by a member made up for it': async (spec, { ann, tenant }) => {
    const admin = await issueMemberKey(tenant, ann.memberId, 'admin');
    const body = { name: 'Nobody', kind: 'human' };
    const added = await tenant.request('post', '/members', admin.apiKey).send(body).expect(201);
    const { memberId } = added.body as { memberId: string };
    expect((await spec.vote(await issueMemberKey(tenant, memberId, 'writer', admin.apiKey))).status).toBe(201);
  },
  'the author votes with a key of no member': async (spec, { ann, tenant }) => {
    const admin = await issueMemberKey(tenant, ann.memberId, 'admin');
    const key = { name: 'another', role: 'writer', principal: 'human' };
    const issued = await tenant.request('post', '/api-keys', admin.apiKey).send(key).expect(201);
    const { apiKey, keyId } = issued.body as { apiKey: string; keyId: string };
    expect((await spec.vote({ memberId: keyId, keyId, apiKey })).status).toBe(201);
  },
  'somebody who wrote on it votes': async (spec, { ben }) => {
    await spec.edit(ben, normative).expect(200);
    expect((await spec.vote(ben)).status).toBe(201);
  },
  'an agent votes, on behalf of a person': async (spec, { bot }) => {
    expect((await spec.vote(bot, { onBehalfOf: 'Ben' })).status).toBe(201);
  },
  'an agent with the key of an admin votes': async (spec, { bot, tenant }) => {
    expect((await spec.vote(await issueMemberKey(tenant, bot.memberId, 'admin'))).status).toBe(201);
  },
  'many agents and services vote': async (spec, { tenant }) => {
    for (const kind of ['agent', 'service', 'agent', 'service'] as const) {
      expect((await spec.vote(await join(tenant, `A ${kind}`, { kind }))).status).toBe(201);
    }
  },
  'a vote names another principal': async (spec, { ann, ben, dan }) => {
    for (const forged of [
      { principalId: ben.memberId },
      { principalKind: 'human' },
      { caller: { actor: { id: dan.memberId, kind: 'human', name: 'Dan' } } },
      { facts: { policy: null } },
      { voteId: spec.specId },
      { simulate: 'false' },
    ]) {
      expectProblem(await spec.vote(ann, forged), 422, 'validation_failed');
    }
  },
  'somebody asks for a key of the system': async (_spec, { dan, tenant }) => {
    for (const body of [
      { name: 'system', role: 'admin', principal: 'system' },
      { name: 'system', role: 'admin', memberId: 'system' },
    ]) {
      expectProblem(await tenant.request('post', '/api-keys', dan.apiKey).send(body), 422, 'validation_failed');
    }
  },
  'one person votes as often as the policy wants votes': async (spec, { ben, tenant }) => {
    await putPolicy(tenant, 'two', twoPeople).expect(200);
    const second = await issueMemberKey(tenant, ben.memberId);
    for (const who of [ben, second, ben]) expect((await spec.vote(who)).status).toBe(201);
  },
});
