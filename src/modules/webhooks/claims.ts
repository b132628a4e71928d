import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import type { EndpointSettings } from '../../events/webhook.events.js';
import type { EndpointSecret } from './endpoint.decider.js';
import { breakerThreshold } from './lane-health.js';
import type { Message } from './message-bodies.js';
import { MessageBodies } from './message-bodies.js';
import { refreshDueQueues } from './queues.js';

/** A delivery that this process sends, until its lease ends. */
export type Claimed = {
  organizationId: string;
  deliveryId: string;
  endpointId: string;
  queueKey: string | null;
  leaseToken: string;
  /** Attempts by now, with this one; and those since it was last begun anew. */
  attempts: number;
  tries: number;
  eventId: string;
  /** What is sent; null where it cannot be made here just now. */
  body: Buffer | null;
  settings: EndpointSettings;
  secrets: readonly EndpointSecret[];
};

type ReadyLane = Pick<Claimed, 'organizationId' | 'endpointId' | 'settings' | 'secrets'> & {
  room: number;
  /** Of its rate limit, what is left of a second's messages. */
  tokens: number;
};
/** What a lane gave. */
type Served = ReadyLane & { asked: number; taken: number };
type Taken = Pick<Claimed, 'deliveryId' | 'endpointId' | 'queueKey' | 'attempts' | 'tries'> &
  Omit<Message, 'organizationId'>;

/** How many lanes one claim serves, and how many messages of a lane it takes when there are more lanes than that. */
const share = { lanes: 32, perLane: 4 };
/** Added to the timeout of an attempt: nobody who still sends has lost the lease. */
const margin = 15;

const room = `(case when l.failures >= ${breakerThreshold} then 1 else (l.settings ->> 'maxConcurrent')::int end)`;
const ready = (lane: string) => `${lane}.due_at <= $1 and ${lane}.blocked_until <= $1 and ${lane}.status = 'active'
  and coalesce(${lane}.notice, 'warn') like 'warn%'`;
/**
 * The lanes that have something due, an organization's least recently served one first, one of each organization before
 * a second of any: nobody waits for somebody else's backlog. They stay locked until the claim is committed.
 */
const lockReady = {
  name: 'webhooks.lock-ready-lanes',
  text: `select l.organization_id as "organizationId", l.endpoint_id as "endpointId", l.settings, l.secrets,
      ${room} - l.in_flight + c.answered as "room",
      least((l.settings ->> 'perSecond')::float8,
        l.tokens + extract(epoch from $1::timestamptz - l.tokens_at)::float8 * (l.settings ->> 'perSecond')::float8) as "tokens"
    from (select organization_id, endpoint_id, last_served_at, answered,
        row_number() over (partition by organization_id order by last_served_at) as rank,
        max(last_served_at) over (partition by organization_id) as served
      from (select l.*, case when l.failures = 0 then coalesce(a.answered, 0) else 0 end as answered
        from specline.webhook_lane l left join unnest($4::uuid[], $5::int[]) as a (endpoint_id, answered) using (endpoint_id)) l
      where ${ready('l')} and in_flight - answered < ${room} and organization_id <> all ($3::uuid[])) c
    join specline.webhook_lane l using (organization_id, endpoint_id)
    where ${ready('l')}
    order by c.rank, c.served, c.last_served_at limit $2 for update of l skip locked`,
};
/**
 * Rows are found one by one and named by where they lie, so that no plan that was kept since the table was small, or
 * empty, can go through all of it.
 */
const take = {
  name: 'webhooks.take-waiting',
  text: `with asked as (select * from unnest($2::uuid[], $3::int[], $4::int[]) as r (endpoint_id, room, seconds)),
    due as (
      select x.tid, r.seconds from asked r cross join lateral (
        (select w.ctid as tid, w.due_at from specline.webhook_waiting w
          where w.endpoint_id = r.endpoint_id and w.lease_token is null and w.queue_key is null and w.due_at <= $1
          order by w.due_at limit r.room)
        union all
        (select h.tid, h.due_at
          from (select queue_key from specline.webhook_queue q where q.endpoint_id = r.endpoint_id and q.due_at <= $1
            order by q.due_at limit r.room) q
          cross join lateral (select w.ctid as tid, w.lease_token, w.due_at from specline.webhook_waiting w
            where w.endpoint_id = r.endpoint_id and w.queue_key = q.queue_key order by w.seq, w.delivery_id limit 1) h
          where h.lease_token is null and h.due_at <= $1)
        order by due_at limit r.room) x),
    taken as (
      update specline.webhook_waiting w set attempts = w.attempts + 1, tries = w.tries + 1, lease_token = $5,
        lease_until = $1::timestamptz + make_interval(secs => due.seconds)
      from due where w.ctid = due.tid and w.lease_token is null
      returning w.organization_id, w.delivery_id, w.endpoint_id, w.queue_key, w.attempts, w.tries),
    busy as (
      update specline.webhook_queue q set due_at = null from taken t
      where q.organization_id = t.organization_id and q.endpoint_id = t.endpoint_id and q.queue_key = t.queue_key)
    select t.delivery_id as "deliveryId", t.endpoint_id as "endpointId", t.queue_key as "queueKey", t.attempts, t.tries,
      d.* from taken t cross join lateral (
        select d.event_id as "eventId", d.stream_id as "streamId", d.stream_version as "version", d.payload as "mode",
          d.spec::text as "spec"
        from specline.webhook_delivery d
        where d.organization_id = t.organization_id and d.delivery_id = t.delivery_id offset 0) d`,
};
/** A lane that had less than it was asked for is next due when the first of what waits in it is. */
const serve = {
  name: 'webhooks.serve-lanes',
  text: `update specline.webhook_lane l set in_flight = l.in_flight + s.taken, last_served_at = clock_timestamp(),
      tokens = coalesce(s.tokens, 0), tokens_at = $1::timestamptz,
      due_at = case when s.wait > 0 then $1::timestamptz + make_interval(secs => s.wait) when s.more then l.due_at else least(
        (select min(w.due_at) from specline.webhook_waiting w
          where w.endpoint_id = l.endpoint_id and w.lease_token is null and w.queue_key is null),
        (select min(q.due_at) from specline.webhook_queue q where q.endpoint_id = l.endpoint_id)) end
    from unnest($2::uuid[], $3::int[], $4::float8[], $5::float8[], $6::boolean[]) as s (endpoint_id, taken, tokens, wait, more)
    where l.endpoint_id = s.endpoint_id`,
};

