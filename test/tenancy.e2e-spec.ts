import { beforeAll, describe, expect, test } from 'vitest';
import { operationBodies } from './support/operation-bodies.js';
import type { Tenant } from './support/service.js';
import { operatorKey, startService } from './support/service.js';
import type { Operation } from './support/specs.js';
import { documentOf, expectProblem, footprint, importSpec, operations, sendMarkdown } from './support/specs.js';
import { furnish, secret, secretDocument } from './support/victim.js';

/** Operations that make what they do not find. */
const makesOne = /^(?:putGroup|putReviewPolicy|putRuleSource|publishRulePack|putConsumer)/;

const bodies: Record<string, object> = { ...operationBodies };
const queries: Record<string, (specId: string) => string> = {
  unrelateSpec: (specId) => `?type=relates_to&relatedSpecId=${specId}`,
};

/** Whether the path names something that only its organization has. */
const isFound = (path: string): boolean =>
  /specId|keyId|eventId|templateKey|memberId|groupKey|policyKey|threadId|waiverId|consumerKey|endpointId|deliveryId|replayId|exportId|shareId/.test(
    path,
  );

describe('of another organization', () => {
  const service = startService();
  let victim: Tenant;
  let stranger: Tenant;
  let values: Record<string, string>;
  beforeAll(async () => {
    victim = service.organization;
    stranger = await service.newOrganization();
    values = await furnish(service, victim);
    bodies.relateSpec = { type: 'relates_to', relatedSpecId: values.specId };
    await importSpec(stranger, documentOf('Mine', { Overview: 'Mine.' }));
  });

  const call = ({ operationId, method, path, body }: Operation, key: string, organizationId: string) => {
    const query = queries[operationId]?.(values.specId ?? '') ?? '';
    const url = path.replace(/\{(\w+)\}/g, (_, name: string) =>
      name === 'organizationId' ? organizationId : (values[name] ?? ''),
    );
    const agent = service.anonymous();
    const request = agent[method](url + query).set('authorization', `Bearer ${key}`);
    return (method === 'get' ? request : request.set('if-match', '*')).send(body ? bodies[operationId] : undefined);
  };
  const all = operations()
    .filter(({ path }) => path.startsWith('/v1/') && path.includes('{organizationId}'))
    .map((operation): [string, Operation] => [operation.operationId, operation]);

  test('the operations of the document are all known here', () => {
    expect(all.filter(([id, { body }]) => body && !(id in bodies)).map(([id]) => id)).toEqual([]);
    expect(all.length).toBeGreaterThan(20);
  });

  test.each(all)('%s is not found, and nothing happens', async (_, operation) => {
    const before = await footprint(service);
    const answer = await call(operation, stranger.apiKey, victim.organizationId);
    expectProblem(answer, 404, 'not_found');
    expect(answer.text).not.toContain(secret);
    expect(await footprint(service)).toEqual(before);
  });

  test.each(all.filter(([id, { path }]) => isFound(path) && !makesOne.test(id)))(
    '%s finds none of its things under one’s own path',
    async (_, operation) => {
      const before = await footprint(service);
      const answer = await call(operation, stranger.apiKey, stranger.organizationId);
      expectProblem(answer, 404, 'not_found');
      expect(await footprint(service)).toEqual(before);
    },
  );

  test.each(all)('%s needs a key', async (_, operation) => {
    for (const key of ['', 'spk_wrong', operatorKey, 'é', `${victim.apiKey}x`]) {
      const answer = await call(operation, key, victim.organizationId);
      expectProblem(answer, 401, 'unauthenticated');
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
    }
  });

  test('lists, searches and relations show nothing', async () => {
    for (const path of [
      '/specs',
      `/specs?q=${secret}`,
      '/templates',
      '/templates?',
      '/api-keys',
      '/members',
      '/groups',
      '/review-policies',
      '/overrides',
      '/legal-holds',
      '/compliance/waivers',
    ]) {
      const answer = await stranger.request('get', path).expect(200);
      expect(answer.text).not.toContain(secret);
      expect(answer.text).not.toContain(victim.organizationId);
    }
    const { specId } = await importSpec(stranger, secretDocument.replaceAll(secret, 'Mine'));
    const relate = stranger.request('post', `/specs/${specId}/relations`).set('if-match', '*');
    expectProblem(await relate.send(bodies.relateSpec), 422, 'invalid_relation');
    const put = stranger.request('put', `/specs/${specId}`).set('if-match', '*');
    const relations = [{ type: 'relates_to', specId: values.specId }];
    expectProblem(await put.send({ sections: [], relations }), 422, 'invalid_relation');
    const importing = stranger.request('post', '/specs?template=house');
    expectProblem(await sendMarkdown(importing, secretDocument), 422, 'unknown_template');
  });

  test('the schemes of the Authorization header other than Bearer open nothing', async () => {
    for (const header of [victim.apiKey, `Basic ${victim.apiKey}`, `Bearer`, `Bearer  `, `Token ${victim.apiKey}`]) {
      const read = service.anonymous().get(`/v1/organizations/${victim.organizationId}/specs`);
      expectProblem(await read.set('authorization', header), 401, 'unauthenticated');
    }
  });
});
