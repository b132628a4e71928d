import { beforeEach, describe, expect, test } from 'vitest';
import { policyHash } from '../src/commands/review-policy.js';
import { ReviewRulesQueries } from '../src/modules/organizations/review-rules.queries.js';
import { addMember, issueMemberKey, join, putGroup } from './support/members.js';
import type { PolicyJson, PolicyReceipt } from './support/policies.js';
import { putPolicy, readPolicy } from './support/policies.js';
import type { Tenant } from './support/service.js';
import { problemOf, startService } from './support/service.js';
import { expectProblem } from './support/specs.js';

const service = startService();
let tenant: Tenant;
beforeEach(async () => {
  tenant = await service.newOrganization();
});

const rulesInForce = () => service.app.get(ReviewRulesQueries).load(tenant.organizationId);
const versions = async (key: string) => {
  const answer = await tenant.request('get', `/review-policies/${key}/versions`).expect(200);
  return (answer.body as { items: (PolicyJson & { reason: string })[] }).items;
};

describe('a policy', () => {
  test('is made, read in full, and found by its hash', async () => {
    const receipt = (await putPolicy(tenant, 'house').expect(200)).body as PolicyReceipt;
    expect(receipt).toMatchObject({ policyKey: 'house', policyVersion: 1, standing: 'in_force' });
    const { hash, rules, decidedBy } = await readPolicy(tenant, 'house');
    expect(hash).toBe(receipt.hash);
    expect(decidedBy).toEqual([tenant.organizationId]);
    expect(rules).toMatchObject({
      priority: 0,
      blockOnOpenThreads: true,
      requirements: [{ name: 'peer', principals: ['human'], distinctFrom: ['author', 'contributors'], order: 0 }],
    });
    expect(rules && policyHash('house', 1, rules)).toBe(hash);
  });

  test('gets a new version with each change, and keeps every earlier one', async () => {
    await putPolicy(tenant, 'house').expect(200);
    const same = (await putPolicy(tenant, 'house', { reason: 'Once more, the same.' }).expect(200))
      .body as PolicyReceipt;
    expect(same).toMatchObject({ policyVersion: 1, version: 1 });
    await putPolicy(tenant, 'house', { title: 'Other rules', reason: 'They were too lax.' }).expect(200);
    const [second, first, ...others] = await versions('house');
    expect(others).toEqual([]);
    expect(second).toMatchObject({ version: 2, rules: { title: 'Other rules' }, reason: 'They were too lax.' });
    expect(first).toMatchObject({ version: 1, rules: { title: 'House rules' } });
    expect(first?.hash).not.toBe(second?.hash);
    const from = await tenant.request('get', '/review-policies/house/versions?from=1').expect(200);
    expect((from.body as { items: unknown[] }).items).toEqual([first]);
  });

  test('ends, judges nothing more, and can be made again', async () => {
    await putPolicy(tenant, 'house').expect(200);
    const retire = () =>
      tenant.request('post', '/review-policies/house/retirement').send({ reason: 'Nobody needs it.' });
    expect((await retire().expect(200)).body).toMatchObject({ standing: 'retired', policyVersion: 1 });
    expect((await readPolicy(tenant, 'house')).retiredAt).toMatch(/^\d{4}-/);
    expect((await rulesInForce()).policies).toEqual([]);
    expect((await retire().expect(200)).body).toMatchObject({ version: 2 });
    expect((await putPolicy(tenant, 'house').expect(200)).body).toMatchObject({
      standing: 'in_force',
      policyVersion: 2,
    });
  });

  test('is the built-in one where there is no other, which nobody changes', async () => {
    expect(await readPolicy(tenant, 'default')).toMatchObject({ builtIn: true, version: 1, retiredAt: null });
    const { items } = (await tenant.request('get', '/review-policies').expect(200)).body as { items: PolicyJson[] };
    expect(items.map(({ policyKey }) => policyKey)).toEqual(['default']);
    expectProblem(await putPolicy(tenant, 'default'), 422, 'validation_failed');
  });

  test.each([
    ['asks nobody', { requirements: [{ name: 'peer', from: {}, count: 1 }] }, '/requirements/0/from'],
    [
      'has two requirements of a name',
      { requirements: [1, 2].map((count) => ({ name: 'peer', from: { anyone: true }, count })) },
      '/requirements/1/name',
    ],
    [
      'asks owners of nothing',
      { requirements: [{ name: 'owners', from: { sectionOwners: true }, count: 1 }] },
      '/sectionOwners',
    ],
    [
      'asks for no vote',
      { requirements: [{ name: 'peer', from: { anyone: true }, count: 0 }] },
      '/requirements/0/count',
    ],
    ['requires nothing', { requirements: [] }, '/requirements'],
    ['has a pattern of spaces', { applies: { sections: ['a b'] } }, '/applies/sections'],
    ['keeps votes over unknown changes', { keepsVotes: ['everything'] }, '/keepsVotes'],
    ['gives no reason', { reason: 'because' }, '/reason'],
  ])('that %s is refused', async (_, changes, pointer) => {
    const answer = await putPolicy(tenant, 'house', changes);
    expectProblem(answer, 422, 'validation_failed');
    expect(problemOf(answer).errors?.map((error) => error.pointer)).toContain(pointer);
  });
});

