import { describe, expect, test } from 'vitest';
import { Sealer } from '../src/modules/audit/sealer.js';
import { operationBodies } from './support/operation-bodies.js';
import type { Service } from './support/service.js';
import { operatorKey, startService } from './support/service.js';
import { alerts, expectProblem, footprint, importSpec, operations, sendMarkdown } from './support/specs.js';

describe('a key', () => {
  const service = startService();
  const issue = async ({ organization }: Service, role: string) => {
    const answer = await organization.request('post', '/api-keys').send({ name: role, role }).expect(201);
    return answer.body as { keyId: string; apiKey: string };
  };

  test('of a reader reads and does not write', async () => {
    const { organization } = service;
    const { specId } = await importSpec(organization, alerts);
    const { apiKey } = await issue(service, 'reader');
    const before = await footprint(service);
    await organization.request('get', `/specs/${specId}`, apiKey).expect(200);
    expectProblem(await sendMarkdown(organization.request('post', '/specs', apiKey), alerts), 403, 'not_permitted');
    const path = `/specs/${specId}/sections/overview`;
    const change = organization.request('patch', path, apiKey).set('if-match', '*').send({ body: 'Mine.' });
    expectProblem(await change, 403, 'not_permitted');
    const remove = organization.request('delete', path, apiKey).set('if-match', '*');
    expectProblem(await remove, 403, 'not_permitted');
    expect(await footprint(service)).toEqual(before);
  });

  test('of an auditor reads the trail, evidence and who has keys, and can do nothing else', async () => {
    const { organization } = service;
    const { specId } = await importSpec(organization, alerts);
    const { apiKey } = await issue(service, 'auditor');
    await service.app.get(Sealer).sealNow();
    const before = await footprint(service);
    for (const path of ['/audit/events', '/audit/seals', '/audit/evidence', '/audit/views/actors', '/api-keys']) {
      await organization.request('get', path, apiKey).expect(200);
    }
    const { organizationId } = organization;
    const keys = { sectionKey: 'overview', templateKey: 'spec', revision: '1' };
    const values: Record<string, string> = { organizationId, specId, keyId: organizationId, memberId: specId, ...keys };
    // Who may read may have a text looked through, and an auditor takes the trail along: history is not written by it.
    const mayAudit = [
      'lintDocument',
      'startAuditExport',
      'withdrawAuditExport',
      'createAuditShare',
      'revokeAuditShare',
    ];
    const writes = operations().filter(
      ({ operationId, path, method }) =>
        path.includes('{organizationId}') && method !== 'get' && !mayAudit.includes(operationId),
    );
    expect(writes.length).toBeGreaterThan(40);
    for (const { operationId, method, path, body } of writes) {
      const url = path.replace(
        /\{(\w+)\}/g,
        (_, name: string) => values[name] ?? (name.endsWith('Id') ? specId : 'house'),
      );
      const write = service.anonymous()[method](url).set('authorization', `Bearer ${apiKey}`).set('if-match', '*');
      const answer = await write.send(body ? operationBodies[operationId] : undefined);
      expect([answer.status, (answer.body as { code: string }).code], operationId).toEqual([403, 'not_permitted']);
    }
    expect(await footprint(service)).toEqual(before);
  });

  test('of a writer writes and does not manage keys or templates', async () => {
    const { organization } = service;
    const { apiKey, keyId } = await issue(service, 'writer');
    await sendMarkdown(organization.request('post', '/specs', apiKey), alerts).expect(201);
    const before = await footprint(service);
    const keys = organization.request('post', '/api-keys', apiKey).send({ name: 'more', role: 'admin' });
    expectProblem(await keys, 403, 'not_permitted');
    expectProblem(await organization.request('get', '/api-keys', apiKey), 403, 'not_permitted');
    expectProblem(await organization.request('delete', `/api-keys/${keyId}`, apiKey), 403, 'not_permitted');
    const template = { key: 'mine', title: 'Mine', markdown: '## One\n' };
    expectProblem(await organization.request('post', '/templates', apiKey).send(template), 403, 'not_permitted');
    expect(await footprint(service)).toEqual(before);
  });

  test('of the operator opens organizations, and nothing else does', async () => {
    const open = (key: string) =>
      service.anonymous().post('/v1/organizations').set('authorization', `Bearer ${key}`).send({ name: 'New Ltd' });
    await open(operatorKey).expect(201);
    for (const key of [service.organization.apiKey, 'wrong', `${operatorKey}x`]) {
      expectProblem(await open(key), 401, 'unauthenticated');
    }
    expectProblem(await service.anonymous().post('/v1/organizations').send({ name: 'A' }), 401, 'unauthenticated');
  });

  test('that was revoked is dead at once', async () => {
    const { organization } = service;
    const { apiKey, keyId } = await issue(service, 'writer');
    await organization.request('get', '/specs', apiKey).expect(200);
    await organization.request('delete', `/api-keys/${keyId}`).expect(200);
    expectProblem(await organization.request('get', '/specs', apiKey), 401, 'unauthenticated');
  });
});
