import type { Response } from 'supertest';
import { beforeAll, describe, expect, test } from 'vitest';
import { AccessRecorder } from '../src/modules/audit/access-recorder.js';
import type { ExampleGround } from './support/example-ground.js';
import { makeExampleGround } from './support/example-ground.js';
import { exampleNeeds, sendExample } from './support/example-requests.js';
import type { Placed } from './support/openapi-document.js';
import { documentedOperations, expectDocumented } from './support/openapi-document.js';
import { startService } from './support/service.js';
import { onLoopback, startReceiver } from './support/webhooks.js';

const isSimulation = ({ body }: Response): boolean => (body as { simulation?: object }).simulation !== undefined;

/**
 * The first answer again, but for secrets, which are not kept, and for how far it is where work goes on behind the answer.
 * A simulation does nothing that could be repeated.
 */
function expectRepetition(first: Response, again: Response): void {
  expect(again.headers['idempotency-replayed'], again.text).toBe(isSimulation(first) ? undefined : 'true');
  const goesOn = first.status === 202;
  const kept = Object.entries(again.body as object).filter(
    ([name, value]) => value !== null && (!goesOn || name.endsWith('Id')),
  );
  expect(first.body).toMatchObject(Object.fromEntries(kept));
  expect(again.status).toBe(first.status);
}

describe('the OpenAPI document has examples that work:', () => {
  const service = startService(() => ({ webhooks: onLoopback }));
  const receiver = startReceiver();
  const written = new Set<string>();
  let ground: ExampleGround;
  beforeAll(async () => {
    ground = await makeExampleGround(service, receiver);
  });
  const send = (placed: Placed, how?: { mediaType?: string; headers?: Record<string, string> }) =>
    sendExample(service, ground, placed, how);

  // What takes away what other examples need comes last.
  const last = ['deleteComment', 'removeSection', 'revokeApiKey', 'removeMember', 'removeGroup', 'removeConsumer'];
  last.push('changeWebhookEndpoint', 'deleteWebhookEndpoint', 'withdrawAuditExport');
  last.push(...documentedOperations.map(([id]) => id).filter((id) => /Shared/.test(id)), 'revokeAuditShare');
  const inOrder = [...documentedOperations].sort(([a], [b]) => last.indexOf(a) - last.indexOf(b));

  test.each(inOrder)('%s', async (operationId, one) => {
    await exampleNeeds[operationId]?.(service, ground);
    for (const mediaType of Object.keys(one.operation.requestBody?.content ?? { '': {} })) {
      const answer = await send(one, { ...(mediaType && { mediaType }), headers: { 'x-request-id': operationId } });
      if (one.method !== 'get' && !isSimulation(answer) && !one.operation.security) written.add(operationId);
      expect(answer.status, answer.text).toBeLessThan(300);
      expectDocumented(one.operation, answer);
      const takesKey = one.operation.parameters.some(({ name }) => name === 'Idempotency-Key');
      if (takesKey) expectRepetition(answer, await send(one, mediaType ? { mediaType } : {}));
    }
    for (const mediaType of Object.keys(one.operation.responses['200']?.content ?? {})) {
      if (one.method === 'get') expectDocumented(one.operation, await send(one, { headers: { accept: mediaType } }));
    }
  });

  test('every write of an organization is in its trail, unless it changes nothing, or no more than a bookmark', async () => {
    const unchanged = ['lintDocument', 'labelSpec', 'assignOwner', 'issueComplianceReport'];
    const bookmarks = ['putConsumer', 'commitConsumer', 'removeConsumer'];
    await service.app.get(AccessRecorder).settled();
    const missing: string[] = [];
    for (const id of written) {
      const read = service.organization.request('get', `/audit/events?correlation=${id}&limit=1`);
      const { items } = (await read.set('prefer', 'wait=20').expect(200)).body as { items: unknown[] };
      if (items.length === 0) missing.push(id);
    }
    expect(missing.sort()).toEqual([...unchanged, ...bookmarks].sort());
  });

  test.each(documentedOperations)('%s says no as it is documented', async (_, one) => {
    const { operation } = one;
    const mediaType = Object.keys(operation.requestBody?.content ?? {})[0];
    const refused = [
      await send(one, { mediaType, headers: { authorization: 'Bearer nonsense' } }),
      await send({ ...one, path: `${one.path}?nonsense=1` }, { mediaType }),
      await send(one, { mediaType: 'text/plain' }),
      await send(one, { headers: { accept: 'image/png' } }),
      await send({ ...one, path: one.path.replace('{specId}', service.organization.organizationId) }, { mediaType }),
    ];
    for (const answer of refused) expectDocumented(operation, answer);
  });
});
