import { Injectable } from '@nestjs/common';
import { Refusal } from '../../commands/refusals.js';
import { Database } from '../event-store/database.js';
import { filtered, filterValues } from './delivery.queries.js';
import type { DeliveryFilter, ReplayCount, ReplayView } from './delivery.view.js';
import { EndpointQueries } from './endpoint.queries.js';

const time = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/**
 * Deliveries that a replay goes through: each message once, however often it was sent. Without a status, those that did
 * not arrive. The filter's values are numbered from `first` on.
 */
export const replayed = (first: number): string =>
  `cause = 'event' and state in ('delivered', 'failed', 'skipped', 'cancelled')
    and ($${first}::text is not null or state <> 'delivered') and ${filtered(first)}`;

const count = {
  name: 'webhooks.count-replay',
  text: `select count(*) as "total" from specline.webhook_delivery d
    where organization_id = $1 and endpoint_id = $2 and ${replayed(3)}`,
};
const add = {
  name: 'webhooks.add-replay',
  text: `insert into specline.webhook_replay (organization_id, endpoint_id, replay_id, filter, request_hash, total)
    select $1, $2, $8, $9, $10, count(*) from specline.webhook_delivery d
    where organization_id = $1 and endpoint_id = $2 and ${replayed(3)}
    on conflict do nothing returning replay_id`,
};
const one = {
  name: 'webhooks.replay',
  text: `select replay_id as "replayId", endpoint_id as "endpointId", status, total, done, problem,
      ${time('created_at')} as "createdAt", ${time('started_at')} as "startedAt", ${time('finished_at')} as "finishedAt",
      request_hash as "requestHash"
    from specline.webhook_replay where organization_id = $1 and replay_id = $2`,
};
const cancel = {
  name: 'webhooks.cancel-replay',
  text: `update specline.webhook_replay set status = 'cancelled', finished_at = clock_timestamp()
    where organization_id = $1 and replay_id = $2 and status in ('waiting', 'running')`,
};

/** Replays as they are asked for and shown. */
@Injectable()
export class ReplayQueries {
  constructor(
    private readonly database: Database,
    private readonly endpoints: EndpointQueries,
  ) {}

  /** How many deliveries a replay would add. */
  async count(organizationId: string, endpointId: string, filter: DeliveryFilter): Promise<ReplayCount> {
    await this.endpoints.stored(organizationId, endpointId);
    const values = [organizationId, endpointId, ...filterValues(filter)];
    const [counted] = await this.database.query<ReplayCount>(organizationId, count, values);
    return { total: counted?.total ?? 0 };
  }

  /** @returns false when there is a replay of that id already */
  async add(
    organizationId: string,
    asked: { replayId: string; endpointId: string; filter: DeliveryFilter; hash: string | null },
  ): Promise<boolean> {
    const { replayId, endpointId, filter, hash } = asked;
    const values = [organizationId, endpointId, ...filterValues(filter), replayId, JSON.stringify(filter), hash];
    return (await this.database.query(organizationId, add, values)).length > 0;
  }

  /** @throws Refusal `not_found` */
  async stored(organizationId: string, replayId: string): Promise<ReplayView & { requestHash: string | null }> {
    const [found] = await this.database.query<ReplayView & { requestHash: string | null }>(organizationId, one, [
      organizationId,
      replayId,
    ]);
    if (!found) throw new Refusal('not_found', 'There is no such replay in this organization.');
    return found;
  }

  async one(organizationId: string, replayId: string): Promise<ReplayView> {
    const { requestHash: _hash, ...view } = await this.stored(organizationId, replayId);
    return view;
  }

  async cancel(organizationId: string, replayId: string): Promise<void> {
    await this.database.query(organizationId, cancel, [organizationId, replayId]);
  }
}
