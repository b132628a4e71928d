import { expect, vi } from 'vitest';
import type { Tenant } from './service.js';

export type DeliveryJson = {
  deliveryId: string;
  eventId: string;
  status: string;
  type: string;
  cause: string;
  attempts: number;
  specId: string;
};

export async function readFrom<T>(tenant: Tenant, url: string): Promise<T> {
  return (await tenant.request('get', url).expect(200)).body as T;
}

/** The deliveries that the log has; `query` as in `?status=failed`. */
export const deliveriesOf = async (tenant: Tenant, query = ''): Promise<DeliveryJson[]> =>
  (await readFrom<{ items: DeliveryJson[] }>(tenant, `/webhook-deliveries${query}`)).items;

/** Waits until so many deliveries have come to a status. */
export async function settledAs(tenant: Tenant, status: string, count: number): Promise<DeliveryJson[]> {
  const query = `?status=${status}&limit=100`;
  await vi.waitFor(async () => expect(await deliveriesOf(tenant, query)).toHaveLength(count), 15_000);
  return deliveriesOf(tenant, query);
}
