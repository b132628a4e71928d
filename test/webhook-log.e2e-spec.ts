import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Subscriptions } from '../src/modules/event-store/subscriptions.js';
import type { Tenant } from './support/service.js';
import { runOn, startService } from './support/service.js';
import { documentOf, expectProblem, importSpec } from './support/specs.js';
import { createEndpoint, onLoopback, startReceiver } from './support/webhooks.js';

const document = documentOf('Alerts', { Overview: 'Old.', Rollout: 'Slow.' });
const service = startService(() => ({ webhooks: onLoopback }));
const receiver = startReceiver();
let tenant: Tenant;
let path: string;
let number = 0;

type Delivery = {
  deliveryId: string;
  eventId: string;
  status: string;
  type: string;
  cause: string;
  attempts: number;
  specId: string;
};

beforeEach(async () => {
  tenant = await service.newOrganization();
  path = `/${++number}`;
  receiver.respond = (_, response) => void response.writeHead(204).end();
});

const hear = (more: object = {}) => createEndpoint(tenant, receiver.url + path, { eventTypes: ['spec.*'], ...more });
const caughtUp = () => service.app.get(Subscriptions).catchUp('webhooks', 10_000);
const get = async <T>(url: string) => (await tenant.request('get', url).expect(200)).body as T;
const deliveries = async (query = '') => (await get<{ items: Delivery[] }>(`/webhook-deliveries${query}`)).items;
const settled = async (status: string, count: number) => {
  await vi.waitFor(async () => expect(await deliveries(`?status=${status}&limit=100`)).toHaveLength(count), 15_000);
  return deliveries(`?status=${status}&limit=100`);
};

