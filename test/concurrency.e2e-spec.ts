import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../src/app.js';
import type { Tenant } from './support/service.js';
import { masterKey, startService } from './support/service.js';
import type { EventJson } from './support/specs.js';
import { documentOf, expectProblem, importSpec, readEvents, readSpec, sendMarkdown } from './support/specs.js';

const patch = (tenant: Tenant, specId: string, key: string, ifMatch: string, body: string) =>
  tenant.request('patch', `/specs/${specId}/sections/${key}`).set('if-match', ifMatch).send({ body });

/** What nobody may lose: versions without a gap, each event hashed onto the one before. */
function expectUnbrokenChain(events: readonly EventJson[]): void {
  expect(events.map(({ version }) => version)).toEqual(events.map((_, index) => index + 1));
  expect(events.slice(1).map(({ previousHash }) => previousHash)).toEqual(events.slice(0, -1).map(({ hash }) => hash));
}

describe('writers at the same time', () => {
  const service = startService();
  const document = documentOf('Alerts', { Overview: 'Old.', Rollout: 'Slow.', Limits: 'None.' });

  test('on one section: one writes, the other learns what changed', async () => {
    const { specId } = await importSpec(service.organization, document);
    const answers = await Promise.all(
      ['Mine.', 'Yours.'].map((text) => patch(service.organization, specId, 'overview', '"1"', text)),
    );
    const [won, lost] = answers.toSorted((a, b) => a.status - b.status);
    if (!won || !lost) throw new Error('two answers were sent for');
    expect(won.status).toBe(200);
    const { changes } = expectProblem(lost, 412, 'stale_version');
    expect(changes).toMatchObject([{ version: 2, type: 'spec.section.updated', actor: { kind: 'service' } }]);
    expect(await readSpec(service.organization, specId)).toMatchObject({ version: 2 });
  });

  test('on two sections of one spec, with tags read before: both write', async () => {
    const { specId } = await importSpec(service.organization, document);
    const answers = await Promise.all([
      patch(service.organization, specId, 'overview', '"1"', 'New.'),
      patch(service.organization, specId, 'rollout', '"1"', 'Fast.'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const { sections } = await readSpec(service.organization, specId);
    expect(sections.map(({ body }) => body.trim())).toEqual(['New.', 'Fast.', 'None.']);
  });

  test('on one section with If-Match: * all write, one after another', async () => {
    const { specId } = await importSpec(service.organization, document);
    const texts = Array.from({ length: 20 }, (_, index) => `Text ${index}.`);
    const answers = await Promise.all(texts.map((text) => patch(service.organization, specId, 'overview', '*', text)));
    const versions = answers.map(({ body }) => (body as { version: number }).version);
    expect(versions.toSorted((a, b) => a - b)).toEqual(texts.map((_, index) => index + 2));
    expectUnbrokenChain(await readEvents(service.organization, specId));
  });

  test('on forty sections of one spec: every one writes', async () => {
    const headings = Array.from({ length: 40 }, (_, index) => `Part ${index + 1}`);
    const { specId } = await importSpec(
      service.organization,
      documentOf('Many', Object.fromEntries(headings.map((heading) => [heading, 'Old.']))),
    );
    const { sections: before } = await readSpec(service.organization, specId);
    const answers = await Promise.all(
      before.map(({ key, version }) => patch(service.organization, specId, key, `"${version}"`, `New ${key}.`)),
    );
    expect(answers.map(({ status }) => status)).toEqual(before.map(() => 200));
    const spec = await readSpec(service.organization, specId);
    expect(spec.version).toBe(41);
    expect(spec.sections.map(({ body }) => body.trim())).toEqual(before.map(({ key }) => `New ${key}.`));
    expectUnbrokenChain(await readEvents(service.organization, specId));
  });

  test('creating in two organizations: numbers start at 1, and each is given once', async () => {
    const [left, right] = [await service.newOrganization(), await service.newOrganization()];
    const create = (tenant: Tenant) => importSpec(tenant, documentOf('One of many', { Overview: 'Text.' }));
    const made = await Promise.all(Array.from({ length: 50 }, (_, index) => create(index % 2 ? left : right)));
    const dense = Array.from({ length: 25 }, (_, index) => index + 1);
    for (const parity of [0, 1]) {
      const numbers = made.filter((_, index) => index % 2 === parity).map(({ number }) => number);
      expect(numbers.toSorted((a, b) => a - b)).toEqual(dense);
    }
    expect((await create(left)).number).toBe(26);
  });
});

describe('writers in two processes on one database', () => {
  const service = startService();
  let second: NestFastifyApplication;
  let here: Tenant;
  let there: Tenant;
  const document = documentOf('Alerts', { Overview: 'Old.', Rollout: 'Slow.' });

  beforeAll(async () => {
    second = await createApp({
      databaseUrl: service.databaseUrl,
      masterKey,
      operatorKey: undefined,
      databaseConnections: 5,
    });
    await second.listen(0, '127.0.0.1');
    here = service.organization;
    const { organizationId, apiKey } = here;
    const request: Tenant['request'] = (method, path, key = apiKey) => {
      const agent = supertest(second.getHttpServer());
      return agent[method](`/v1/organizations/${organizationId}${path}`).set('authorization', `Bearer ${key}`);
    };
    there = { organizationId, apiKey, request };
  });
  afterAll(() => second.close());

  /** A spec that the second process knows at version 1, while the first has moved it on. */
  async function leftBehind(): Promise<string> {
    const { specId } = await importSpec(here, document);
    await patch(there, specId, 'overview', '*', 'Old.').expect(200);
    await patch(here, specId, 'overview', '"1"', 'New.').expect(200);
    return specId;
  }

  test('race on one section: one of them writes', async () => {
    const { specId } = await importSpec(here, document);
    const answers = await Promise.all([
      patch(here, specId, 'overview', '"1"', 'Here.'),
      patch(there, specId, 'overview', '"1"', 'There.'),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412]);
  });

  test('race on different sections: nobody loses a word', async () => {
    const { specId } = await importSpec(here, document);
    for (let round = 1; round <= 5; round++) {
      const answers = await Promise.all([
        patch(here, specId, 'overview', '*', `Here ${round}.`),
        patch(there, specId, 'rollout', '*', `There ${round}.`),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      const { sections } = await readSpec(there, specId);
      expect(sections.map(({ body }) => body.trim())).toEqual([`Here ${round}.`, `There ${round}.`]);
    }
    expectUnbrokenChain(await readEvents(here, specId));
  });

  test('a tag just read is good in the process that has not seen the change yet', async () => {
    const specId = await leftBehind();
    const { version } = await readSpec(there, specId);
    const answer = await patch(there, specId, 'overview', `"${version}"`, 'Newer.').expect(200);
    expect(answer.body).toMatchObject({ version: 3 });
  });

  test('a text that another process replaced can be put back: it is not taken for no change', async () => {
    const specId = await leftBehind();
    const answer = await patch(there, specId, 'overview', '*', 'Old.').expect(200);
    expect(answer.body).toMatchObject({ version: 3 });
    expect((await readSpec(here, specId)).sections[0]?.body.trim()).toBe('Old.');
  });

  test('so it is with an Idempotency-Key', async () => {
    const specId = await leftBehind();
    await patch(there, specId, 'overview', '*', 'Old.').set('idempotency-key', 'put-back').expect(200);
    expect((await readSpec(here, specId)).sections[0]?.body.trim()).toBe('Old.');
  });

  test('one Idempotency-Key sent to both at once has one effect', async () => {
    const { specId } = await importSpec(here, document);
    const edit = (tenant: Tenant) => patch(tenant, specId, 'overview', '*', 'New.').set('idempotency-key', 'both');
    const answers = await Promise.all([here, there, here, there].map(edit));
    expect([200, 409]).toEqual(expect.arrayContaining(answers.map(({ status }) => status)));
    expect(await readEvents(here, specId)).toHaveLength(2);
    const create = (tenant: Tenant) =>
      sendMarkdown(tenant.request('post', '/specs').set('idempotency-key', 'both new'), document);
    const made = await Promise.all([here, there].map(create));
    expect(made[0]?.body).toEqual(made[1]?.body);
    expect(made.map(({ status }) => status)).toEqual([201, 201]);
  });

  test('a stale tag is refused by the process that still believes it', async () => {
    const specId = await leftBehind();
    const { changes } = expectProblem(await patch(there, specId, 'overview', '"1"', 'Mine.'), 412, 'stale_version');
    expect(changes).toHaveLength(1);
    await patch(there, await leftBehind(), 'overview', '"1"', 'Old.').expect(412);
  });

  test('a section that another process added is there', async () => {
    const specId = await leftBehind();
    const added = await here.request('post', `/specs/${specId}/sections`).send({ heading: 'Costs', body: 'Few.' });
    expect(added.status).toBe(201);
    await patch(there, specId, 'costs', '*', 'Fewer.').expect(200);
  });

  test('a whole document over an edit in another process is refused', async () => {
    const specId = await leftBehind();
    const put = await sendMarkdown(there.request('put', `/specs/${specId}`).set('if-match', '"1"'), document);
    expectProblem(put, 412, 'stale_version');
  });
});
