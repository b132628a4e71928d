import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockToTenant } from './tenant-table.js';

/**
 * Replays: stretches of the log to be delivered again, and how far that is. And what the application may do to deliveries
 * itself: add one that was asked for, cancel one that waits, and say that there is something due.
 */
export class WebhookReplays0027 implements MigrationInterface {
  readonly name = 'WebhookReplays0001764000000027';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table specline.webhook_replay (
        organization_id uuid not null,
        replay_id       uuid not null,
        endpoint_id     uuid not null,
        filter          jsonb not null,
        request_hash    text,
        status          text not null default 'waiting'
          check (status in ('waiting', 'running', 'succeeded', 'failed', 'cancelled')),
        total           bigint not null,
        done            bigint not null default 0,
        after_seq       bigint not null default 0,
        problem         text,
        created_at      timestamptz not null default clock_timestamp(),
        started_at      timestamptz,
        finished_at     timestamptz,
        primary key (organization_id, replay_id)
      )`);
    await db.query(`
      create index webhook_replay_open_idx on specline.webhook_replay (created_at) where status in ('waiting', 'running')`);
    // A replay goes through the log of an endpoint in the order of history.
    await db.query(`
      create index webhook_delivery_replay_idx on specline.webhook_delivery (organization_id, endpoint_id, seq)
        where cause = 'event'`);
    await lockToTenant(db, 'webhook_replay');
    await db.query(`revoke all on specline.webhook_replay from specline_append`);
    await db.query(`drop policy append_door on specline.webhook_replay`);
    await db.query(
      `create policy workers_door on specline.webhook_replay to specline_worker using (true) with check (true)`,
    );
    await db.query(`grant select, insert, update, delete on specline.webhook_replay to specline_worker`);
    await db.query(`grant insert, update (status, finished_at) on specline.webhook_replay to specline_app`);
    await db.query(
      `grant insert, update (state, settled_at, next_attempt_at) on specline.webhook_delivery to specline_app`,
    );
    await db.query(`grant update (due_at) on specline.webhook_lane to specline_app`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop table specline.webhook_replay`);
    await db.query(`drop index specline.webhook_delivery_replay_idx`);
  }
}