describe('the log', () => {
  test('has each delivery with its attempts, what was answered and how long that took', async () => {
    receiver.respond = (_, response) => {
      response.writeHead(200, { 'x-said': 'thanks', 'set-cookie': 'a=b' }).end('It is here.');
    };
    await hear();
    const { specId } = await importSpec(tenant, document);
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
    const specs = [await importSpec(tenant, document), await importSpec(tenant, document)];
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
    type Page = { items: Delivery[]; page: { next: string } };
    const first = await get<Page>('/webhook-deliveries?limit=3');
    const second = await get<Page>(`/webhook-deliveries?limit=3&cursor=${first.page.next}`);
    expect([...first.items, ...second.items]).toEqual(all);
    expectProblem(await tenant.request('get', '/webhook-deliveries?type=a'), 400, 'invalid_request');
    expectProblem(await tenant.request('get', '/webhook-deliveries?colour=red'), 400, 'unknown_query_parameter');
  });

  test('says why there was no answer, in a word, and when it is tried again', async () => {
    await hear();
    receiver.respond = (request) => void request.socket.resetAndDestroy();
    await importSpec(tenant, document);
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
    await importSpec(tenant, document);
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
    await importSpec(tenant, document);
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

describe('a message', () => {
  test('is sent again as a delivery of its own, with the same id; once for each Idempotency-Key', async () => {
    await hear();
    await importSpec(tenant, document);
    const [delivery] = await settled('delivered', 1);
    const again = () =>
      tenant
        .request('post', `/webhook-deliveries/${delivery?.deliveryId}/resend`)
        .set('idempotency-key', 'again')
        .expect(202);
    const resent = (await again()).body as Delivery;
    expect(resent).toMatchObject({ eventId: delivery?.eventId, cause: 'resend' });
    expect(resent.deliveryId).not.toBe(delivery?.deliveryId);
    expect((await again()).body).toMatchObject({ deliveryId: resent.deliveryId });
    const received = await receiver.until(2, path);
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(received[0]?.body).toBe(received[1]?.body);
    await settled('delivered', 2);
  });

  test('that waits is given up when it is cancelled, and what waits behind it goes on', async () => {
    const { endpointId } = await hear({ order: 'strict' });
    receiver.respond = (_, response, { message }) =>
      void response
        .writeHead(message.data.spec && (message.data.spec as { number: number }).number === 1 ? 500 : 204)
        .end();
    await importSpec(tenant, document);
    await importSpec(tenant, document);
    const waiting = async () => (await deliveries('?status=pending')).sort((a, b) => b.attempts - a.attempts);
    await vi.waitFor(async () => expect(await waiting()).toMatchObject([{ attempts: 1 }, { attempts: 0 }]), 15_000);
    const [head] = await waiting();
    const cancelled = await tenant.request('post', `/webhook-deliveries/${head?.deliveryId}/cancel`).expect(202);
    expect(cancelled.body).toMatchObject({ status: 'cancelled', nextAttemptAt: null });
    await settled('delivered', 1);
    const unchanged = await tenant.request('post', `/webhook-deliveries/${head?.deliveryId}/cancel`).expect(202);
    expect(unchanged.body).toEqual(cancelled.body);
    expect(await get(`/webhook-endpoints/${endpointId}/statistics`)).toMatchObject({ pending: 0 });
  });
});

describe('a replay', () => {
  test('delivers in the order of history what happened while the endpoint was paused, as it was counted', async () => {
    const { endpointId } = await hear();
    await tenant.request('post', `/webhook-endpoints/${endpointId}/pause`).send({}).expect(200);
    const { specId } = await importSpec(tenant, document);
    for (const body of ['One.', 'Two.', 'Three.']) {
      await tenant
        .request('patch', `/specs/${specId}/sections/overview`)
        .set('if-match', '*')
        .send({ body })
        .expect(200);
    }
    await importSpec(tenant, document);
    await caughtUp();
    expect(await deliveries('?status=skipped')).toHaveLength(5);
    expect(receiver.at(path)).toHaveLength(0);
    await tenant.request('post', `/webhook-endpoints/${endpointId}/resume`).expect(200);
    const filter = { type: 'spec.*', specId };
    const counted = await get(`/webhook-endpoints/${endpointId}/replay-count?type=spec.*&specId=${specId}`);
    expect(counted).toEqual({ total: 4 });
    const start = () =>
      tenant
        .request('post', `/webhook-endpoints/${endpointId}/replays`)
        .set('idempotency-key', 'r')
        .send(filter)
        .expect(202);
    const { replayId } = (await start()).body as { replayId: string };
    expect((await start()).body).toMatchObject({ replayId });
    const received = await receiver.until(4, path);
    expect(received.map(({ message }) => message.data.version)).toEqual([1, 2, 3, 4]);
    await vi.waitFor(
      async () =>
        expect(await get(`/webhook-replays/${replayId}`)).toMatchObject({ status: 'succeeded', total: 4, done: 4 }),
      15_000,
    );
    expect(await deliveries('?status=skipped')).toHaveLength(5);
    expect((await settled('delivered', 4)).every(({ cause }) => cause === 'replay')).toBe(true);
  });

  test('that was cancelled stays so, and one of nothing ends at once', async () => {
    const { endpointId } = await hear();
    const started = await tenant.request('post', `/webhook-endpoints/${endpointId}/replays`).send({}).expect(202);
    const { replayId, total } = started.body as { replayId: string; total: number };
    expect(total).toBe(0);
    await vi.waitFor(
      async () => expect(await get(`/webhook-replays/${replayId}`)).toMatchObject({ status: 'succeeded' }),
      15_000,
    );
    const after = await tenant.request('post', `/webhook-replays/${replayId}/cancel`).expect(202);
    expect(after.body).toMatchObject({ status: 'succeeded' });
  });

  test('of nothing is no failure where the endpoint was made a moment ago, and sending to it not yet prepared', async () => {
    const { endpointId } = await hear();
    await caughtUp();
    await runOn(service.databaseUrl, `delete from specline.webhook_lane where endpoint_id = '${endpointId}'`);
    const started = await tenant.request('post', `/webhook-endpoints/${endpointId}/replays`).send({}).expect(202);
    const { replayId } = started.body as { replayId: string };
    await vi.waitFor(
      async () =>
        expect(await get(`/webhook-replays/${replayId}`)).toMatchObject({ finishedAt: expect.any(String) as string }),
      15_000,
    );
    expect(await get(`/webhook-replays/${replayId}`)).toMatchObject({ status: 'succeeded', total: 0, problem: null });
  });
});
