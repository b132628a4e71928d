import { Injectable } from '@nestjs/common';
import { newId } from '../../commands/ids.js';
import type { Order } from '../../commands/webhook.commands.js';
import { WorkerDatabase } from '../event-store/worker-database.js';
import { filterValues } from './delivery.queries.js';
import type { DeliveryFilter } from './delivery.view.js';
import { wakeChannel } from './fan-out.subscription.js';
import { replayed } from './replay.queries.js';

type Open = {
  organizationId: string;
  replayId: string;
  endpointId: string;
  filter: DeliveryFilter;
  afterSeq: number;
  total: number;
};

const batch = 500;

const lockReplay = {
  name: 'webhooks.lock-replay',
  text: `select organization_id as "organizationId", replay_id as "replayId", endpoint_id as "endpointId", filter,
      after_seq as "afterSeq", total
    from specline.webhook_replay where status in ('waiting', 'running') order by created_at limit 1 for update skip locked`,
};
const lockLane = {
  name: 'webhooks.lock-lane',
  text: `select settings ->> 'order' as "order" from specline.webhook_lane
    where organization_id = $1 and endpoint_id = $2 for update`,
};
const read = {
  name: 'webhooks.read-replayed',
  text: `select delivery_id as "deliveryId", seq from specline.webhook_delivery d
    where organization_id = $1 and endpoint_id = $2 and ${replayed(3)} and seq > $8
      and created_at < (select created_at from specline.webhook_replay where organization_id = $1 and replay_id = $9)
    order by seq limit ${batch}`,
};
const add = {
  name: 'webhooks.add-replayed',
  text: `with added as (
      insert into specline.webhook_delivery (organization_id, delivery_id, endpoint_id, queue_key, cause, event_id, type,
        stream_id, stream_version, seq, spec, spec_id, payload, state, next_attempt_at)
      select d.organization_id, x.added, d.endpoint_id, case $4 when 'strict' then d.endpoint_id
        when 'per_spec' then coalesce(d.spec_id, d.stream_id) end, 'replay', d.event_id, d.type, d.stream_id,
        d.stream_version, d.seq, d.spec, d.spec_id, d.payload, 'pending', clock_timestamp()
      from unnest($2::uuid[], $3::uuid[]) as x (source, added) join specline.webhook_delivery d
        on d.organization_id = $1 and d.delivery_id = x.source
      returning organization_id, endpoint_id, queue_key),
    queues as (
      insert into specline.webhook_queue (organization_id, endpoint_id, queue_key, due_at)
      select distinct organization_id, endpoint_id, queue_key, clock_timestamp() from added where queue_key is not null
      on conflict do nothing),
    lanes as (
      update specline.webhook_lane l set due_at = least(l.due_at, clock_timestamp()) from (select distinct endpoint_id from added) a
      where l.organization_id = $1 and l.endpoint_id = a.endpoint_id)
    select pg_notify('${wakeChannel}', '')`,
};
const move = {
  name: 'webhooks.move-replay',
  text: `update specline.webhook_replay set status = $3, done = done + $4, after_seq = $5, problem = $6,
      started_at = coalesce(started_at, clock_timestamp()),
      finished_at = case when $3 <> 'running' then clock_timestamp() end
    where organization_id = $1 and replay_id = $2`,
};

/**
 * Works replays off, a batch in one transaction with how far it is: whichever process goes on after a restart adds
 * nothing twice and leaves nothing out.
 */
@Injectable()
export class ReplayWorker {
  constructor(private readonly database: WorkerDatabase) {}

  /** @returns whether there was a replay to work on */
  step(): Promise<boolean> {
    return this.database.transaction(async (client) => {
      const { rows } = await client.query<Open>(lockReplay);
      const [replay] = rows;
      if (!replay) return false;
      const { organizationId, replayId, endpointId, filter, afterSeq, total } = replay;
      const moved = (status: string, done: number, seq: number, problem: string | null = null) =>
        client.query({ ...move, values: [organizationId, replayId, status, done, seq, problem] });
      const { rows: lanes } = await client.query<{ order: Order }>({
        ...lockLane,
        values: [organizationId, endpointId],
      });
      const [lane] = lanes;
      if (!lane && total === 0) {
        // An endpoint that was made a moment ago has no lane yet, and nothing was to be sent to it.
        await moved('succeeded', 0, afterSeq);
        return true;
      }
      if (!lane) {
        await moved('failed', 0, afterSeq, 'The endpoint is not there any more.');
        return true;
      }
      const values = [organizationId, endpointId, ...filterValues(filter), afterSeq, replayId];
      const { rows: found } = await client.query<{ deliveryId: string; seq: number }>({ ...read, values });
      if (found.length > 0) {
        const sources = found.map(({ deliveryId }) => deliveryId);
        await client.query({ ...add, values: [organizationId, sources, sources.map(() => newId()), lane.order] });
      }
      await moved(found.length < batch ? 'succeeded' : 'running', found.length, found.at(-1)?.seq ?? afterSeq);
      return true;
    });
  }
}
