import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import type { Answer } from './answer-reader.js';
import { plainArray } from './array-literal.js';
import type { LaneHealth } from './lane-health.js';
import { refreshQueues } from './queues.js';
import type { LaneNotice, Sent, Transition } from './transition.js';
import { healthAfter, transitionOf } from './transition.js';

type Settled = Sent & { transition: Transition };
type LockedLane = LaneHealth & { endpointId: string; warned: number };

const lock = {
  name: 'webhooks.lock-lanes',
  text: `select endpoint_id as "endpointId", warned, failures,
      extract(epoch from failing_since)::float8 * 1000 as "failingSince",
      extract(epoch from blocked_until)::float8 * 1000 as "blockedUntil",
      extract(epoch from last_success_at)::float8 * 1000 as "lastSuccessAt"
    from specline.webhook_lane where endpoint_id = any ($1::uuid[]) order by organization_id, endpoint_id for update`,
};
/**
 * Whoever lost the lease changes nothing: the token is another one by then. Rows are found one by one and named by where
 * they lie, as claims do it.
 */
const settle = {
  name: 'webhooks.settle-waiting',
  text: `with own as (
      select x.*, w.tid, w.attempts, d.tid as delivery_tid
      from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], $6::boolean[], $7::boolean[], $8::int[],
        $9::text[], $10::timestamptz[], $11::real[], $12::real[], $13::real[], $14::real[], $15::real[], $16::text[],
        $17::bytea[], $18::boolean[])
        as x (organization_id, delivery_id, token, state, next, counts, halted, status, error, started_at, dns, connect, tls,
          first_byte, total, headers, body, truncated)
      cross join lateral (select w.ctid as tid, w.attempts from specline.webhook_waiting w
        where w.organization_id = x.organization_id and w.delivery_id = x.delivery_id
          and w.lease_token is not distinct from x.token offset 0) w
      cross join lateral (select d.ctid as tid from specline.webhook_delivery d
        where d.organization_id = x.organization_id and d.delivery_id = x.delivery_id offset 0) d),
    ended as (delete from specline.webhook_waiting w using own where own.state <> 'pending' and w.ctid = own.tid),
    again as (
      update specline.webhook_waiting w set lease_token = null, lease_until = null, due_at = own.next,
        attempts = case when own.counts then w.attempts else w.attempts - 1 end,
        tries = case when own.halted then 0 when own.counts then w.tries else w.tries - 1 end
      from own where own.state = 'pending' and w.ctid = own.tid),
    noted as (
      update specline.webhook_delivery d set state = own.state, next_attempt_at = own.next,
        attempts = case when own.counts then own.attempts else own.attempts - 1 end,
        last_status = case when own.counts then own.status else d.last_status end,
        last_error = case when own.counts then own.error else d.last_error end,
        settled_at = case when own.state <> 'pending' then clock_timestamp() end
      from own where d.ctid = own.delivery_tid),
    logged as (
      insert into specline.webhook_attempt (organization_id, delivery_id, number, started_at, outcome, status, error, dns_ms,
        connect_ms, tls_ms, first_byte_ms, total_ms, response_headers, response_body, truncated, next_attempt_at)
      select organization_id, delivery_id, attempts, started_at,
        case when error is null and status between 200 and 299 then 'delivered' else 'failed' end, status, error, dns, connect,
        tls, first_byte, total, headers::jsonb, body, truncated, next from own where counts)
    select delivery_id as "deliveryId" from own`,
};
const note = {
  name: 'webhooks.note-lanes',
  text: `update specline.webhook_lane l set in_flight = greatest(0, l.in_flight - x.settled), failures = x.failures,
      failing_since = to_timestamp(x.failing / 1000), blocked_until = coalesce(to_timestamp(x.blocked / 1000), 'epoch'),
      last_success_at = to_timestamp(x.success / 1000), due_at = least(l.due_at, x.due),
      notice = case when l.notice is null or l.notice like 'warn%' then coalesce(x.notice, l.notice) else l.notice end
    from unnest($1::uuid[], $2::int[], $3::int[], $4::float8[], $5::float8[], $6::float8[], $7::timestamptz[], $8::text[])
      as x (endpoint_id, settled, failures, failing, blocked, success, due, notice)
    where l.endpoint_id = x.endpoint_id`,
};

