import type { ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { retryDelays } from '../src/modules/webhooks/retry-schedule.js';
import { WebhookClock } from '../src/modules/webhooks/webhook-clock.js';
import type { Tenant } from './support/service.js';
import { startService } from './support/service.js';
import { documentOf, importSpec } from './support/specs.js';
import { createEndpoint, onLoopback, readEndpoint, startReceiver } from './support/webhooks.js';

const document = documentOf('Alerts', { Overview: 'Old.' });
const service = startService(() => ({ webhooks: onLoopback }));
const receiver = startReceiver();
const day = 86_400_000;

type Delivery = { deliveryId: string; status: string; attempts: number; nextAttemptAt: string | null };
type Attempt = { startedAt: string; nextAttemptAt: string | null };
type Statistics = { blockedUntil: string | null; failuresInARow: number };

afterEach(() => vi.restoreAllMocks());

/** By how many milliseconds the clock of deliveries is ahead. */
let ahead = 0;
let organization: Tenant;
const clock = () => Date.now() + ahead;
beforeEach(async () => {
  ahead = 0;
  organization = await service.newOrganization();
  vi.spyOn(service.app.get(WebhookClock), 'now').mockImplementation(() => new Date(clock()));
});

const get = async <T>(url: string) => (await organization.request('get', url).expect(200)).body as T;
const delivery = async (specId: string) =>
  (await get<{ items: Delivery[] }>(`/webhook-deliveries?specId=${specId}&type=spec.*`)).items[0];

/** Moves the clock from attempt to attempt, until there is none left. */
async function tryThrough(specId: string): Promise<void> {
  for (let attempt = 1; attempt <= retryDelays.length; attempt++) {
    await vi.waitFor(
      async () => {
        const found = await delivery(specId);
        expect(found).toMatchObject({ attempts: attempt });
        expect(found?.status).not.toBe('in_flight');
      },
      { timeout: 15_000, interval: 50 },
    );
    const { nextAttemptAt } = (await delivery(specId)) ?? { nextAttemptAt: null };
    // The breaker may hold a message back for longer than its schedule: up to ten minutes.
    if (attempt < retryDelays.length) {
      ahead += Math.max(Date.parse(String(nextAttemptAt)) - clock(), 11 * 60_000) + 1;
    }
  }
}

describe('on a clock that is moved', () => {
  test('a message is tried ten times as the schedule says, its endpoint is warned about, disabled, and resumed', async () => {
    receiver.respond = ({ url }, response) => void response.writeHead(url === '/failing' ? 500 : 204).end();
    const failing = { eventTypes: ['spec.*'], order: 'none' };
    const { endpointId } = await createEndpoint(organization, `${receiver.url}/failing`, failing);
    await createEndpoint(organization, `${receiver.url}/watcher`, { eventTypes: ['webhook.endpoint.*'] });
    const { specId } = await importSpec(organization, document);
    await tryThrough(specId);
    expect(await delivery(specId)).toMatchObject({ status: 'failed', attempts: 10, nextAttemptAt: null });
    const { deliveryId } = (await delivery(specId)) ?? { deliveryId: '' };
    const { items } = await get<{ items: Attempt[] }>(`/webhook-deliveries/${deliveryId}/attempts`);
    expect(items).toHaveLength(10);
    items.slice(0, -1).forEach(({ startedAt, nextAttemptAt }, n) => {
      const [wait, base] = [Date.parse(String(nextAttemptAt)) - Date.parse(startedAt), retryDelays[n + 1] ?? 0];
      expect(wait, `before attempt ${n + 2}`).toBeGreaterThanOrEqual(base - 1);
      expect(wait, `before attempt ${n + 2}`).toBeLessThanOrEqual(base * 1.2 + 5_000);
    });
    const watched = () => receiver.at('/watcher').map(({ message: { type, data } }) => [type, data.about]);
    await vi.waitFor(() => expect(receiver.types('/watcher')).toContain('webhook.endpoint.warned'), 15_000);
    expect(await get<Statistics>(`/webhook-endpoints/${endpointId}/statistics`)).toMatchObject({ failuresInARow: 10 });

    // 75 hours and more have passed: the second warning comes with the first failure after four days.
    ahead = 4.5 * day;
    await importSpec(organization, document);
    await vi.waitFor(
      () => expect(watched().filter(([type]) => type === 'webhook.endpoint.warned')).toHaveLength(2),
      15_000,
    );
    expect(await readEndpoint(organization, endpointId)).toMatchObject({ status: 'active' });
    ahead = 5.1 * day;
    await vi.waitFor(
      async () =>
        expect(await readEndpoint(organization, endpointId)).toMatchObject({ status: 'disabled', reason: 'failing' }),
      15_000,
    );
    await vi.waitFor(() => expect(receiver.types('/watcher')).toContain('webhook.endpoint.disabled'), 15_000);
    const before = receiver.at('/failing').length;
    const skipped = await importSpec(organization, document);
    await vi.waitFor(async () => expect(await delivery(skipped.specId)).toMatchObject({ status: 'skipped' }), 15_000);
    expect(receiver.at('/failing')).toHaveLength(before);

    receiver.respond = (_, response) => void response.writeHead(204).end();
    await organization.request('post', `/webhook-endpoints/${endpointId}/resume`).expect(200);
    ahead += day;
    const again = await importSpec(organization, document);
    await vi.waitFor(async () => expect(await delivery(again.specId)).toMatchObject({ status: 'delivered' }), 15_000);
    expect(await get<Statistics>(`/webhook-endpoints/${endpointId}/statistics`)).toMatchObject({
      failuresInARow: 0,
      blockedUntil: null,
    });
  });

  test('a receiver that asks for time with 429 gets it, in both forms, and its other messages wait with it', async () => {
    let header = '7200';
    receiver.respond = ({ url }, response) =>
      void response.writeHead(url === '/busy' ? 429 : 204, { 'retry-after': header }).end();
    const { endpointId } = await createEndpoint(organization, `${receiver.url}/busy`, {
      eventTypes: ['spec.*'],
      order: 'none',
    });
    const blockedFor = async () => {
      const { blockedUntil } = await get<Statistics>(`/webhook-endpoints/${endpointId}/statistics`);
      return Date.parse(String(blockedUntil)) - clock();
    };
    const { specId } = await importSpec(organization, document);
    await vi.waitFor(
      async () => expect(await delivery(specId)).toMatchObject({ status: 'pending', attempts: 1 }),
      15_000,
    );
    expect(await blockedFor()).toBeGreaterThan(7_100_000);
    const { specId: waiting } = await importSpec(organization, document);
    await vi.waitFor(async () => expect(await delivery(waiting)).toMatchObject({ status: 'pending' }), 15_000);
    expect(receiver.at('/busy')).toHaveLength(1);
    header = new Date(clock() + 7_200_000 + 3 * 3_600_000).toUTCString();
    ahead += 7_200_000 + 1_000;
    await receiver.until(2, '/busy');
    await vi.waitFor(async () => expect(await blockedFor()).toBeGreaterThan(2.9 * 3_600_000), 15_000);
  });

  test('an endpoint in strict order halts where its head fails for good, and goes on with it when it is resumed', async () => {
    let isBroken = true;
    receiver.respond = ({ url }, response) => void response.writeHead(url === '/strict' && isBroken ? 500 : 204).end();
    const { endpointId } = await createEndpoint(organization, `${receiver.url}/strict`, {
      eventTypes: ['spec.*'],
      order: 'strict',
    });
    const first = await importSpec(organization, document);
    const second = await importSpec(organization, document);
    await tryThrough(first.specId);
    const halted = { status: 'disabled', reason: 'halted' };
    await vi.waitFor(async () => expect(await readEndpoint(organization, endpointId)).toMatchObject(halted), 15_000);
    expect(new Set(receiver.at('/strict').map(({ message }) => message.subject))).toEqual(new Set([first.specId]));
    expect(receiver.at('/strict')).toHaveLength(10);
    isBroken = false;
    await organization.request('post', `/webhook-endpoints/${endpointId}/resume`).expect(200);
    const received = await receiver.until(12, '/strict');
    expect(received.slice(10).map(({ message }) => message.subject)).toEqual([first.specId, second.specId]);
  });

  test('whoever lost the lease changes nothing: what came of the later attempt stands', async () => {
    const held: ServerResponse[] = [];
    receiver.respond = (_, response) => void held.push(response);
    await createEndpoint(organization, `${receiver.url}/held`, { eventTypes: ['spec.*'], order: 'none' });
    const { specId } = await importSpec(organization, document);
    await receiver.until(1, '/held');
    ahead += 60_000;
    await receiver.until(2, '/held');
    const [first, second] = held;
    first?.writeHead(204).end();
    // The later one is answered once the earlier one's answer had its chance.
    await vi.waitFor(() => expect(first?.writableFinished).toBe(true));
    await setTimeout(500);
    second?.writeHead(500).end();
    await vi.waitFor(async () => expect((await delivery(specId))?.status).toBe('pending'), 15_000);
    const { deliveryId } = (await delivery(specId)) ?? { deliveryId: '' };
    const { items } = await get<{ items: object[] }>(`/webhook-deliveries/${deliveryId}/attempts`);
    expect(items).toMatchObject([{ number: 2, outcome: 'failed', status: 500 }]);
  });
});
