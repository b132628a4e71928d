import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import type { PolicyRules } from '../src/commands/review-policy.js';
import { policyHash } from '../src/commands/review-policy.js';
import { ReviewRulesQueries } from '../src/modules/organizations/review-rules.queries.js';
import type { Member } from './support/members.js';
import { addMember, issueMemberKey, join, putGroup } from './support/members.js';
import { putPolicy } from './support/policies.js';
import { newTeam, SpecOf } from './support/reviews.js';
import type { Tenant } from './support/service.js';
import { problemOf, startService } from './support/service.js';
import { expectProblem } from './support/specs.js';

type Receipt = { policyKey: string; policyVersion: number; hash: string; standing: string; version: number };
type View = {
  policyKey: string;
  version: number;
  hash: string;
  rules: PolicyRules | null;
  decidedBy: string[];
  retiredAt: string | null;
  proposal: { hash: string; proposedBy: string; rules: PolicyRules | null } | null;
};

type Hashed = { properties: { hash: { pattern: string; minLength?: number } } };
type Described = { components: { schemas: Record<'PolicyReceipt' | 'PolicyView', Hashed> } };

const service = startService();
let tenant: Tenant;
beforeEach(async () => {
  tenant = await service.newOrganization();
});

const policy = async (key: string) => (await tenant.request('get', `/review-policies/${key}`).expect(200)).body as View;
const rulesInForce = () => service.app.get(ReviewRulesQueries).load(tenant.organizationId);
const versions = async (key: string) => {
  const answer = await tenant.request('get', `/review-policies/${key}/versions`).expect(200);
  return (answer.body as { items: (View & { reason: string })[] }).items;
};

