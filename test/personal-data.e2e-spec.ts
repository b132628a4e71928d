import { createHash, randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import supertest from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createApp } from '../src/app.js';
import { EventStore } from '../src/modules/event-store/event-store.js';
import { chainHash, genesisHash, stateEvent } from '../src/modules/event-store/history.js';
import { subjectOfToken } from '../src/modules/event-store/personal-token.js';
import { SubjectKeys } from '../src/modules/event-store/subject-keys.js';
import type { Tenant } from './support/service.js';
import { masterKey, problemOf, runOn, startService } from './support/service.js';
import { importSpec, readEvents, readSpec } from './support/specs.js';

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

const create = async (owner: string | null, of = tenant): Promise<string> => {
  const answer = await of.request('post', '/specs').send({ title: 'Owned', owner }).expect(201);
  return (answer.body as { specId: string }).specId;
};
const assign = (specId: string, owner: string | null) =>
  tenant.request('put', `/specs/${specId}/owner`).set('if-match', '*').send({ owner }).expect(200);
const issue = async (name: string): Promise<string> => {
  const answer = await tenant
    .request('post', '/api-keys')
    .send({ name, role: 'writer', principal: 'human' })
    .expect(201);
  return (answer.body as { apiKey: string }).apiKey;
};
const erase = async (
  person: string,
  of = tenant,
): Promise<{ subject?: string; erasedAt?: string; version: number }> => {
  const answer = await of.request('post', '/erasures').send({ person }).expect(200);
  return answer.body as { subject?: string; erasedAt?: string; version: number };
};
const ownersListed = async (query = ''): Promise<(string | null)[]> => {
  const answer = await tenant.request('get', `/specs?sort=number&${query}`).expect(200);
  return (answer.body as { items: { owner: string | null }[] }).items.map(({ owner }) => owner);
};
const keyNames = async (): Promise<string[]> => {
  const answer = await tenant.request('get', '/api-keys').expect(200);
  return (answer.body as { items: { name: string }[] }).items.map(({ name }) => name);
};
const rowsOf = async (statement: string) => (await runOn(service.databaseUrl, statement)).rows;
const ownerStored = async (specId: string): Promise<unknown> =>
  (await rowsOf(`select owner from specline.spec where spec_id = '${specId}'`))[0]?.owner;

const toHex = (bytes: unknown): string => `\\x${(bytes as Buffer).toString('hex')}`;

/** Everything that stands in the database, as text. */
async function everything(): Promise<string> {
  const tables = await rowsOf(`select tablename as name from pg_tables where schemaname = 'specline'`);
  const texts = tables.map(async ({ name }) => {
    const rows = await rowsOf(`select t::text as row from specline."${String(name)}" t`);
    return rows.map(({ row }) => String(row)).join('\n');
  });
  return (await Promise.all(texts)).join('\n');
}

