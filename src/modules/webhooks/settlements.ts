import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { WorkerDatabase } from '../event-store/worker-database.js';
import type { LaneHealth } from './lane-health.js';
import { refreshQueues } from './queues.js';
import type { LaneNotice, Sent, Transition } from './transition.js';
import { healthAfter, isSuccess, transitionOf } from './transition.js';

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
/** Whoever lost the lease changes nothing: the token is another one by then. */
const settle = {
  name: 'webhooks.settle',
  text: `update specline.webhook_delivery d set state = x.state, next_attempt_at = x.next, lease_token = null,
      lease_until = null, attempts = d.attempts - x.uncounted, tries = case when x.halted then 0 else d.tries - x.uncounted end,
      last_status = case when x.uncounted = 1 then d.last_status else x.status end,
      last_error = case when x.uncounted = 1 then d.last_error else x.error end,
      settled_at = case when x.state <> 'pending' then clock_timestamp() end
    from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], $6::int[], $7::boolean[], $8::int[], $9::text[])
      as x (organization_id, delivery_id, token, state, next, uncounted, halted, status, error)
    where d.organization_id = x.organization_id and d.delivery_id = x.delivery_id and d.lease_token = x.token
      and d.state = 'in_flight'
    returning d.delivery_id as "deliveryId"`,
};
const log = {
  name: 'webhooks.log-attempts',
  text: `insert into specline.webhook_attempt (organization_id, delivery_id, number, started_at, outcome, status, error,
      dns_ms, connect_ms, tls_ms, first_byte_ms, total_ms, response_headers, response_body, truncated, next_attempt_at)
    select o, d, n, s, case when ok then 'delivered' else 'failed' end, st, er, (t ->> 'dns')::real, (t ->> 'connect')::real,
      (t ->> 'tls')::real, (t ->> 'firstByte')::real, (t ->> 'total')::real, h, b, tr, nx
    from unnest($1::uuid[], $2::uuid[], $3::int[], $4::timestamptz[], $5::boolean[], $6::int[], $7::text[], $8::jsonb[],
      $9::jsonb[], $10::bytea[], $11::boolean[], $12::timestamptz[]) as x (o, d, n, s, ok, st, er, t, h, b, tr, nx)`,
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

/** Writes down what came of attempts, a batch in one transaction. */
@Injectable()
export class Settlements {
  constructor(private readonly database: WorkerDatabase) {}

  /** @returns whether there is something to be told of an endpoint */
  async settle(sent: readonly Sent[], now: Date): Promise<boolean> {
    const settled = sent.map((one) => ({ ...one, transition: transitionOf(one, now, Math.random()) }));
    return this.database.transaction(async (client) => {
      const endpoints = [...new Set(sent.map(({ claimed }) => claimed.endpointId))];
      const { rows: lanes } = await client.query<LockedLane>({ ...lock, values: [endpoints] });
      const own = await this.move(client, settled, new Set(lanes.map(({ endpointId }) => endpointId)));
      const counted = own.filter(({ transition }) => transition.counts);
      if (counted.length > 0) await this.log(client, counted);
      const queued = own.flatMap(({ claimed: { endpointId, queueKey } }) =>
        queueKey ? [{ endpointId, queueKey }] : [],
      );
      if (queued.length > 0) await refreshQueues(client, queued);
      return this.note(client, lanes, own, now);
    });
  }

  /** @returns those whose lease was still theirs. Where the endpoint is gone, nothing is tried again. */
  private async move(client: PoolClient, settled: readonly Settled[], lanes: ReadonlySet<string>): Promise<Settled[]> {
    const stateOf = ({ claimed, transition: { state } }: Settled) =>
      state === 'pending' && !lanes.has(claimed.endpointId) ? 'cancelled' : state;
    const values = [
      settled.map(({ claimed }) => claimed.organizationId),
      settled.map(({ claimed }) => claimed.deliveryId),
      settled.map(({ claimed }) => claimed.leaseToken),
      settled.map(stateOf),
      settled.map((one) => (stateOf(one) === 'pending' ? one.transition.nextAttemptAt : null)),
      settled.map(({ transition }) => (transition.counts ? 0 : 1)),
      settled.map(({ transition }) => transition.isHalted),
      settled.map(({ answer }) => answer.status),
      settled.map(({ answer }) => answer.error),
    ];
    const { rows } = await client.query<{ deliveryId: string }>({ ...settle, values });
    const moved = new Set(rows.map(({ deliveryId }) => deliveryId));
    return settled.filter(({ claimed }) => moved.has(claimed.deliveryId));
  }

  private async log(client: PoolClient, settled: readonly Settled[]): Promise<void> {
    const values = [
      settled.map(({ claimed }) => claimed.organizationId),
      settled.map(({ claimed }) => claimed.deliveryId),
      settled.map(({ claimed }) => claimed.attempts),
      settled.map(({ startedAt }) => startedAt),
      settled.map(({ answer }) => isSuccess(answer)),
      settled.map(({ answer }) => answer.status),
      settled.map(({ answer }) => answer.error),
      settled.map(({ answer }) => JSON.stringify(answer.times)),
      settled.map(({ answer }) => JSON.stringify(answer.headers)),
      settled.map(({ answer }) => answer.body),
      settled.map(({ answer }) => answer.truncated),
      settled.map(({ transition }) => transition.nextAttemptAt),
    ];
    await client.query({ ...log, values });
  }

  private async note(
    client: PoolClient,
    lanes: readonly LockedLane[],
    settled: readonly Settled[],
    now: Date,
  ): Promise<boolean> {
    const noted = lanes.map((lane) => {
      const own = settled.filter(({ claimed }) => claimed.endpointId === lane.endpointId);
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
