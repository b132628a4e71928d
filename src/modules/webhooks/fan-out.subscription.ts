import type { OnModuleInit } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { ThreadSpecQueries } from '../comments/thread-specs.queries.js';
import { reach } from '../event-store/checkpoints.js';
import type { RecordedEvent } from '../event-store/history.js';
import { Subscription } from '../event-store/subscription.js';
import { Subscriptions } from '../event-store/subscriptions.js';
import { SpecStandingQueries } from '../specs/spec-standing.queries.js';
import type { EventSpec, FannedOut } from './fan-out.js';
import { fanOut } from './fan-out.js';
import type { Lane } from './lane.js';

/** Where a process hears that there is something to deliver. */
export const wakeChannel = 'specline_webhooks';

const lockLanes = {
  name: 'webhooks.lock-lanes-of-organizations',
  text: `select organization_id as "organizationId", endpoint_id as "endpointId", status, settings, secrets, verification,
      verified, warned
    from specline.webhook_lane where organization_id = any ($1::uuid[]) order by organization_id, endpoint_id for update`,
};
const putLanes = {
  name: 'webhooks.put-lanes',
  text: `insert into specline.webhook_lane as l (organization_id, endpoint_id, status, settings, secrets, verification,
      verified, warned)
    select "organizationId", "endpointId", status, settings, secrets, verification, verified, warned
    from jsonb_to_recordset($1) as x ("organizationId" uuid, "endpointId" uuid, status text, settings jsonb, secrets jsonb,
      verification boolean, verified boolean, warned int)
    on conflict (organization_id, endpoint_id) do update set status = excluded.status, settings = excluded.settings,
      secrets = excluded.secrets, verification = excluded.verification, verified = excluded.verified,
      warned = excluded.warned, due_at = clock_timestamp()`,
};
const beginAnew = {
  name: 'webhooks.begin-anew',
  text: `update specline.webhook_lane set failures = 0, failing_since = null, blocked_until = 'epoch',
      due_at = clock_timestamp() where endpoint_id = any ($1::uuid[])`,
};
const takeNotice = {
  name: 'webhooks.take-notice',
  text: 'update specline.webhook_lane set notice = null where endpoint_id = any ($1::uuid[])',
};
const endLanes = {
  name: 'webhooks.end-lanes',
  text: `with lanes as (delete from specline.webhook_lane where endpoint_id = any ($1::uuid[])),
    queues as (delete from specline.webhook_queue where endpoint_id = any ($1::uuid[])),
    secrets as (delete from specline.webhook_secret where endpoint_id = any ($1::uuid[])),
    waiting as (
      delete from specline.webhook_waiting where endpoint_id = any ($1::uuid[]) and lease_token is null
      returning organization_id, delivery_id)
    update specline.webhook_delivery d set state = 'cancelled', settled_at = clock_timestamp(), next_attempt_at = null
    from waiting w where d.organization_id = w.organization_id and d.delivery_id = w.delivery_id`,
};
const addDeliveries = {
  name: 'webhooks.add-deliveries',
  text: `with added as (
      insert into specline.webhook_delivery (organization_id, delivery_id, endpoint_id, queue_key, cause, event_id, type,
        stream_id, stream_version, seq, spec, spec_id, payload, state, next_attempt_at, settled_at)
      select "organizationId", "deliveryId", "endpointId", "queueKey", 'event', "eventId", type, "streamId",
        "streamVersion", seq, spec, "specId", payload, state, case when state = 'pending' then clock_timestamp() end,
        case when state = 'skipped' then clock_timestamp() end
      from jsonb_to_recordset($1) as x ("organizationId" uuid, "deliveryId" uuid, "endpointId" uuid, "queueKey" uuid,
        "eventId" uuid, type text, "streamId" uuid, "streamVersion" bigint, seq bigint, spec jsonb, "specId" uuid,
        payload text, state text)
      returning organization_id, endpoint_id, queue_key, state),
    queues as (
      insert into specline.webhook_queue (organization_id, endpoint_id, queue_key, due_at)
      select distinct organization_id, endpoint_id, queue_key, clock_timestamp() from added
      where queue_key is not null and state = 'pending'
      on conflict do nothing),
    lanes as (
      update specline.webhook_lane l set due_at = least(l.due_at, clock_timestamp())
      from (select distinct organization_id, endpoint_id from added where state = 'pending') a
      where l.organization_id = a.organization_id and l.endpoint_id = a.endpoint_id)
    select pg_notify('${wakeChannel}', '')`,
};

