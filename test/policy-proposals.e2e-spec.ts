import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { ReviewRulesQueries } from '../src/modules/organizations/review-rules.queries.js';
import type { Member } from './support/members.js';
import { addMember, issueMemberKey, join } from './support/members.js';
import type { PolicyReceipt } from './support/policies.js';
import { putPolicy, readPolicy } from './support/policies.js';
import { newTeam, SpecOf } from './support/reviews.js';
import type { Tenant } from './support/service.js';
import { startService } from './support/service.js';
import { expectProblem } from './support/specs.js';

type Hashed = { properties: { hash: { pattern: string; minLength?: number } } };
type Described = { components: { schemas: Record<'PolicyReceipt' | 'PolicyView', Hashed> } };

const service = startService();
let tenant: Tenant;
beforeEach(async () => {
  tenant = await service.newOrganization();
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
    (await putPolicy(tenant, key, changes, ada.apiKey).expect(200)).body as PolicyReceipt;
  const confirm = (hash: string, { apiKey }: { apiKey: string }, key = 'house') =>
    tenant.request('post', `/review-policies/${key}/confirmation`, apiKey).send({ hash });

  test('changes only when another one confirms exactly what was proposed', async () => {
    const { hash, standing } = await propose();
    expect(standing).toBe('proposed');
    expect(await readPolicy(tenant, 'house')).toMatchObject({
      version: 1,
      rules: { title: 'House rules' },
      proposal: { hash, proposedBy: ada.memberId, rules: { title: 'Lax rules' } },
    });
    expectProblem(await confirm('0'.repeat(64), bob), 409, 'content_changed');
    await confirm(hash, bob).expect(200);
    expect(await readPolicy(tenant, 'house')).toMatchObject({
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
    expect((await readPolicy(tenant, 'house')).version).toBe(1);
  });

  test('is confirmed by no agent, no service and no key without a member', async () => {
    const { hash } = await propose();
    const bot = await join(tenant, 'Bot', { kind: 'agent', role: 'admin' });
    const body = { name: 'human without a member', role: 'admin', principal: 'human' };
    const loose = (await tenant.request('post', '/api-keys').send(body).expect(201)).body as { apiKey: string };
    for (const one of [bot, loose, tenant]) expectProblem(await confirm(hash, one), 403, 'not_permitted');
    expect((await readPolicy(tenant, 'house')).version).toBe(1);
  });

  test('cannot be overtaken by another policy, nor retired, without one', async () => {
    const overtaking = await propose({ priority: 1000, title: 'Lax rules' }, 'fast-lane');
    expect(overtaking.standing).toBe('proposed');
    expect(await readPolicy(tenant, 'fast-lane')).toMatchObject({ version: 0, rules: null });
    const retired = await tenant
      .request('post', '/review-policies/house/retirement', ada.apiKey)
      .send({ reason: 'It is in my way.' })
      .expect(200);
    expect(retired.body).toMatchObject({ standing: 'proposed' });
    const { policies } = await service.app.get(ReviewRulesQueries).load(tenant.organizationId);
    expect(policies.map(({ key, version }) => [key, version])).toEqual([['house', 1]]);
    await confirm((retired.body as PolicyReceipt).hash, bob).expect(200);
    expect((await readPolicy(tenant, 'house')).retiredAt).toMatch(/^\d{4}-/);
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
    const unborn = await readPolicy(tenant, 'unborn');
    const discarding = tenant.request('post', '/review-policies/unborn/discard', bob.apiKey);
    const discarded = (await discarding.send({ reason: 'Too lax for us.' }).expect(200)).body as PolicyReceipt;
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
