import type { PoolClient } from 'pg';

/** A queue's place: what must be told in order of one endpoint. */
export type QueueKey = { endpointId: string; queueKey: string };

/** A queue is due when its head is; while the head is under way it is not, and when nothing is left it is gone. */
const refreshed = `
  heads as (
    select q.endpoint_id, q.queue_key, h.due_at, h.lease_token, h.endpoint_id is not null as is_there
    from chosen q left join lateral (
      select w.endpoint_id, w.due_at, w.lease_token from specline.webhook_waiting w
      where w.endpoint_id = q.endpoint_id and w.queue_key = q.queue_key order by w.seq, w.delivery_id limit 1) h on true),
  gone as (
    delete from specline.webhook_queue q using heads h
    where not h.is_there and q.endpoint_id = h.endpoint_id and q.queue_key = h.queue_key)
  update specline.webhook_queue q set due_at = case when h.lease_token is null then h.due_at end from heads h
  where h.is_there and q.endpoint_id = h.endpoint_id and q.queue_key = h.queue_key`;

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
