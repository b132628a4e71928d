import type { Response } from 'supertest';
import { describe, expect, test } from 'vitest';
import type { Tenant } from './support/service.js';
import { operatorKey, startService } from './support/service.js';
import type { Receipt } from './support/specs.js';
import { documentOf, expectProblem, footprint, importSpec, readEvents, readSpec } from './support/specs.js';
import { sendMarkdown } from './support/specs.js';

const document = documentOf('Alerts', { Overview: 'Old.', Rollout: 'Slow.' });

const patch = (tenant: Tenant, specId: string, key: string, body: string, ifMatch = '*', apiKey = tenant.apiKey) =>
  tenant
    .request('patch', `/specs/${specId}/sections/overview`, apiKey)
    .set('if-match', ifMatch)
    .set('idempotency-key', key)
    .send({ body });

/** The repetition of an answer: the same in everything a client acts on. */
function expectReplay(again: Response, first: Response): void {
  expect(again.headers['idempotency-replayed']).toBe('true');
  expect(first.headers['idempotency-replayed']).toBeUndefined();
  expect([again.status, again.body]).toEqual([first.status, first.body]);
  expect([again.headers.etag, again.headers.location]).toEqual([first.headers.etag, first.headers.location]);
}

describe('a request sent again with its Idempotency-Key', () => {
  const service = startService();

  test('gets the first answer to an edit, and makes no second event', async () => {
    const { organization } = service;
    const { specId } = await importSpec(organization, document);
    const first = await patch(organization, specId, 'edit-1', 'New.').expect(200);
    expectReplay(await patch(organization, specId, 'edit-1', 'New.'), first);
    expect(await readEvents(organization, specId)).toHaveLength(2);
  });

  test('gets the first answer even when somebody wrote in between', async () => {
    const { organization } = service;
    const { specId } = await importSpec(organization, document);
    const first = await patch(organization, specId, 'edit-2', 'New.', '"1"').expect(200);
    await patch(organization, specId, 'edit-3', 'Newer.', '"2"').expect(200);
    expectReplay(await patch(organization, specId, 'edit-2', 'New.', '"1"'), first);
    expectReplay(await patch(organization, specId, 'edit-2', 'New.', '*'), first);
    expect((await readSpec(organization, specId)).sections[0]?.body).toBe('Newer.\n');
  });

  test('is the same key with or without quotes around it', async () => {
    const { organization } = service;
    const { specId } = await importSpec(organization, document);
    const first = await patch(organization, specId, 'quoted-1', 'New.').expect(200);
    expectReplay(await patch(organization, specId, '"quoted-1"', 'New.'), first);
  });

  test('gets the first answer to a creation: the same id, and no number is used up', async () => {
    const tenant = await service.newOrganization();
    const send = (key: string) => sendMarkdown(tenant.request('post', '/specs').set('idempotency-key', key), document);
    const first = await send('import-1').expect(201);
    const before = await footprint(service);
    expectReplay(await send('import-1'), first);
    expect(await footprint(service)).toEqual(before);
    expect(((await send('import-2')).body as Receipt).number).toBe(2);
  });

  test('gets the first answer to a change that changed nothing', async () => {
    const { organization } = service;
    const { specId } = await importSpec(organization, document);
    const first = await patch(organization, specId, 'same-1', 'Old.').expect(200);
    expect(first.body).toMatchObject({ version: 1 });
    await patch(organization, specId, 'other', 'New.').expect(200);
    expectReplay(await patch(organization, specId, 'same-1', 'Old.'), first);
    expect((await readSpec(organization, specId)).sections[0]?.body).toBe('New.\n');
  });

  test('gets the first answer to a removal', async () => {
    const { organization } = service;
    const { specId } = await importSpec(organization, document);
    const remove = () =>
      organization
        .request('delete', `/specs/${specId}/sections/rollout`)
        .set('if-match', '"1"')
        .set('idempotency-key', 'remove-1');
    const first = await remove().expect(200);
    expectReplay(await remove(), first);
  });

  test('is refused with another body, another path or another method', async () => {
    const { organization } = service;
    const { specId } = await importSpec(organization, document);
    await patch(organization, specId, 'reused', 'New.').expect(200);
    const before = await footprint(service);
    expectProblem(await patch(organization, specId, 'reused', 'Newer.'), 422, 'idempotency_key_reused');
    expectProblem(await patch(organization, specId, 'reused', 'New.\n'), 422, 'idempotency_key_reused');
    const { specId: other } = await importSpec(organization, document);
    expectProblem(await patch(organization, other, 'reused', 'New.'), 422, 'idempotency_key_reused');
    const title = organization.request('put', `/specs/${specId}/title`).set('if-match', '*');
    expectProblem(await title.set('idempotency-key', 'reused').send({ title: 'Mine' }), 422, 'idempotency_key_reused');
    const creation = organization.request('post', '/specs').set('idempotency-key', 'reused');
    expectProblem(await sendMarkdown(creation, document), 422, 'idempotency_key_reused');
    expect(await footprint(service)).toMatchObject({ command: Number(before.command) + 1 });
  });

  test('is another command under another API key', async () => {
    const { organization } = service;
    const { specId } = await importSpec(organization, document);
    const issued = await organization.request('post', '/api-keys').send({ name: 'second', role: 'writer' }).expect(201);
    const { apiKey } = issued.body as { apiKey: string };
    await patch(organization, specId, 'shared', 'One.').expect(200);
    const second = await patch(organization, specId, 'shared', 'Two.', '*', apiKey).expect(200);
    expect(second.headers['idempotency-replayed']).toBeUndefined();
    expect(second.body).toMatchObject({ version: 3 });
  });

  test('may succeed where it was refused before: refusals are not kept', async () => {
    const { organization } = service;
    const { specId } = await importSpec(organization, document);
    await patch(organization, specId, 'mover', 'New.').expect(200);
    const add = (heading: string) =>
      organization
        .request('post', `/specs/${specId}/sections`)
        .set('idempotency-key', 'adder')
        .send({ heading, body: 'Text.', position: 9 });
    expectProblem(await add('Costs'), 422, 'validation_failed');
    const { specId: fresh } = await importSpec(organization, document);
    await patch(organization, fresh, 'adder', 'New.').expect(200);
  });
});