describe('a policy', () => {
  test('is made, read in full, and found by its hash', async () => {
    const receipt = (await putPolicy(tenant, 'house').expect(200)).body as Receipt;
    expect(receipt).toMatchObject({ policyKey: 'house', policyVersion: 1, standing: 'in_force' });
    const { hash, rules, decidedBy } = await policy('house');
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
    const same = (await putPolicy(tenant, 'house', { reason: 'Once more, the same.' }).expect(200)).body as Receipt;
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
    expect((await policy('house')).retiredAt).toMatch(/^\d{4}-/);
    expect((await rulesInForce()).policies).toEqual([]);
    expect((await retire().expect(200)).body).toMatchObject({ version: 2 });
    expect((await putPolicy(tenant, 'house').expect(200)).body).toMatchObject({
      standing: 'in_force',
      policyVersion: 2,
    });
  });

  test('is the built-in one where there is no other, which nobody changes', async () => {
    expect(await policy('default')).toMatchObject({ builtIn: true, version: 1, retiredAt: null });
    const { items } = (await tenant.request('get', '/review-policies').expect(200)).body as { items: View[] };
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

describe('a policy that wants a second administrator', () => {
  let ada: Member;
  let bob: Member;
  beforeEach(async () => {
    ada = await join(tenant, 'Ada', { role: 'admin' });
    bob = await join(tenant, 'Bob', { role: 'admin' });
    await putPolicy(tenant, 'house', { changesNeedSecondAdmin: true }).expect(200);
  });
  const propose = async (changes: object = { title: 'Lax rules' }, key = 'house') =>
    (await putPolicy(tenant, key, changes, ada.apiKey).expect(200)).body as Receipt;
  const confirm = (hash: string, { apiKey }: { apiKey: string }, key = 'house') =>
    tenant.request('post', `/review-policies/${key}/confirmation`, apiKey).send({ hash });

  test('changes only when another one confirms exactly what was proposed', async () => {
    const { hash, standing } = await propose();
    expect(standing).toBe('proposed');
    expect(await policy('house')).toMatchObject({
      version: 1,
      rules: { title: 'House rules' },
      proposal: { hash, proposedBy: ada.memberId, rules: { title: 'Lax rules' } },
    });
    expectProblem(await confirm('0'.repeat(64), bob), 409, 'content_changed');
    await confirm(hash, bob).expect(200);
    expect(await policy('house')).toMatchObject({
      version: 2,
      hash,
      rules: { title: 'Lax rules' },
      decidedBy: [ada.memberId, bob.memberId],
      proposal: null,
    });
  });

  test('is confirmed by nobody who proposed it, by whatever key, nor by a key that came from them', async () => {
    const { hash } = await propose();
    const second = await issueMemberKey(tenant, ada.memberId, 'admin');
    const cat = await addMember(tenant, 'Cat');
    const planted = await issueMemberKey(tenant, cat, 'admin', ada.apiKey);
    for (const one of [ada, second, planted]) expectProblem(await confirm(hash, one), 403, 'not_permitted');
    expect((await policy('house')).version).toBe(1);
  });

  test('is confirmed by no agent, no service and no key without a member', async () => {
    const { hash } = await propose();
    const bot = await join(tenant, 'Bot', { kind: 'agent', role: 'admin' });
    const body = { name: 'human without a member', role: 'admin', principal: 'human' };
    const loose = (await tenant.request('post', '/api-keys').send(body).expect(201)).body as { apiKey: string };
    for (const one of [bot, loose, tenant]) expectProblem(await confirm(hash, one), 403, 'not_permitted');
    expect((await policy('house')).version).toBe(1);
  });

  test('cannot be overtaken by another policy, nor retired, without one', async () => {
    const overtaking = await propose({ priority: 1000, title: 'Lax rules' }, 'fast-lane');
    expect(overtaking.standing).toBe('proposed');
    expect(await policy('fast-lane')).toMatchObject({ version: 0, rules: null });
    const retired = await tenant
      .request('post', '/review-policies/house/retirement', ada.apiKey)
      .send({ reason: 'It is in my way.' })
      .expect(200);
    expect(retired.body).toMatchObject({ standing: 'proposed' });
    expect((await rulesInForce()).policies.map(({ key, version }) => [key, version])).toEqual([['house', 1]]);
    await confirm((retired.body as Receipt).hash, bob).expect(200);
    expect((await policy('house')).retiredAt).toMatch(/^\d{4}-/);
  });

  test('has one proposal at a time, which can be taken back', async () => {
    const { hash } = await propose();
    expect((await propose()).hash).toBe(hash);
    expectProblem(await putPolicy(tenant, 'house', { title: 'Other' }, bob.apiKey), 409, 'policy_change_pending');
    const discard = () =>
      tenant.request('post', '/review-policies/house/discard', bob.apiKey).send({ reason: 'Too lax for us.' });
    expect((await discard().expect(200)).body).toMatchObject({ standing: 'in_force', policyVersion: 1 });
    expectProblem(await discard(), 404, 'not_found');
    expectProblem(await confirm(hash, bob), 404, 'not_found');
  });

  test('is discarded before there was a version, and answered as it is documented', async () => {
    await putPolicy(tenant, 'unborn', {}, ada.apiKey).expect(200);
    const unborn = await policy('unborn');
    const discarding = tenant.request('post', '/review-policies/unborn/discard', bob.apiKey);
    const discarded = (await discarding.send({ reason: 'Too lax for us.' }).expect(200)).body as Receipt;
    expect(discarded).toMatchObject({ standing: 'discarded', policyVersion: 0, hash: '' });
    const { components } = JSON.parse(readFileSync('openapi/openapi.json', 'utf8')) as Described;
    for (const [name, { hash }] of [['PolicyReceipt', discarded] as const, ['PolicyView', unborn] as const]) {
      const { minLength = 0, pattern } = components.schemas[name].properties.hash;
      expect(hash.length).toBeGreaterThanOrEqual(minLength);
      expect(hash).toMatch(new RegExp(pattern));
    }
  });
});

describe('a policy that is tried on a spec', () => {
  test('says what it would come to, in force or proposed, and decides nothing', async () => {
    const team = await newTeam(tenant);
    const spec = await SpecOf.inReview(team);
    const two = { requirements: [{ name: 'two', from: { anyone: true }, count: 2 }], changesNeedSecondAdmin: true };
    const elsewhere = { applies: { labels: ['elsewhere'] } };
    await putPolicy(tenant, 'strict', { ...two, ...elsewhere }).expect(200);
    const three = { requirements: [{ name: 'three', from: { anyone: true }, count: 3 }], ...elsewhere };
    await putPolicy(tenant, 'strict', three).expect(200);
    const tried = (query: string) => spec.request('get', `/approvability${query}`, team.ann);
    const needed = async (query: string) => {
      const answer = await tried(query).expect(200);
      const { policy: by, requirements } = answer.body as {
        policy: { key: string };
        requirements: { needed: number }[];
      };
      return [by.key, requirements[0]?.needed];
    };
    expect(await needed('')).toEqual(['default', 1]);
    expect(await needed('?policy=strict')).toEqual(['strict', 2]);
    expect(await needed('?policy=strict&proposed=true')).toEqual(['strict', 3]);
    for (const query of ['?policy=nowhere', '?policy=default&proposed=true']) {
      expectProblem(await tried(query), 404, 'not_found');
    }
    expect((await spec.vote(team.ben)).body).toMatchObject({ lifecycle: 'approved' });
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
