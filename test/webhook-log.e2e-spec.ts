import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Tenant } from './support/service.js';
import { startService } from './support/service.js';
import { alerts, expectProblem, importSpec } from './support/specs.js';
import type { DeliveryJson } from './support/webhook-log.js';
import { deliveriesOf, readFrom, settledAs } from './support/webhook-log.js';
import { createEndpoint, onLoopback, startReceiver } from './support/webhooks.js';

const service = startService(() => ({ webhooks: onLoopback }));
const receiver = startReceiver();
let tenant: Tenant;
let path: string;
let number = 0;

beforeEach(async () => {
  tenant = await service.newOrganization();
  path = `/${++number}`;
  receiver.respond = (_, response) => void response.writeHead(204).end();
});

const hear = (more: object = {}) => createEndpoint(tenant, receiver.url + path, { eventTypes: ['spec.*'], ...more });
const get = <T>(url: string) => readFrom<T>(tenant, url);
const deliveries = (query?: string) => deliveriesOf(tenant, query);
const settled = (status: string, count: number) => settledAs(tenant, status, count);

describe('the log', () => {
  test('has each delivery with its attempts, what was answered and how long that took', async () => {
    receiver.respond = (_, response) => {
      response.writeHead(200, { 'x-said': 'thanks', 'set-cookie': 'a=b' }).end('It is here.');
    };
    await hear();
    const { specId } = await importSpec(tenant, alerts);
    const [delivery] = await settled('delivered', 1);
    if (!delivery) throw new Error('nothing was delivered');
    expect(delivery).toMatchObject({
      type: 'spec.document.imported',
      specId,
      cause: 'event',
      attempts: 1,
      lastStatus: 200,
    });
    expect(delivery.eventId).toBe(receiver.at(path)[0]?.headers['webhook-id']);
    expect(await get(`/webhook-deliveries/${delivery.deliveryId}`)).toEqual(delivery);
    const { items } = await get<{ items: object[] }>(`/webhook-deliveries/${delivery.deliveryId}/attempts`);
    expect(items).toMatchObject([
      {
        number: 1,
        outcome: 'delivered',
        status: 200,
        error: null,
        responseBody: 'It is here.',
        truncated: false,
        nextAttemptAt: null,
        responseHeaders: { 'x-said': 'thanks' },
        times: { dns: null, tls: null, connect: expect.any(Number) as number, total: expect.any(Number) as number },
      },
    ]);
    expect(JSON.stringify(items)).not.toContain('set-cookie');
  });

  test('is filtered, and read in pages', async () => {
    await hear();
    const specs = [await importSpec(tenant, alerts), await importSpec(tenant, alerts)];
    for (const { specId } of specs) {
      await tenant
        .request('put', `/specs/${specId}/labels`)
        .set('if-match', '*')
        .send({ labels: ['a'] })
        .expect(200);
    }
    const all = await settled('delivered', 4);
    expect(all.map(({ deliveryId }) => deliveryId)).toEqual(
      all
        .map(({ deliveryId }) => deliveryId)
        .sort()
        .reverse(),
    );
    expect(await deliveries(`?specId=${specs[0]?.specId}`)).toHaveLength(2);
    expect(await deliveries('?type=spec.document.labelled')).toHaveLength(2);
    expect(await deliveries('?type=spec.document.*')).toHaveLength(4);
    expect(await deliveries('?type=comment.*')).toHaveLength(0);
    expect(await deliveries('?status=failed')).toHaveLength(0);
    expect(await deliveries('?until=2020-01-01T00:00:00Z')).toHaveLength(0);
    expect(await deliveries('?since=2020-01-01T00:00:00Z')).toHaveLength(4);
    type Page = { items: DeliveryJson[]; page: { next: string } };
    const first = await get<Page>('/webhook-deliveries?limit=3');
    const second = await get<Page>(`/webhook-deliveries?limit=3&cursor=${first.page.next}`);
    expect([...first.items, ...second.items]).toEqual(all);
    expectProblem(await tenant.request('get', '/webhook-deliveries?type=a'), 400, 'invalid_request');
    expectProblem(await tenant.request('get', '/webhook-deliveries?colour=red'), 400, 'unknown_query_parameter');
  });

  test('says why there was no answer, in a word, and when it is tried again', async () => {
    await hear();
    receiver.respond = (request) => void request.socket.resetAndDestroy();
    await importSpec(tenant, alerts);
    await vi.waitFor(
      async () => expect((await deliveries())[0]).toMatchObject({ attempts: 1, lastError: 'reset' }),
      15_000,
    );
    const [delivery] = await deliveries();
    expect(delivery).toMatchObject({ status: 'pending', nextAttemptAt: expect.any(String) as string });
    const { items } = await get<{ items: object[] }>(`/webhook-deliveries/${delivery?.deliveryId}/attempts`);
    expect(items).toMatchObject([{ outcome: 'failed', status: null, error: 'reset' }]);
  });

  test('comes to statistics of each endpoint', async () => {
    const { endpointId } = await hear();
    await importSpec(tenant, alerts);
    await settled('delivered', 1);
    expect(await get(`/webhook-endpoints/${endpointId}/statistics`)).toMatchObject({
      pending: 0,
      inFlight: 0,
      delivered: 1,
      failed: 0,
      attempts: 1,
      failuresInARow: 0,
      blockedUntil: null,
      medianMilliseconds: expect.any(Number) as number,
    });
  });

  test('of another organization is not there', async () => {
    const { endpointId } = await hear();
    await importSpec(tenant, alerts);
    const [delivery] = await settled('delivered', 1);
    const stranger = await service.newOrganization();
    const id = delivery?.deliveryId;
    for (const url of [
      `/webhook-deliveries/${id}`,
      `/webhook-deliveries/${id}/attempts`,
      `/webhook-endpoints/${endpointId}/statistics`,
    ]) {
      expectProblem(await stranger.request('get', url), 404, 'not_found');
    }
    for (const url of [`/webhook-deliveries/${id}/resend`, `/webhook-deliveries/${id}/cancel`]) {
      expectProblem(await stranger.request('post', url), 404, 'not_found');
    }
    expectProblem(
      await stranger.request('post', `/webhook-endpoints/${endpointId}/replays`).send({}),
      404,
      'not_found',
    );
    const list = await stranger.request('get', '/webhook-deliveries').expect(200);
    expect((list.body as { items: object[] }).items).toEqual([]);
  });
});
