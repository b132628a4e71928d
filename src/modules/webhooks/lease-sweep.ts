import { Injectable } from '@nestjs/common';
import { WorkerDatabase } from '../event-store/worker-database.js';
import { refreshQueues } from './queues.js';
import type { QueueKey } from './queues.js';

const lockLanes = {
  name: 'webhooks.lock-lanes-with-ended-leases',
  text: `select l.endpoint_id as "endpointId" from specline.webhook_lane l
    where l.endpoint_id in (select w.endpoint_id from specline.webhook_waiting w
      where w.lease_token is not null and w.lease_until < $1)
    order by l.organization_id, l.endpoint_id for update of l skip locked`,
};
const giveBack = {
  name: 'webhooks.give-back',
  text: `update specline.webhook_waiting set due_at = $2, lease_token = null, lease_until = null
    where endpoint_id = any ($1::uuid[]) and lease_token is not null and lease_until < $2
    returning endpoint_id as "endpointId", queue_key as "queueKey"`,
};
const recount = {
  name: 'webhooks.recount',
  text: `update specline.webhook_lane l set due_at = $2, in_flight = (select count(*) from specline.webhook_waiting w
      where w.endpoint_id = l.endpoint_id and w.lease_token is not null)
    where l.endpoint_id = any ($1::uuid[])`,
};
/** Their endpoint was deleted while they were under way. */
const endStray = {
  name: 'webhooks.end-stray',
  text: `with stray as (
      delete from specline.webhook_waiting w where w.lease_token is not null and w.lease_until < $1
        and not exists (select from specline.webhook_lane l where l.endpoint_id = w.endpoint_id)
      returning w.organization_id, w.delivery_id)
    update specline.webhook_delivery d set state = 'cancelled', next_attempt_at = null, settled_at = clock_timestamp()
    from stray s where d.organization_id = s.organization_id and d.delivery_id = s.delivery_id`,
};

/** Deliveries whose sender died are given back to whoever comes next. */
@Injectable()
export class LeaseSweep {
  constructor(private readonly database: WorkerDatabase) {}

  async sweep(now: Date): Promise<void> {
    await this.database.transaction(async (client) => {
      await client.query({ ...endStray, values: [now] });
      const { rows: lanes } = await client.query<{ endpointId: string }>({ ...lockLanes, values: [now] });
      if (lanes.length === 0) return;
      const endpoints = lanes.map(({ endpointId }) => endpointId);
      const { rows } = await client.query<{ endpointId: string; queueKey: string | null }>({
        ...giveBack,
        values: [endpoints, now],
      });
      const queues = rows.filter((row): row is QueueKey => row.queueKey !== null);
      if (queues.length > 0) await refreshQueues(client, queues);
      await client.query({ ...recount, values: [endpoints, now] });
    });
  }
}