/** Writes down what came of attempts, a batch at a time. */
@Injectable()
export class Settlements {
  /** @returns whether there is something to be told of an endpoint */
  async settle(client: PoolClient, sent: readonly Sent[], now: Date): Promise<boolean> {
    const settled = sent.map((one) => ({ ...one, transition: transitionOf(one, now, Math.random()) }));
    const endpoints = [...new Set(sent.map(({ claimed }) => claimed.endpointId))];
    const { rows: lanes } = await client.query<LockedLane>({ ...lock, values: [endpoints] });
    const own = await this.move(client, settled, new Set(lanes.map(({ endpointId }) => endpointId)));
    const queued = own.flatMap(({ claimed: { endpointId, queueKey } }) => (queueKey ? [{ endpointId, queueKey }] : []));
    if (queued.length > 0) await refreshQueues(client, queued);
    return this.note(client, lanes, own, now);
  }

  /** @returns those whose lease was still theirs. Where the endpoint is gone, nothing is tried again. */
  private async move(client: PoolClient, settled: readonly Settled[], lanes: ReadonlySet<string>): Promise<Settled[]> {
    const stateOf = ({ claimed, transition: { state } }: Settled) =>
      state === 'pending' && !lanes.has(claimed.endpointId) ? 'cancelled' : state;
    const plain = (value: (one: Settled) => string | number | boolean | null | undefined) =>
      plainArray(settled.map(value));
    const milliseconds = (name: keyof Answer['times']) =>
      plain(({ answer: { times } }) => times[name] && Math.round(times[name] * 1000) / 1000);
    const values = [
      plain(({ claimed }) => claimed.organizationId),
      plain(({ claimed }) => claimed.deliveryId),
      plain(({ claimed }) => claimed.leaseToken),
      plain(stateOf),
      plain((one) => (stateOf(one) === 'pending' ? one.transition.nextAttemptAt?.toISOString() : null)),
      plain(({ transition }) => transition.counts),
      plain(({ transition }) => transition.isHalted),
      plain(({ answer }) => answer.status),
      plain(({ answer }) => answer.error),
      plain(({ startedAt }) => startedAt.toISOString()),
      ...(['dns', 'connect', 'tls', 'firstByte', 'total'] as const).map(milliseconds),
      settled.map(({ answer }) => JSON.stringify(answer.headers)),
      settled.map(({ answer }) => answer.body),
      plain(({ answer }) => answer.truncated),
    ];
    const { rows } = await client.query<{ deliveryId: string }>({ ...settle, values });
    const moved = new Set(rows.map(({ deliveryId }) => deliveryId));
    return settled.filter(({ claimed }) => moved.has(claimed.deliveryId));
  }

  private async note(
    client: PoolClient,
    lanes: readonly LockedLane[],
    settled: readonly Settled[],
    now: Date,
  ): Promise<boolean> {
    const byLane = new Map<string, Settled[]>(lanes.map(({ endpointId }) => [endpointId, []]));
    for (const one of settled) byLane.get(one.claimed.endpointId)?.push(one);
    const noted = lanes.map((lane) => {
      const own = byLane.get(lane.endpointId) ?? [];
      return { lane, own, ...healthAfter(lane, lane.warned, own, now), due: dueAfter(own, now) };
    });
    const values = [
      noted.map(({ lane }) => lane.endpointId),
      noted.map(({ own }) => own.length),
      noted.map(({ health }) => health.failures),
      noted.map(({ health }) => health.failingSince),
      noted.map(({ health }) => health.blockedUntil),
      noted.map(({ health }) => health.lastSuccessAt),
      noted.map(({ due }) => due),
      noted.map(({ notice }): LaneNotice | null => notice ?? null),
    ];
    await client.query({ ...note, values });
    return noted.some(({ notice }) => notice !== undefined);
  }
}

/** When there may be something to send again: at once where the next of a queue may go, else at the first retry. */
function dueAfter(settled: readonly Settled[], now: Date): Date | null {
  if (settled.some(({ claimed }) => claimed.queueKey !== null)) return now;
  const retries = settled.flatMap(({ transition }) => transition.nextAttemptAt?.getTime() ?? []);
  return retries.length > 0 ? new Date(Math.min(...retries)) : null;
}