describe('who may', () => {
  test('only an administrator who is no agent changes policies; everybody reads them', async () => {
    await putPolicy(tenant, 'house').expect(200);
    const writer = await join(tenant, 'Ada');
    const bot = await join(tenant, 'Bot', { kind: 'agent', role: 'admin' });
    for (const { apiKey } of [writer, bot]) {
      expectProblem(await putPolicy(tenant, 'house', { title: 'Mine' }, apiKey), 403, 'not_permitted');
      const retire = tenant.request('post', '/review-policies/house/retirement', apiKey);
      expectProblem(await retire.send({ reason: 'It is in my way.' }), 403, 'not_permitted');
      await tenant.request('get', '/review-policies/house', apiKey).expect(200);
    }
  });

  test('nothing of it is found in another organization', async () => {
    await putPolicy(tenant, 'house').expect(200);
    const other = await service.newOrganization();
    for (const path of ['/review-policies/house', '/review-policies/house/versions']) {
      expectProblem(await other.request('get', path), 404, 'not_found');
    }
    for (const [path, body] of Object.entries({
      confirmation: { hash: '0'.repeat(64) },
      discard: { reason: 'It is not mine.' },
      retirement: { reason: 'It is not mine.' },
    })) {
      expectProblem(await other.request('post', `/review-policies/house/${path}`).send(body), 404, 'not_found');
    }
  });
});

describe('the rules of reviews', () => {
  test('are those in force, first things first, with members, groups and the ways of keys', async () => {
    const ada = await join(tenant, 'Ada', { role: 'admin' });
    const bob = await issueMemberKey(tenant, await addMember(tenant, 'Bob'), 'writer', ada.apiKey);
    await putGroup(tenant, 'security', [bob.memberId]).expect(200);
    await putPolicy(tenant, 'a-late', { priority: 1 }).expect(200);
    await putPolicy(tenant, 'z-early', { priority: 2 }).expect(200);
    const { policies, members, keys } = await rulesInForce();
    expect(policies.map(({ key }) => key)).toEqual(['z-early', 'a-late']);
    expect(policies[0]?.decidedBy).toEqual([tenant.organizationId]);
    expect(members).toEqual(
      new Map([
        [ada.memberId, { kind: 'human', groups: [] }],
        [bob.memberId, { kind: 'human', groups: ['security'] }],
      ]),
    );
    expect(new Set(keys.get(bob.keyId)?.issuers)).toEqual(new Set([ada.memberId, tenant.organizationId, 'operator']));
  });

  test('are never older than the last change, and are carried once', async () => {
    const first = await rulesInForce();
    expect(await rulesInForce()).toBe(first);
    const ada = await addMember(tenant, 'Ada');
    expect((await rulesInForce()).members.has(ada)).toBe(true);
    await putPolicy(tenant, 'house').expect(200);
    expect((await rulesInForce()).policies).toHaveLength(1);
    await tenant.request('delete', `/members/${ada}`).expect(200);
    expect((await rulesInForce()).members.size).toBe(0);
  });
});
