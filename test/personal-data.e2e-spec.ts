import { createHash } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createApp } from '../src/app.js';
import { subjectOfToken } from '../src/modules/event-store/personal-token.js';
import { SubjectKeys } from '../src/modules/event-store/subject-keys.js';
import {
  assignOwner,
  createOwned,
  erase,
  everythingStored,
  issueKey,
  keyNames,
  ownersListed,
  ownerStored,
  sendBack,
} from './support/persons.js';
import type { Tenant } from './support/service.js';
import { masterKey, runOn, startService } from './support/service.js';
import { readEvents, readSpec } from './support/specs.js';

const service = startService();
/** Another process on the same database. */
let second: NestFastifyApplication;
let tenant: Tenant;

beforeAll(async () => {
  const { databaseUrl } = service;
  second = await createApp({ databaseUrl, masterKey, operatorKey: undefined, databaseConnections: 10 });
});
afterAll(() => second.close());
beforeEach(async () => {
  tenant = await service.newOrganization();
});

const rowsOf = async (statement: string) => (await runOn(service.databaseUrl, statement)).rows;

describe('who is named', () => {
  test('is read where it was written, and stands nowhere in the database', async () => {
    const apiKey = await issueKey(tenant, 'Grace Hopper');
    const body = { title: 'Owned', owner: 'Ada Lovelace' };
    const created = await tenant.request('post', '/specs', apiKey).set('idempotency-key', 'k1').send(body).expect(201);
    const { specId } = created.body as { specId: string };
    const { sections, ...spec } = await readSpec(tenant, specId);
    const change = { sections, owner: 'Katherine Johnson' };
    await tenant.request('put', `/specs/${specId}`, apiKey).set('if-match', '*').send(change).expect(200);
    const batched = { commands: [{ name: 'spec.document.assign_owner', body: { owner: 'Mary Jackson' } }] };
    await tenant.request('post', `/specs/${specId}/commands`).set('if-match', '*').send(batched).expect(200);
    await tenant.request('get', '/specs?q=owned').expect(200);

    expect(spec.owner).toBe('Ada Lovelace');
    expect((await readSpec(tenant, specId)).owner).toBe('Mary Jackson');
    expect((await readSpec(tenant, specId, '?version=2')).owner).toBe('Katherine Johnson');
    expect((await readSpec(tenant, specId, '?version=1')).owner).toBe('Ada Lovelace');
    expect(await ownersListed(tenant)).toEqual(['Mary Jackson']);
    expect(await keyNames(tenant)).toEqual(['first key', 'Grace Hopper']);
    expect(await readEvents(tenant, specId)).toMatchObject([
      { type: 'spec.document.created', actor: { name: 'Grace Hopper' }, data: { owner: 'Ada Lovelace' } },
      { type: 'spec.document.owner_assigned', actor: { name: 'Grace Hopper' }, data: { owner: 'Katherine Johnson' } },
      { type: 'spec.document.owner_assigned', actor: { name: 'first key' }, data: { owner: 'Mary Jackson' } },
    ]);
    expect(await everythingStored(service)).not.toMatch(/Lovelace|Hopper|Johnson|Jackson/i);
  });

  test('cannot be found out by trying digests of what was asked', async () => {
    const body = { title: 'Owned', owner: 'Ada Lovelace' };
    await tenant.request('post', '/specs').set('idempotency-key', 'k2').send(body).expect(201);
    const request = `POST\n/v1/organizations/${tenant.organizationId}/specs\napplication/json\n${JSON.stringify(body)}`;
    const text = await everythingStored(service);
    for (const guess of [request, JSON.stringify(body), 'Ada Lovelace', 'ada lovelace']) {
      expect(text).not.toContain(createHash('sha256').update(guess).digest('hex'));
    }
  });

  test('is the same person whatever the case, and still reads as it was written', async () => {
    const [one, other] = [await createOwned(tenant, 'Ada Lovelace'), await createOwned(tenant, ' ada LOVELACE')];
    expect((await readSpec(tenant, other)).owner).toBe(' ada LOVELACE');
    const subjects = [await ownerStored(service, one), await ownerStored(service, other)].map((token) =>
      subjectOfToken(String(token)),
    );
    expect(new Set(subjects).size).toBe(1);
    expect(subjects[0]).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('is found by the name, and by no token', async () => {
    const specId = await createOwned(tenant, 'Ada Lovelace');
    await createOwned(tenant, 'Grace Hopper');
    expect(await ownersListed(tenant, 'owner=Ada%20Lovelace')).toEqual(['Ada Lovelace']);
    expect(await ownersListed(tenant, 'owner=Nobody')).toEqual([]);
    expect(await ownersListed(tenant, `owner=${await ownerStored(service, specId)}`)).toEqual([]);
    expect(
      await rowsOf(`select from specline.subject_key where organization_id = '${tenant.organizationId}'`),
    ).toHaveLength(2);
  });

  test('does not change by being said again', async () => {
    const specId = await createOwned(tenant, 'Ada Lovelace');
    await assignOwner(tenant, specId, 'Ada Lovelace');
    await sendBack(tenant, specId);
    expect(await readEvents(tenant, specId)).toHaveLength(1);
  });

  test('is a name, even one that looks like a token of somebody else', async () => {
    const token = await ownerStored(service, await createOwned(tenant, 'Ada Lovelace'));
    const answer = await tenant.request('post', '/api-keys').send({ name: token, role: 'reader' }).expect(201);
    expect(answer.body).toHaveProperty('apiKey');
    expect(await keyNames(tenant)).toEqual(['first key', token]);
    await erase(tenant, { person: 'Ada Lovelace' });
    expect(await keyNames(tenant)).toEqual(['first key', token]);
  });

  test('is one person, however many processes name them first', async () => {
    const { organizationId } = tenant;
    const keys = [service.app.get(SubjectKeys), second.get(SubjectKeys)];
    for (let round = 0; round < 5; round++) {
      const name = `Person ${round}`;
      const asked = Array.from({ length: 10 }, () => keys.map((one) => one.findOrMake(organizationId, name)));
      const all = await Promise.all(asked.flat());
      expect(new Set(all.map(({ subject, key }) => `${subject} ${key.toString('hex')}`)).size).toBe(1);
    }
  });
});

test('the application can neither read back, change nor bring back a key by itself', async () => {
  await createOwned(tenant, 'Ada Lovelace');
  for (const statement of [
    `update specline.subject_key set key = null, lookup = null, erased_at = now()`,
    'delete from specline.subject_key',
    `update specline.subject_secret set secret = ''`,
    'delete from specline.subject_secret',
  ]) {
    const asApplication = `set role specline_app; select set_config('specline.organization_id', '${tenant.organizationId}', false); ${statement}`;
    await expect(rowsOf(asApplication)).rejects.toThrow(/permission denied/);
  }
});