/** What a process has room for. */
export type Room = {
  /** For so many at most. */
  capacity: number;
  /** By organization, how many more of it there may be under way; of the others all of `perOrganization`. */
  spare: ReadonlyMap<string, number>;
  perOrganization: number;
  /** By endpoint, how many have been answered by now and are not settled yet: they keep nobody from being sent to. */
  answered: ReadonlyMap<string, number>;
};

/** Takes what is due, fairly. */
@Injectable()
export class Claims {
  constructor(private readonly bodies: MessageBodies) {}

  /** Nothing of it may be sent before the transaction of the client is committed. */
  async take(client: PoolClient, now: Date, { capacity, spare, perOrganization, answered }: Room): Promise<Claimed[]> {
    const full = [...spare].filter(([, left]) => left <= 0).map(([organizationId]) => organizationId);
    const lanes = Math.min(share.lanes, capacity);
    const values = [now, lanes, full, [...answered.keys()], [...answered.values()]];
    const { rows } = await client.query<ReadyLane>({ ...lockReady, values });
    if (rows.length === 0) return [];
    const served = portions(rows, capacity, spare, perOrganization);
    const taken = await this.deliveries(client, now, served);
    await this.note(client, now, served);
    return taken;
  }

  private async deliveries(client: PoolClient, now: Date, served: Served[]): Promise<Claimed[]> {
    const leaseToken = randomUUID();
    const columns = [
      served.map(({ endpointId }) => endpointId),
      served.map(({ asked }) => asked),
      served.map(({ settings }) => settings.timeoutSeconds + margin),
    ];
    const { rows } = await client.query<Taken>({
      ...take,
      values: [now, ...columns, leaseToken],
    });
    const lanes = new Map(served.map((lane) => [lane.endpointId, lane]));
    const taken = rows.flatMap((row) => {
      const lane = lanes.get(row.endpointId);
      if (!lane) return [];
      lane.taken++;
      const { organizationId, settings, secrets } = lane;
      return [{ ...row, organizationId, leaseToken, settings, secrets }];
    });
    const bodyOf = await this.bodies.of(taken, client);
    return taken.map((one) => {
      const { streamId: _, version: __, mode: ___, spec: ____, ...claimed } = one;
      return { ...claimed, body: bodyOf(one) };
    });
  }

  private async note(client: PoolClient, now: Date, served: readonly Served[]): Promise<void> {
    const dry = served.filter(({ taken, asked }) => taken < asked).map(({ endpointId }) => endpointId);
    if (dry.length > 0) await refreshDueQueues(client, dry, now);
    const columns = [
      served.map(({ endpointId }) => endpointId),
      served.map(({ taken }) => taken),
      served.map(({ tokens, taken }) => (tokens === null ? null : Math.max(0, tokens - taken))),
      served.map((lane) => waitOf(lane)),
      served.map(({ taken, asked }) => taken === asked),
    ];
    await client.query({ ...serve, values: [now, ...columns] });
  }
}

/** How much each lane is asked for: an equal share, within what it and its organization may have under way. */
function portions(
  lanes: readonly ReadyLane[],
  capacity: number,
  spare: ReadonlyMap<string, number>,
  perOrganization: number,
): Served[] {
  const each = Math.max(share.perLane, Math.floor(capacity / lanes.length));
  const left = new Map(spare);
  return lanes.map((lane) => {
    const own = left.get(lane.organizationId) ?? perOrganization;
    const tokens = lane.tokens === null ? each : Math.floor(lane.tokens);
    const asked = Math.max(0, Math.min(each, lane.room, own, tokens));
    left.set(lane.organizationId, own - asked);
    return { ...lane, asked, taken: 0 };
  });
}

/** Seconds until a lane that used up its rate may send again. */
function waitOf({ tokens, taken, settings }: Served): number {
  const left = (tokens ?? 1) - taken;
  return settings.perSecond === null || left >= 1 ? 0 : (1 - left) / settings.perSecond;
}
