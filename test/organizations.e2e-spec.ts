import { describe, expect, test } from 'vitest';
import { operatorKey, startService } from './support/service.js';
import { documentOf, expectProblem, importSpec, readEvents } from './support/specs.js';

type Key = { keyId: string; apiKey: string };
type KeyView = { keyId: string; name: string; role: string; principal: string; revokedAt: string | null };

describe('an organization', () => {
  const service = startService();
  const issue = async (body: object) =>
    (await service.organization.request('post', '/api-keys').send(body).expect(201)).body as Key;
  const list = async () =>
    (await service.organization.request('get', '/api-keys').expect(200)).body as {
      items: KeyView[];
      page: { next: null };
    };

  test('is opened by the operator, with a first key that may do everything', async () => {
    const opened = await service
      .anonymous()
      .post('/v1/organizations')
      .set('authorization', `Bearer ${operatorKey}`)
      .send({ name: 'Grüße & Co' })
      .expect(201);
    const { organizationId, apiKey } = opened.body as { organizationId: string; apiKey: string };
    expect(opened.headers.location).toBe(`/v1/organizations/${organizationId}`);
    expect(apiKey).toMatch(/^spk_[\w-]{43}$/);
    const read = await service
      .anonymous()
      .get(String(opened.headers.location))
      .set('authorization', `Bearer ${apiKey}`)
      .expect(200);
    expect(read.body).toEqual({
      organizationId,
      name: 'Grüße & Co',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
    });
  });

  test('issues keys of each role and principal, and shows no secret again', async () => {
    const agent = await issue({ name: 'reviewer bot', role: 'reader', principal: 'agent' });
    const person = await issue({ name: 'Ada', role: 'writer', principal: 'human' });
    const { items, page } = await list();
    expect(page).toEqual({ next: null });
    expect(items).toMatchObject([
      { name: 'first key', role: 'admin', principal: 'service', revokedAt: null },
      { keyId: agent.keyId, name: 'reviewer bot', role: 'reader', principal: 'agent' },
      { keyId: person.keyId, name: 'Ada', role: 'writer', principal: 'human' },
    ]);
    const text = JSON.stringify(items);
    for (const { apiKey } of [agent, person]) expect(text).not.toContain(apiKey.slice(4));
    expect(text).not.toMatch(/hash/i);
  });

  test('names in every event who wrote it, by the key', async () => {
    const { keyId, apiKey } = await issue({ name: 'Grace', role: 'writer', principal: 'human' });
    const { organization } = service;
    const { specId } = await importSpec(organization, documentOf('Alerts', { Overview: 'Old.' }));
    await organization
      .request('patch', `/specs/${specId}/sections/overview`, apiKey)
      .set('if-match', '*')
      .set('x-request-id', 'request-of-the-test')
      .send({ body: 'New.' })
      .expect(200);
    expect(await readEvents(organization, specId, 1)).toMatchObject([
      {
        actor: { id: keyId, kind: 'human', name: 'Grace' },
        correlationId: 'request-of-the-test',
        command: 'spec.section.update',
      },
    ]);
  });

  test('revokes a key at once, keeps it in the list, and can revoke it again without an event', async () => {
    const { organization } = service;
    const { keyId, apiKey } = await issue({ name: 'leaver', role: 'admin' });
    await organization.request('get', '/api-keys', apiKey).expect(200);
    const revoke = () => organization.request('delete', `/api-keys/${keyId}`).expect(200);
    const first = (await revoke()).body as { version: number };
    expectProblem(await organization.request('get', '/api-keys', apiKey), 401, 'unauthenticated');
    expect(await revoke()).toMatchObject({ body: { version: first.version } });
    const revoked = (await list()).items.find((key) => key.keyId === keyId);
    expect(revoked?.revokedAt).toMatch(/^\d{4}-/);
  });

  test('has no key of that id', async () => {
    const answer = await service.organization.request('delete', '/api-keys/01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11');
    expectProblem(answer, 404, 'not_found');
  });

  test('may revoke even its last key, and is then closed to everybody', async () => {
    const tenant = await service.newOrganization();
    await tenant.request('delete', `/api-keys/${tenant.organizationId}`).expect(200);
    expectProblem(await tenant.request('get', ''), 401, 'unauthenticated');
  });
});