describe('who is named', () => {
  test('is read where it was written, and stands nowhere in the database', async () => {
    const apiKey = await issue('Grace Hopper');
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
    expect(await ownersListed()).toEqual(['Mary Jackson']);
    expect(await keyNames()).toEqual(['first key', 'Grace Hopper']);
    expect(await readEvents(tenant, specId)).toMatchObject([
      { type: 'spec.document.created', actor: { name: 'Grace Hopper' }, data: { owner: 'Ada Lovelace' } },
      { type: 'spec.document.owner_assigned', actor: { name: 'Grace Hopper' }, data: { owner: 'Katherine Johnson' } },
      { type: 'spec.document.owner_assigned', actor: { name: 'first key' }, data: { owner: 'Mary Jackson' } },
    ]);
    expect(await everything()).not.toMatch(/Lovelace|Hopper|Johnson|Jackson/i);
  });

  test('cannot be found out by trying digests of what was asked', async () => {
    const body = { title: 'Owned', owner: 'Ada Lovelace' };
    await tenant.request('post', '/specs').set('idempotency-key', 'k2').send(body).expect(201);
    const request = `POST\n/v1/organizations/${tenant.organizationId}/specs\napplication/json\n${JSON.stringify(body)}`;
    const text = await everything();
    for (const guess of [request, JSON.stringify(body), 'Ada Lovelace', 'ada lovelace']) {
      expect(text).not.toContain(createHash('sha256').update(guess).digest('hex'));
    }
  });

  test('is the same person whatever the case, and still reads as it was written', async () => {
    const [one, other] = [await create('Ada Lovelace'), await create(' ada LOVELACE')];
    expect((await readSpec(tenant, other)).owner).toBe(' ada LOVELACE');
    const subjects = [await ownerStored(one), await ownerStored(other)].map((token) => subjectOfToken(String(token)));
    expect(new Set(subjects).size).toBe(1);
    expect(subjects[0]).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('is found by the name, and by no token', async () => {
    const specId = await create('Ada Lovelace');
    await create('Grace Hopper');
    expect(await ownersListed('owner=Ada%20Lovelace')).toEqual(['Ada Lovelace']);
    expect(await ownersListed('owner=Nobody')).toEqual([]);
    expect(await ownersListed(`owner=${String(await ownerStored(specId))}`)).toEqual([]);
    expect(
      await rowsOf(`select from specline.subject_key where organization_id = '${tenant.organizationId}'`),
    ).toHaveLength(2);
  });

  test('does not change by being said again', async () => {
    const specId = await create('Ada Lovelace');
    await assign(specId, 'Ada Lovelace');
    await sendBack(specId);
    expect(await readEvents(tenant, specId)).toHaveLength(1);
  });

  test('is a name, even one that looks like a token of somebody else', async () => {
    const token = String(await ownerStored(await create('Ada Lovelace')));
    const answer = await tenant.request('post', '/api-keys').send({ name: token, role: 'reader' }).expect(201);
    expect(answer.body).toHaveProperty('apiKey');
    expect(await keyNames()).toEqual(['first key', token]);
    await erase('Ada Lovelace');
    expect(await keyNames()).toEqual(['first key', token]);
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

/** Replaces a spec by what was read of it. */
async function sendBack(specId: string): Promise<void> {
  const { specId: _specId, ...body } = await readSpec(tenant, specId);
  await tenant.request('put', `/specs/${specId}`).set('if-match', '*').send(body).expect(200);
}

describe('after an erasure', () => {
  const erased = '[erased]';
  let apiKey: string;
  let specId: string;

  beforeEach(async () => {
    apiKey = await issue('Ada Lovelace');
    specId = await create('Ada Lovelace');
    const section = tenant.request('patch', `/specs/${specId}/sections/tldr`, apiKey);
    await section.set('if-match', '*').send({ body: 'A search can be kept.\n' }).expect(200);
    await create('Grace Hopper');
    // What was shown once is known for a while.
    expect(await ownersListed()).toEqual(['Ada Lovelace', 'Grace Hopper']);
  });

  test('the name is read nowhere any more, and everybody else’s is', async () => {
    const other = await service.newOrganization();
    const elsewhere = await create('Ada Lovelace', other);
    expect(await erase('ada lovelace ')).toMatchObject({ subject: expect.stringMatching(/^[0-9a-f-]{36}$/) as string });

    expect((await readSpec(tenant, specId)).owner).toBe(erased);
    expect((await readSpec(tenant, specId, '?version=1')).owner).toBe(erased);
    expect(await ownersListed()).toEqual([erased, 'Grace Hopper']);
    expect(await ownersListed('owner=Ada%20Lovelace')).toEqual([]);
    expect(await keyNames()).toEqual(['first key', erased]);
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

  test('every chain is as it was, over what was stored before', async () => {
    const stream = { organizationId: tenant.organizationId, type: 'spec', id: specId };
    const before = await service.app.get(EventStore).read(stream);
    await erase('Ada Lovelace');
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
    const { subject = '', erasedAt } = await erase('Ada Lovelace');
    expect(
      await rowsOf(`select lookup, key, erased_at from specline.subject_key where subject = '${subject}'`),
    ).toEqual([{ lookup: null, key: null, erased_at: new Date(String(erasedAt)) }]);
    const [event] = await rowsOf(
      `select payload from specline.event where type = 'organization.person.erased' and organization_id = '${tenant.organizationId}'`,
    );
    expect(event).toEqual({ payload: { subject } });
    expect(await everything()).not.toMatch(/Lovelace/i);
  });

  test('another process, which has shown the name, forgets it within seconds', async () => {
    await second.listen(0, '127.0.0.1');
    const asked = async () => {
      const path = `/v1/organizations/${tenant.organizationId}/specs/${specId}`;
      const read = supertest(second.getHttpServer()).get(path).set('authorization', `Bearer ${tenant.apiKey}`);
      return ((await read.expect(200)).body as { owner: string }).owner;
    };
    expect(await asked()).toBe('Ada Lovelace');
    await erase('Ada Lovelace');
    await expect.poll(asked, { timeout: 30_000, interval: 250 }).toBe(erased);
  });

  test('erasing again changes nothing, and says no more than of somebody who never was there', async () => {
    const first = tenant.request('post', '/erasures').set('idempotency-key', 'once').send({ person: 'Ada Lovelace' });
    const done = (await first.expect(200)).body as { version: number };
    const again = await erase('Ada Lovelace');
    expect(again).toEqual(await erase(`Nobody ${randomUUID()}`));
    expect(Object.keys(again).sort()).toEqual(['organizationId', 'seq', 'version']);
    expect(again.version).toBe(done.version);
    const repeated = tenant
      .request('post', '/erasures')
      .set('idempotency-key', 'once')
      .send({ person: 'Ada Lovelace' });
    expect((await repeated.expect(200)).body).toEqual(done);
  });

  test('the person can be erased again by what the answer says, in a database that was restored', async () => {
    const subject = subjectOfToken(String(await ownerStored(specId))) ?? '';
    const kept = await rowsOf(`select lookup, key from specline.subject_key where subject = '${subject}'`);
    expect((await erase('Ada Lovelace')).subject).toBe(subject);
    const [hex] = kept.map((row) => ({ key: toHex(row.key), lookup: toHex(row.lookup) }));
    await rowsOf(
      `update specline.subject_key set key = '${hex?.key}', lookup = '${hex?.lookup}', erased_at = null where subject = '${subject}'`,
    );
    const again = () => tenant.request('post', '/erasures').send({ subject }).expect(200);
    expect((await again()).body).toMatchObject({ subject });
    expect((await readSpec(tenant, specId)).owner).toBe(erased);
    expect((await again()).body).not.toHaveProperty('subject');
    const other = await service.newOrganization();
    const theirs = subjectOfToken(String(await ownerStored(await create('Ada Lovelace', other)))) ?? '';
    expect((await tenant.request('post', '/erasures').send({ subject: theirs })).body).not.toHaveProperty('subject');
  });

  test('of two who erase at once, one does', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => erase('Ada Lovelace')));
    expect(answers.filter(({ subject }) => subject !== undefined)).toHaveLength(1);
  });

  test('the person can be named anew, and what was erased stays so', async () => {
    const { subject } = await erase('Ada Lovelace');
    const next = await create('Ada Lovelace');
    expect(await ownersListed()).toEqual([erased, 'Grace Hopper', 'Ada Lovelace']);
    expect(await ownersListed('owner=Ada%20Lovelace')).toEqual(['Ada Lovelace']);
    expect(subjectOfToken(String(await ownerStored(next)))).not.toBe(subject);
    expect((await erase('Ada Lovelace')).subject).not.toBe(subject);
  });

  test('a spec that is sent back as it was read keeps whom it had', async () => {
    await erase('Ada Lovelace');
    const before = await ownerStored(specId);
    await sendBack(specId);
    expect(await ownerStored(specId)).toBe(before);
    expect(await readEvents(tenant, specId)).toHaveLength(2);
    await assign(specId, null);
    expect((await readSpec(tenant, specId)).owner).toBeNull();
  });

  test('the key of that name goes on working', async () => {
    await erase('Ada Lovelace');
    await tenant.request('get', `/specs/${specId}`, apiKey).expect(200);
    const section = tenant.request('patch', `/specs/${specId}/sections/tldr`, apiKey);
    await section.set('if-match', '*').send({ body: 'More.\n' }).expect(200);
    expect((await readEvents(tenant, specId)).at(-1)).toMatchObject({ actor: { name: erased } });
  });
});

test('the key ends with the event that says so, or not at all', async () => {
  const specId = await create('Ada Lovelace');
  const subject = subjectOfToken(String(await ownerStored(specId)));
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
  const apiKey = await issue('ci');
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

test('the application can neither read back, change nor bring back a key by itself', async () => {
  await importSpec(tenant, '# A\n\n## TLDR\ntext\n');
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