/** Writes one delivery for each event and each endpoint that wants to hear of it, exactly once. */
@Injectable()
export class FanOutSubscription extends Subscription implements OnModuleInit {
  readonly name = 'webhooks';
  override readonly pause = 100;
  /** Those of organizations that have an endpoint, or get their first one among what is read. */
  override readonly among = `(exists (select from specline.webhook_lane l where l.organization_id = event.organization_id)
    or organization_id in (select c.organization_id from specline.event c
      where c.seq > $1 and c.seq <= $1 + ${reach} and c.type = 'webhook.endpoint.created'))`;

  constructor(
    private readonly subscriptions: Subscriptions,
    private readonly specs: SpecStandingQueries,
    private readonly threads: ThreadSpecQueries,
  ) {
    super();
  }

  onModuleInit(): void {
    this.subscriptions.register(this);
  }

  override async apply(events: readonly RecordedEvent[], client: PoolClient): Promise<void> {
    const organizations = [...new Set(events.map(({ organizationId }) => organizationId))];
    const { rows: lanes } = await client.query<Lane>({ ...lockLanes, values: [organizations] });
    const specOf = await this.specsOf(events);
    const byId = new Map(lanes.map((lane) => [lane.endpointId, lane]));
    await this.write(fanOut(events, byId, specOf), client);
  }

  private async write(out: FannedOut, client: PoolClient): Promise<void> {
    const { changed, resumed, noticed, deleted, deliveries } = out;
    const run = (statement: { name: string; text: string }, value: unknown) =>
      client.query({ ...statement, values: [value] });
    if (changed.size > 0) await run(putLanes, JSON.stringify([...changed.values()]));
    if (resumed.size > 0) await run(beginAnew, [...resumed]);
    if (noticed.size > 0) await run(takeNotice, [...noticed]);
    if (deliveries.length > 0) await run(addDeliveries, JSON.stringify(deliveries));
    if (deleted.size > 0) await run(endLanes, [...deleted]);
  }

  /** The specs that events are about, as they are now: theirs, their threads', or one that they name. */
  private async specsOf(events: readonly RecordedEvent[]): Promise<(event: RecordedEvent) => EventSpec | undefined> {
    const found = new Map<string, EventSpec>();
    const threads = new Map<string, string>();
    for (const [organizationId, own] of byOrganization(events)) {
      const ofThreads = own.filter(({ type }) => type.startsWith('comment.')).map(({ streamId }) => streamId);
      for (const [threadId, specId] of await this.threads.of(organizationId, ofThreads)) threads.set(threadId, specId);
      const ids = [...new Set(own.flatMap((event) => specIdOf(event, threads) ?? []))];
      for (const [specId, spec] of await this.specs.of(organizationId, ids))
        found.set(`${organizationId}/${specId}`, spec);
    }
    return (event) => found.get(`${event.organizationId}/${specIdOf(event, threads)}`);
  }
}

function specIdOf(
  { type, streamId, payload }: RecordedEvent,
  threads: ReadonlyMap<string, string>,
): string | undefined {
  if (type.startsWith('spec.')) return streamId;
  const { specId } = payload as { specId?: unknown };
  return threads.get(streamId) ?? (typeof specId === 'string' ? specId : undefined);
}

function byOrganization(events: readonly RecordedEvent[]): Map<string, RecordedEvent[]> {
  const groups = new Map<string, RecordedEvent[]>();
  for (const event of events) {
    const own = groups.get(event.organizationId) ?? [];
    groups.set(event.organizationId, own);
    own.push(event);
  }
  return groups;
}
