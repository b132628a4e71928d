import { Inject, Injectable } from '@nestjs/common';
import { WorkerDatabase } from '../event-store/worker-database.js';
import type { WebhookSettings } from './webhook-settings.js';
import { WEBHOOK_SETTINGS } from './webhook-settings.js';

const keepAttempts = { name: 'webhooks.keep-attempts', text: 'select specline.keep_webhook_attempts($1, $2)' };
const dropSettled = {
  name: 'webhooks.drop-settled',
  text: `with gone as (
      delete from specline.webhook_delivery where (organization_id, delivery_id) in (
        select organization_id, delivery_id from specline.webhook_delivery
        where created_at < $1::timestamptz - make_interval(days => $2) and settled_at is not null limit $3)
      returning delivery_id)
    select count(*) as "dropped" from gone`,
};
/** What is left of days for which no partition was made in time. */
const dropAttempts = {
  name: 'webhooks.drop-attempts',
  text: `delete from specline.webhook_attempt where started_at < $1::timestamptz - make_interval(days => $2 + 1)`,
};
const batch = 5_000;

/** Forgets what is older than whoever runs the service wants to keep; what still waits is never forgotten. */
@Injectable()
export class Retention {
  constructor(
    private readonly database: WorkerDatabase,
    @Inject(WEBHOOK_SETTINGS) private readonly settings: WebhookSettings,
  ) {}

  /** Makes the partitions of attempts that will be needed, and drops what is past its time. */
  async keep(now: Date): Promise<void> {
    const { retentionDays } = this.settings;
    await this.database.query(keepAttempts, [retentionDays, now]);
    await this.database.query(dropAttempts, [now, retentionDays]);
    for (let dropped = batch; dropped === batch;) {
      const [gone] = await this.database.query<{ dropped: number }>(dropSettled, [now, retentionDays, batch]);
      dropped = Number(gone?.dropped ?? 0);
    }
  }
}
