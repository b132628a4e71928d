import { beforeAll, describe, expect, test } from 'vitest';
import type { Tenant } from './support/service.js';
import { operatorKey, startService } from './support/service.js';
import type { Operation } from './support/specs.js';
import { documentOf, expectProblem, importSpec, operations, sendMarkdown } from './support/specs.js';

const document = documentOf('Alerts', { Overview: 'Old.', Rollout: 'Slow.' });
const someId = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11';
const tenantPath = '/v1/organizations/{organizationId}';

/** Every operation below an organization, by its id. */
const tenantOperations = operations()
  .filter(({ path }) => path.startsWith(tenantPath))
  .map((operation): [string, Operation] => [operation.operationId, operation]);

describe('a request that no operation fits', () => {
  const service = startService();
  let specId: string;
  let values: Record<string, string>;
  beforeAll(async () => {
    ({ specId } = await importSpec(service.organization, document));
    const { organizationId } = service.organization;
    const [keyId, eventId] = [organizationId, someId];
    const keys = {
      phaseKey: 'phase-1',
      sectionKey: 'overview',
      revision: '1',
      templateKey: 'spec',
      groupKey: 'security',
      holdKey: 'audit',
      policyKey: 'security',
      packKey: 'security',
      ruleKey: 'template.sections.required',
      path: 'AGENTS.md',
      consumerKey: 'ci',
      view: 'activity',
    };
    const said = { voteId: someId, concernId: someId, overrideId: someId, threadId: someId, commentId: someId };
    const judged = { reportId: someId, linkId: someId, attestationId: someId, waiverId: someId };
    const ofWebhooks = { endpointId: someId, deliveryId: someId, replayId: someId, exportId: someId, shareId: someId };
    values = {
      organizationId,
      specId,
      relatedSpecId: someId,
      eventId,
      keyId,
      memberId: someId,
      ...said,
      ...judged,
      ...keys,
      ...ofWebhooks,
    };
  });
  const fill = (path: string, over: Record<string, string> = {}) =>
    path.replace(/\{(\w+)\}/g, (_, name: string) => over[name] ?? values[name] ?? '');
  const call = (
    { method, path, body }: Operation,
    { query = '', over = {} }: { query?: string; over?: Record<string, string> } = {},
    tenant: Tenant = service.organization,
  ) => {
    const url = fill(path, over) + query;
    const request = service.anonymous()[method](url).set('authorization', `Bearer ${tenant.apiKey}`);
    return (method === 'get' ? request : request.set('if-match', '*')).send(body ? {} : undefined);
  };

  test('is tested on every operation of the document', () => {
    expect(tenantOperations.length).toBeGreaterThan(20);
  });

  test.each(tenantOperations)('because %s has no such parameter', async (_, operation) => {
    expectProblem(await call(operation, { query: '?nonsense=1' }), 400, 'unknown_query_parameter');
    expectProblem(await call(operation, { query: '?constructor=1' }), 400, 'unknown_query_parameter');
    expectProblem(await call(operation, { query: '?__proto__=1' }), 400, 'unknown_query_parameter');
    expectProblem(await call(operation, { query: '?a=%00' }), 400, 'forbidden_character');
  });

  test.each(['if-none-match', 'prefer'])('because its %s is longer than the document says', async (name) => {
    const read = (length: number) => service.organization.request('get', '/specs').set(name, ','.repeat(length));
    await read(4096).expect(200);
    expectProblem(await read(4097), 400, 'invalid_request');
  });

  test('because opening an organization takes no parameter', async () => {
    const open = service.anonymous().post('/v1/organizations?nonsense=1');
    const answer = await open.set('authorization', `Bearer ${operatorKey}`).send({ name: 'A' });
    expectProblem(answer, 400, 'unknown_query_parameter');
  });

  test.each(tenantOperations)('because %s gets ids that are none', async (_, operation) => {
    const names = [...operation.path.matchAll(/\{(\w+Id)\}/g)].map(([, name = '']) => name);
    for (const name of names) {
      for (const bad of ['7', 'not-a-uuid', `${someId}0`, '%F0%9F%98%80', `${someId}%0A`, "'%20or%201=1"]) {
        const answer = await call(operation, { over: { [name]: bad } });
        if (name === 'organizationId') expectProblem(answer, 404, 'not_found');
        // A body that is wrong as well may be named first.
        else expect(['invalid_request', 'validation_failed']).toContain((answer.body as { code: string }).code);
      }
    }
  });

  test('because a well-formed id names nothing', async () => {
    for (const [, operation] of tenantOperations.filter(
      ([, { method, path }]) => method === 'get' && /specId/.test(path),
    )) {
      expectProblem(await call(operation, { over: { specId: someId } }), 404, 'not_found');
    }
    for (const key of ['nowhere', 'UPPER', 'a%20b', '%E2%82%AC', 'x'.repeat(400)]) {
      expectProblem(await service.organization.request('get', `/specs/${specId}/sections/${key}`), 404, 'not_found');
      expectProblem(await service.organization.request('get', `/templates/${key}`), 404, 'not_found');
    }
  });

  test('because nothing exists to be written to, whatever If-Match says', async () => {
    const put = service.organization.request('put', `/specs/${someId}`).set('if-match', '*');
    expectProblem(await sendMarkdown(put, document), 404, 'not_found');
    const commands = service.organization.request('post', `/specs/${someId}/commands`).set('if-match', '*');
    const creation = [{ name: 'spec.document.create', body: { title: 'Mine' } }];
    expectProblem(await commands.send({ commands: creation }), 404, 'not_found');
    const section = service.organization.request('patch', `/specs/${specId}/sections/nowhere`).set('if-match', '"1"');
    expectProblem(await section.send({ body: 'Text.' }), 404, 'not_found');
    await service.organization.request('get', `/specs/${someId}`).expect(404);
  });

  test.each(['/', '/v1', '/v1/specs', '/v1/organizations/', '/v2/organizations', '/health', '/%00', '/a%00b'])(
    'because there is nothing at %s',
    async (path) => {
      const answer = await service.anonymous().get(path).set('authorization', `Bearer ${service.organization.apiKey}`);
      const [status, code] = path.includes('%00')
        ? ([400, 'forbidden_character'] as const)
        : ([404, 'not_found'] as const);
      expectProblem(answer, status, code);
    },
  );

  test.each(['%', '%zz', '%ff', '%c0%80', '%ed%a0%80'])('because the path holds %s', async (bad) => {
    const answer = await service.organization.request('get', `/specs/${bad}`);
    expectProblem(answer, 400, 'invalid_request');
  });

  test('because a part of the path is far too long', async () => {
    const answer = await service.organization.request('get', `/specs/${'x'.repeat(2000)}`);
    expect([400, 404, 414]).toContain(answer.status);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  });

  test('because the resource has no such method, and Allow says which it has', async () => {
    const allowed: [method: 'put' | 'delete' | 'patch' | 'post' | 'options', path: string, allow: string][] = [
      ['delete', fill(`${tenantPath}/specs`), 'GET, HEAD, POST'],
      ['post', fill(`${tenantPath}/specs/{specId}`), 'GET, HEAD, PUT'],
      ['put', fill(`${tenantPath}/specs/{specId}/sections/overview`), 'DELETE, GET, HEAD, PATCH'],
      ['patch', '/v1/organizations', 'POST'],
      ['options', fill(tenantPath), 'GET, HEAD'],
      ['post', '/health/ready', 'GET, HEAD'],
    ];
    for (const [method, path, allow] of allowed) {
      const answer = await service.anonymous()[method](path);
      expectProblem(answer, 405, 'method_not_allowed');
      expect(answer.headers.allow).toBe(allow);
    }
    const head = await service.anonymous().head('/v1/organizations');
    expect([head.status, head.headers.allow]).toEqual([405, 'POST']);
    // A method that must have a body, and comes without.
    const query = await fetch(`${await service.app.getUrl()}/v1/status`, { method: 'QUERY' });
    expect([query.status, query.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  test('but HEAD is what GET is, without the body', async () => {
    const url = fill(`${tenantPath}/specs/{specId}`);
    const head = await service.anonymous().head(url).set('authorization', `Bearer ${service.organization.apiKey}`);
    expect(head.status).toBe(200);
    expect(head.headers.etag).toBe('"1"');
    expect(head.text ?? '').toBe('');
    const missing = await service.anonymous().head(url.replace(specId, someId));
    expect(missing.status).toBe(401);
  });
});
