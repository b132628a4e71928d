import { randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import supertest from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createApp } from '../src/app.js';
import { EventStore } from '../src/modules/event-store/event-store.js';
import { chainHash, genesisHash, stateEvent } from '../src/modules/event-store/history.js';
import { readModels } from '../src/read-models.js';
import { subjectOfToken } from '../src/modules/event-store/personal-token.js';
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
import { Operator } from './support/operations.js';
import type { Tenant } from './support/service.js';
import { masterKey, problemOf, runOn, startService } from './support/service.js';
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
const toHex = (bytes: unknown): string => `\\x${(bytes as Buffer).toString('hex')}`;

describe('after an erasure', () => {
  const erased = '[erased]';
  let apiKey: string;
  let specId: string;

  beforeEach(async () => {
    apiKey = await issueKey(tenant, 'Ada Lovelace');
    specId = await createOwned(tenant, 'Ada Lovelace');
    const section = tenant.request('patch', `/specs/${specId}/sections/tldr`, apiKey);
    await section.set('if-match', '*').send({ body: 'A search can be kept.\n' }).expect(200);
    await createOwned(tenant, 'Grace Hopper');
    // What was shown once is known for a while.
    expect(await ownersListed(tenant)).toEqual(['Ada Lovelace', 'Grace Hopper']);
  });

  test('is no agent’s to ask for, whatever the role of its key', async () => {
    const body = { name: 'bot', role: 'admin', principal: 'agent' };
    const { apiKey } = (await tenant.request('post', '/api-keys').send(body).expect(201)).body as { apiKey: string };
    const refused = await tenant.request('post', '/erasures', apiKey).send({ person: 'Ada Lovelace' }).expect(403);
    expect(problemOf(refused).code).toBe('not_permitted');
    expect(await ownersListed(tenant)).toContain('Ada Lovelace');
  });

  test('the name is read nowhere any more, and everybody else’s is', async () => {
    const other = await service.newOrganization();
    const elsewhere = await createOwned(other, 'Ada Lovelace');
    expect(await erase(tenant, { person: 'ada lovelace ' })).toMatchObject({
      subject: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    });

    expect((await readSpec(tenant, specId)).owner).toBe(erased);
    expect((await readSpec(tenant, specId, '?version=1')).owner).toBe(erased);
    expect(await ownersListed(tenant)).toEqual([erased, 'Grace Hopper']);
    expect(await ownersListed(tenant, 'owner=Ada%20Lovelace')).toEqual([]);
    expect(await keyNames(tenant)).toEqual(['first key', erased]);
    expect(await readEvents(tenant, specId)).toMatchObject([
      { actor: { name: 'first key' }, data: { owner: erased } },
      { actor: { name: erased }, type: 'spec.section.updated' },
    ]);
    const stale = await tenant
      .request('put', `/specs/${specId}/labels`)
      .set('if-match', '"1"')
      .send({ labels: ['a'] });
    expect(problemOf(stale)).toMatchObject({ code: 'stale_version', changes: [{ actor: { name: erased } }] });
    expect((await readSpec(other, elsewhere)).owner).toBe('Ada Lovelace');
  });

  test('a rebuild of every read model brings no name back, and loses no other', async () => {
    await erase(tenant, { person: 'Ada Lovelace' });
    const operator = new Operator(service.databaseUrl);
    try {
      for (const { name } of readModels) await operator.succeed('projection.rebuild', name);
    } finally {
      await operator.close();
    }
    expect(await ownersListed(tenant)).toEqual([erased, 'Grace Hopper']);
    expect(await keyNames(tenant)).toEqual(['first key', erased]);
    // Keys are no read model: erasing goes on as before.
    expect(await erase(tenant, { person: 'Grace Hopper' })).toHaveProperty('subject');
    expect(await ownersListed(tenant)).toEqual([erased, erased]);
  });

  test('every chain is as it was, over what was stored before', async () => {
    const stream = { organizationId: tenant.organizationId, type: 'spec', id: specId };
    const before = await service.app.get(EventStore).read(stream);
    await erase(tenant, { person: 'Ada Lovelace' });
    const after = await service.app.get(EventStore).read(stream);
    expect(after).toEqual(before);
    const organization = { ...stream, type: 'organization', id: tenant.organizationId };
    for (const events of [after, await service.app.get(EventStore).read(organization)]) {
      let hash = genesisHash;
      for (const event of events) {
        expect(event.previousHash).toBe(hash);
        hash = chainHash(hash, stateEvent(event));
        expect(event.hash).toBe(hash);
      }
    }
  });

  test('nothing is left that the name could be read or found by', async () => {
    const { subject = '', erasedAt } = await erase(tenant, { person: 'Ada Lovelace' });
    expect(
      await rowsOf(`select lookup, key, erased_at from specline.subject_key where subject = '${subject}'`),
    ).toEqual([{ lookup: null, key: null, erased_at: new Date(String(erasedAt)) }]);
    const [event] = await rowsOf(
      `select payload from specline.event where type = 'organization.person.erased' and organization_id = '${tenant.organizationId}'`,
    );
    expect(event).toEqual({ payload: { subject } });
    expect(await everythingStored(service)).not.toMatch(/Lovelace/i);
  });

  test('another process, which has shown the name, forgets it within seconds', async () => {
    await second.listen(0, '127.0.0.1');
    const asked = async () => {
      const path = `/v1/organizations/${tenant.organizationId}/specs/${specId}`;
      const read = supertest(second.getHttpServer()).get(path).set('authorization', `Bearer ${tenant.apiKey}`);
      return ((await read.expect(200)).body as { owner: string }).owner;
    };
    expect(await asked()).toBe('Ada Lovelace');
    await erase(tenant, { person: 'Ada Lovelace' });
    await expect.poll(asked, { timeout: 30_000, interval: 250 }).toBe(erased);
  });

  test('erasing again changes nothing, and says no more than of somebody who never was there', async () => {
    const first = tenant.request('post', '/erasures').set('idempotency-key', 'once').send({ person: 'Ada Lovelace' });
    const done = (await first.expect(200)).body as { version: number };
    const again = await erase(tenant, { person: 'Ada Lovelace' });
    expect(again).toEqual(await erase(tenant, { person: `Nobody ${randomUUID()}` }));
    expect(Object.keys(again).sort()).toEqual(['organizationId', 'seq', 'version']);
    expect(again.version).toBe(done.version);
    const repeated = tenant
      .request('post', '/erasures')
      .set('idempotency-key', 'once')
      .send({ person: 'Ada Lovelace' });
    expect((await repeated.expect(200)).body).toEqual(done);
  });

  test('the person can be erased again by what the answer says, in a database that was restored', async () => {
    const subject = subjectOfToken(await ownerStored(service, specId)) ?? '';
    const kept = await rowsOf(`select lookup, key from specline.subject_key where subject = '${subject}'`);
    expect((await erase(tenant, { person: 'Ada Lovelace' })).subject).toBe(subject);
    const [hex] = kept.map((row) => ({ key: toHex(row.key), lookup: toHex(row.lookup) }));
    await rowsOf(
      `update specline.subject_key set key = '${hex?.key}', lookup = '${hex?.lookup}', erased_at = null where subject = '${subject}'`,
    );
    const again = () => tenant.request('post', '/erasures').send({ subject }).expect(200);
    expect((await again()).body).toMatchObject({ subject });
    expect((await readSpec(tenant, specId)).owner).toBe(erased);
    expect((await again()).body).not.toHaveProperty('subject');
    const other = await service.newOrganization();
    const theirs = subjectOfToken(await ownerStored(service, await createOwned(other, 'Ada Lovelace'))) ?? '';
    expect((await tenant.request('post', '/erasures').send({ subject: theirs })).body).not.toHaveProperty('subject');
  });

  test('of two who erase at once, one does', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => erase(tenant, { person: 'Ada Lovelace' })));
    expect(answers.filter(({ subject }) => subject !== undefined)).toHaveLength(1);
  });

  test('the person can be named anew, and what was erased stays so', async () => {
    const { subject } = await erase(tenant, { person: 'Ada Lovelace' });
    const next = await createOwned(tenant, 'Ada Lovelace');
    expect(await ownersListed(tenant)).toEqual([erased, 'Grace Hopper', 'Ada Lovelace']);
    expect(await ownersListed(tenant, 'owner=Ada%20Lovelace')).toEqual(['Ada Lovelace']);
    expect(subjectOfToken(await ownerStored(service, next))).not.toBe(subject);
    expect((await erase(tenant, { person: 'Ada Lovelace' })).subject).not.toBe(subject);
  });

  test('a spec that is sent back as it was read keeps whom it had', async () => {
    await erase(tenant, { person: 'Ada Lovelace' });
    const before = await ownerStored(service, specId);
    await sendBack(tenant, specId);
    expect(await ownerStored(service, specId)).toBe(before);
    expect(await readEvents(tenant, specId)).toHaveLength(2);
    await assignOwner(tenant, specId, null);
    expect((await readSpec(tenant, specId)).owner).toBeNull();
  });

  test('the key of that name goes on working', async () => {
    await erase(tenant, { person: 'Ada Lovelace' });
    await tenant.request('get', `/specs/${specId}`, apiKey).expect(200);
    const section = tenant.request('patch', `/specs/${specId}/sections/tldr`, apiKey);
    await section.set('if-match', '*').send({ body: 'More.\n' }).expect(200);
    expect((await readEvents(tenant, specId)).at(-1)).toMatchObject({ actor: { name: erased } });
  });
});

