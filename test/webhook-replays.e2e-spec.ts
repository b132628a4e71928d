import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Subscriptions } from '../src/modules/event-store/subscriptions.js';
import type { Tenant } from './support/service.js';
import { runOn, startService } from './support/service.js';
import { alerts, importSpec } from './support/specs.js';
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
const caughtUp = () => service.app.get(Subscriptions).catchUp('webhooks', 10_000);
const get = <T>(url: string) => readFrom<T>(tenant, url);
const deliveries = (query?: string) => deliveriesOf(tenant, query);
const settled = (status: string, count: number) => settledAs(tenant, status, count);

describe('a message', () => {
  test('is sent again as a delivery of its own, with the same id; once for each Idempotency-Key', async () => {
    await hear();
    await importSpec(tenant, alerts);
    const [delivery] = await settled('delivered', 1);
    const again = () =>
      tenant
        .request('post', `/webhook-deliveries/${delivery?.deliveryId}/resend`)
        .set('idempotency-key', 'again')
        .expect(202);
    const resent = (await again()).body as DeliveryJson;
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
    await importSpec(tenant, alerts);
    await importSpec(tenant, alerts);
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
    const { specId } = await importSpec(tenant, alerts);
    for (const body of ['One.', 'Two.', 'Three.']) {
      await tenant
        .request('patch', `/specs/${specId}/sections/overview`)
        .set('if-match', '*')
        .send({ body })
        .expect(200);
    }
    await importSpec(tenant, alerts);
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
