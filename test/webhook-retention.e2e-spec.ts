import { expect, test, vi } from 'vitest';
import { Retention } from '../src/modules/webhooks/retention.js';
import type { Tenant } from './support/service.js';
import { runOn, startService } from './support/service.js';
import { documentOf, importSpec } from './support/specs.js';
import { createEndpoint, onLoopback, startReceiver } from './support/webhooks.js';

const service = startService(() => ({ webhooks: { ...onLoopback, retentionDays: 3 } }));
const receiver = startReceiver();
const day = 86_400_000;
const after = (days: number) => new Date(Date.now() + days * day);

const partitions = async () => {
  const { rows } = await runOn(
    service.databaseUrl,
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'specline.webhook_attempt'::regclass order by 1`,
  );
  return (rows as { name: string }[]).map(({ name }) => name);
};
const partitionOf = (date: Date) => `webhook_attempt_${date.toISOString().slice(0, 10).replaceAll('-', '')}`;
const deliveries = async (tenant: Tenant) => {
  const answer = await tenant.request('get', '/webhook-deliveries').expect(200);
  const { items } = answer.body as { items: { deliveryId: string; status: string }[] };
  return items.sort((a, b) => (a.status < b.status ? -1 : 1));
};
const statuses = async (tenant: Tenant) => (await deliveries(tenant)).map(({ status }) => status);

test('partitions of attempts go as their days do, deliveries with them once they have ended', async () => {
  const tenant = service.organization;
  const retention = service.app.get(Retention);
  await createEndpoint(tenant, `${receiver.url}/kept`, { eventTypes: ['spec.*'] });
  // Nobody answers there: what is sent to it goes on waiting.
  await createEndpoint(tenant, 'http://127.0.0.1:1/', { eventTypes: ['spec.*'] });
  await importSpec(tenant, documentOf('Alerts', { Overview: 'Old.' }));
  await vi.waitFor(async () => expect(await statuses(tenant)).toEqual(['delivered', 'pending']), 15_000);
  const [{ deliveryId } = { deliveryId: '' }] = await deliveries(tenant);
  const attempts = () => tenant.request('get', `/webhook-deliveries/${deliveryId}/attempts`);

  await retention.keep(after(2));
  expect(await partitions()).toContain(partitionOf(after(0)));
  expect(await statuses(tenant)).toHaveLength(2);
  expect((await attempts().expect(200)).body).toMatchObject({ items: [{ outcome: 'delivered' }] });

  await retention.keep(after(4));
  const left = await partitions();
  expect(left.filter((name) => name < partitionOf(after(1)))).toEqual([]);
  for (const days of [4, 5, 6]) expect(left).toContain(partitionOf(after(days)));
  expect(await statuses(tenant)).toEqual(['pending']);
  await attempts().expect(404);
});