test('the key ends with the event that says so, or not at all', async () => {
  const specId = await createOwned(tenant, 'Ada Lovelace');
  const subject = subjectOfToken(await ownerStored(service, specId));
  const event = `insert into specline.event (organization_id, stream_id, version, event_id, type, schema_version, payload,
      metadata, command_id, recorded_at, previous_hash, hash)
    select organization_id, stream_id, 99, event_id, 'organization.person.erased', 1, '{"subject": "${subject}"}', metadata,
      command_id, recorded_at, previous_hash, hash from specline.event
    where stream_id = '${tenant.organizationId}' and version = 1`;
  const keys = `select from specline.subject_key where subject = '${subject}' and key is not null`;
  expect(await rowsOf(`begin; ${event}; rollback`)).toBeUndefined();
  expect(await rowsOf(keys)).toHaveLength(1);
  await rowsOf(event);
  expect(await rowsOf(keys)).toHaveLength(0);
});

test('only an admin erases, and the person must be named', async () => {
  const apiKey = await issueKey(tenant, 'ci');
  const refused = await tenant.request('post', '/erasures', apiKey).send({ person: 'Ada Lovelace' });
  expect(problemOf(refused)).toMatchObject({ status: 403, code: 'not_permitted' });
  for (const body of [
    {},
    { person: 'Ada Lovelace', subject: randomUUID() },
    { subject: 'Ada Lovelace' },
    { person: '' },
    { person: ' ' },
    { person: 1 },
    { person: 'x'.repeat(121) },
    { person: null },
  ]) {
    const answer = await tenant.request('post', '/erasures').send(body);
    expect(problemOf(answer)).toMatchObject({ status: 422, code: 'validation_failed' });
  }
});
