import type { Test } from 'supertest';
import type { CloudEventView, FeedPage } from '../../src/modules/feed/feed.view.js';
import type { Service, Tenant } from './service.js';
import { runOn } from './service.js';

export const editAlerts = (tenant: Tenant, specId: string, body: string): Test =>
  tenant.request('patch', `/specs/${specId}/sections/overview`).set('if-match', '*').send({ body });

/** A page of the organization's events; `query` as in `after=7&limit=5`. */
export const feedPage = async (tenant: Tenant, query: string): Promise<FeedPage> =>
  (await tenant.request('get', `/events?${query}`).expect(200)).body as FeedPage;

export const seqsOf = (events: readonly CloudEventView[]): number[] => events.map(({ seq }) => Number(seq));

/** All positions of the organization's events after one, as the database has them. */
export async function storedSeqs({ databaseUrl }: Service, { organizationId }: Tenant, after = 0): Promise<number[]> {
  const { rows } = await runOn(
    databaseUrl,
    `select seq from specline.event where organization_id = '${organizationId}' and seq > ${after} order by seq`,
  );
  return rows.map(({ seq }) => Number(seq));
}
