import { Injectable } from '@nestjs/common';
import { Refusal } from '../../commands/refusals.js';
import { Database } from '../event-store/database.js';
import { Cursors } from '../http/cursors.js';
import type {
  AttemptList,
  AttemptTimes,
  AttemptView,
  DeliveryFilter,
  DeliveryList,
  DeliveryListQuery,
  DeliveryView,
  EndpointStatistics,
} from './delivery.view.js';

const time = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
/** What somebody sends just now waits no longer. */
const underWay = `exists (select from specline.webhook_waiting w where w.organization_id = d.organization_id
  and w.delivery_id = d.delivery_id and w.lease_token is not null)`;
const stateNow = `case when state = 'pending' and ${underWay} then 'in_flight' else state end`;
const columns = `delivery_id as "deliveryId", endpoint_id as "endpointId", event_id as "eventId", type, stream_id as "subject",
  spec_id as "specId", seq, cause, ${stateNow} as "status", attempts, last_status as "lastStatus", last_error as "lastError",
  ${time('created_at')} as "createdAt", ${time('next_attempt_at')} as "nextAttemptAt", ${time('settled_at')} as "settledAt"`;

/** What a filter asks of deliveries; its values are numbered from `first` on. A pattern is a prefix with its dot. */
export const filtered = (first: number): string =>
  [
    `($${first}::text is null or ${stateNow} = $${first})`,
    `($${first + 1}::text is null or type = $${first + 1} or ($${first + 1} like '%*' and starts_with(type, rtrim($${first + 1}, '*'))))`,
    `($${first + 2}::uuid is null or spec_id = $${first + 2})`,
    `($${first + 3}::timestamptz is null or created_at >= $${first + 3})`,
    `($${first + 4}::timestamptz is null or created_at < $${first + 4})`,
  ].join(' and ');

export const filterValues = ({ status, type, specId, since, until }: DeliveryFilter): unknown[] =>
  [status, type, specId, since, until].map((value) => value ?? null);

const one = {
  name: 'webhooks.delivery',
  text: `select ${columns} from specline.webhook_delivery d where organization_id = $1 and delivery_id = $2`,
};
const page = {
  name: 'webhooks.deliveries',
  text: `select ${columns} from specline.webhook_delivery d where organization_id = $1
      and ($2::uuid is null or endpoint_id = $2) and ($3::uuid is null or delivery_id < $3) and ${filtered(5)}
    order by delivery_id desc limit $4`,
};
const attempts = {
  name: 'webhooks.attempts',
  text: `select number, ${time('started_at')} as "startedAt", outcome, status, error, dns_ms as "dns", connect_ms as "connect",
      tls_ms as "tls", first_byte_ms as "firstByte", total_ms as "total", response_headers as "responseHeaders",
      response_body as "body", truncated, ${time('next_attempt_at')} as "nextAttemptAt"
    from specline.webhook_attempt where organization_id = $1 and delivery_id = $2 order by number limit 100`,
};
const statistics = {
  name: 'webhooks.statistics',
  text: `with d as (select * from specline.webhook_delivery where organization_id = $1 and endpoint_id = $2),
      a as (select x.total_ms from specline.webhook_attempt x join d using (organization_id, delivery_id)
        where x.started_at > now() - interval '1 day')
    select (select count(*) from d where state = 'pending' and not ${underWay}) as "pending",
      (select count(*) from d where state = 'pending' and ${underWay}) as "inFlight",
      (select count(*) from d where state = 'delivered' and settled_at > now() - interval '1 day') as "delivered",
      (select count(*) from d where state = 'failed' and settled_at > now() - interval '1 day') as "failed",
      (select count(*) from d where state = 'skipped' and settled_at > now() - interval '1 day') as "skipped",
      (select count(*) from a) as "attempts",
      (select percentile_cont(0.5) within group (order by total_ms) from a) as "medianMilliseconds",
      (select percentile_cont(0.99) within group (order by total_ms) from a) as "p99Milliseconds",
      coalesce(l.failures, 0) as "failuresInARow",
      case when l.blocked_until > now() then ${time('l.blocked_until')} end as "blockedUntil",
      ${time('l.last_success_at')} as "lastSuccessAt"
    from (select 1) one left join specline.webhook_lane l on l.organization_id = $1 and l.endpoint_id = $2`,
};

type AttemptRow = Omit<AttemptView, 'times' | 'responseBody'> & AttemptTimes & { body: Buffer | null };

/** The log of what was sent. */
@Injectable()
export class DeliveryQueries {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
  ) {}

  /** @throws Refusal `not_found` */
  async one(organizationId: string, deliveryId: string): Promise<DeliveryView> {
    const [found] = await this.database.query<DeliveryView>(organizationId, one, [organizationId, deliveryId]);
    if (!found) throw new Refusal('not_found', 'There is no such delivery in this organization.');
    return found;
  }

  /** A page of them, the newest first. */
  async list(organizationId: string, query: DeliveryListQuery): Promise<DeliveryList> {
    const { limit = 25, cursor, ...filters } = query;
    const scope = { organizationId, list: 'webhook-deliveries', filters };
    const [before = null] = cursor === undefined ? [] : await this.cursors.open(scope, cursor);
    const values = [organizationId, filters.endpointId ?? null, before, limit + 1, ...filterValues(filters)];
    const rows = await this.database.query<DeliveryView>(organizationId, page, values);
    const items = rows.slice(0, limit);
    const next = rows.length > limit ? await this.cursors.seal(scope, [items.at(-1)?.deliveryId]) : null;
    return { items, page: { next } };
  }

  /** What was tried, and what was answered. */
  async attempts(organizationId: string, deliveryId: string): Promise<AttemptList> {
    await this.one(organizationId, deliveryId);
    const rows = await this.database.query<AttemptRow>(organizationId, attempts, [organizationId, deliveryId]);
    return {
      items: rows.map(({ dns, connect, tls, firstByte, total, body, ...attempt }) => ({
        ...attempt,
        times: { dns, connect, tls, firstByte, total },
        responseBody: body?.toString() ?? '',
      })),
    };
  }

  async statistics(organizationId: string, endpointId: string): Promise<EndpointStatistics> {
    const values = [organizationId, endpointId];
    const [found] = await this.database.query<EndpointStatistics>(organizationId, statistics, values);
    if (!found) throw new Refusal('not_found', 'There is no such endpoint.');
    return found;
  }
}