describe('one Idempotency-Key a hundred times at once', () => {
  const service = startService();
  const hundred = Array.from({ length: 100 });

  /** One effect: every answer is the one answer, or says that it is under way. */
  function expectOneAnswer(answers: readonly Response[], status: number): void {
    const settled = answers.filter((answer) => answer.status === status);
    expect(settled.length).toBeGreaterThan(0);
    for (const answer of settled) expect(answer.body).toEqual(settled[0]?.body);
    expect(settled.filter(({ headers }) => !headers['idempotency-replayed'])).toHaveLength(1);
    for (const answer of answers.filter((one) => one.status !== status)) {
      expectProblem(answer, 409, 'idempotency_key_in_flight');
      expect(answer.headers['retry-after']).toBe('1');
    }
  }

  test('edits once', async () => {
    const { organization } = service;
    const { specId } = await importSpec(organization, document);
    expectOneAnswer(await Promise.all(hundred.map(() => patch(organization, specId, 'burst', 'New.'))), 200);
    expect(await readEvents(organization, specId)).toHaveLength(2);
  });

  test('creates once', async () => {
    const tenant = await service.newOrganization();
    const create = () => sendMarkdown(tenant.request('post', '/specs').set('idempotency-key', 'burst'), document);
    expectOneAnswer(await Promise.all(hundred.map(create)), 201);
    const list = (await tenant.request('get', '/specs')).body as { items: { number: number }[] };
    expect(list.items.map(({ number }) => number)).toEqual([1]);
    expect(await importSpec(tenant, document)).toMatchObject({ number: 2 });
  });
});

describe('a secret', () => {
  const service = startService();

  test('of a new organization is told once: the repetition has none', async () => {
    const open = (name = 'Once Ltd') =>
      service
        .anonymous()
        .post('/v1/organizations')
        .set('authorization', `Bearer ${operatorKey}`)
        .set('idempotency-key', 'open-1')
        .send({ name });
    const first = await open().expect(201);
    const before = await footprint(service);
    const again = await open().expect(201);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.headers.location).toBe(first.headers.location);
    expect(again.body).toEqual({ ...(first.body as object), apiKey: null });
    expectProblem(await open('Other Ltd'), 422, 'idempotency_key_reused');
    expect(await footprint(service)).toEqual(before);
  });

  test('of a new API key is told once: the repetition has none', async () => {
    const issue = () =>
      service.organization
        .request('post', '/api-keys')
        .set('idempotency-key', 'issue-1')
        .send({ name: 'ci', role: 'writer' });
    const first = await issue().expect(201);
    const again = await issue().expect(201);
    expect(again.body).toEqual({ ...(first.body as object), apiKey: null });
    const { apiKey } = first.body as { apiKey: string };
    await service.organization.request('get', '/specs', apiKey).expect(200);
  });
});
