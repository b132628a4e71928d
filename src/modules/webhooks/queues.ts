import type { PoolClient } from 'pg';

/** A queue's place: what must be told in order of one endpoint. */
export type QueueKey = { endpointId: string; queueKey: string };

/** A queue is due when its head is; while the head is under way it is not, and when nothing is left it is gone. */
const refreshed = `
  heads as (
    select q.endpoint_id, q.queue_key, h.state, h.next_attempt_at from chosen q left join lateral (
      select d.state, d.next_attempt_at from specline.webhook_delivery d
      where d.endpoint_id = q.endpoint_id and d.queue_key = q.queue_key and d.state in ('pending', 'in_flight')
      order by d.seq, d.delivery_id limit 1) h on true),
  gone as (
    delete from specline.webhook_queue q using heads h
    where h.state is null and q.endpoint_id = h.endpoint_id and q.queue_key = h.queue_key)
  update specline.webhook_queue q set due_at = case when h.state = 'pending' then h.next_attempt_at end from heads h
  where h.state is not null and q.endpoint_id = h.endpoint_id and q.queue_key = h.queue_key`;

const refreshSome = {
  name: 'webhooks.refresh-queues',
  text: `with chosen as (select distinct * from unnest($1::uuid[], $2::uuid[]) as c (endpoint_id, queue_key)),${refreshed}`,
};
const refreshDue = {
  name: 'webhooks.refresh-due-queues',
  text: `with chosen as (select endpoint_id, queue_key from specline.webhook_queue
    where endpoint_id = any ($1::uuid[]) and due_at <= $2),${refreshed}`,
};

/** Finds the heads of queues anew. The lanes are locked by whoever calls this, in an earlier statement. */
export async function refreshQueues(client: PoolClient, queues: readonly QueueKey[]): Promise<void> {
  const values = [queues.map(({ endpointId }) => endpointId), queues.map(({ queueKey }) => queueKey)];
  await client.query({ ...refreshSome, values });
}

/** The same for queues that are due and gave nothing, as when their head was cancelled. */
export async function refreshDueQueues(client: PoolClient, endpoints: readonly string[], now: Date): Promise<void> {
  await client.query({ ...refreshDue, values: [endpoints, now] });
}
