import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockToTenant } from './tenant-table.js';

/**
 * What waits or is under way stands in a narrow table of its own. Claims write there, and a delivery is written once more
 * when it has ended, in place: its indexes ask nothing that an ending changes.
 */
export class WebhookWaiting0032 implements MigrationInterface {
  readonly name = 'WebhookWaiting0001764000000032';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table specline.webhook_waiting (
        organization_id uuid not null,
        delivery_id     uuid not null,
        endpoint_id     uuid not null,
        queue_key       uuid,
        seq             bigint not null,
        due_at          timestamptz not null,
        attempts        int not null default 0,
        tries           int not null default 0,
        lease_token     uuid,
        lease_until     timestamptz,
        primary key (organization_id, delivery_id)
      ) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05)`);
    await db.query(`
      create index webhook_waiting_due_idx on specline.webhook_waiting (endpoint_id, due_at)
        where lease_token is null and queue_key is null`);
    await db.query(`
      create index webhook_waiting_queue_idx on specline.webhook_waiting (endpoint_id, queue_key, seq, delivery_id)
        where queue_key is not null`);
    await db.query(`
      create index webhook_waiting_lease_idx on specline.webhook_waiting (lease_until) where lease_token is not null`);
    await lockToTenant(db, 'webhook_waiting');
    await db.query(`grant delete on specline.webhook_waiting to specline_app`);
    await db.query(
      `create policy workers_door on specline.webhook_waiting to specline_worker using (true) with check (true)`,
    );
    await db.query(`grant select, insert, update, delete on specline.webhook_waiting to specline_worker`);
    await takeOver(db);
    await narrowDeliveries(db);
    await waitTrigger(db);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop trigger webhook_delivery_waits on specline.webhook_delivery`);
    await db.query(`drop function specline.webhook_delivery_waits()`);
    await db.query(`
      alter table specline.webhook_delivery add tries int not null default 0, add lease_token uuid, add lease_until timestamptz`);
    await db.query(`drop table specline.webhook_waiting`);
  }
}

/** What waits already. Row security is lifted for it: the owner of the tables need not be a superuser. */
async function takeOver(db: QueryRunner): Promise<void> {
  const tables = ['webhook_waiting', 'webhook_delivery', 'webhook_lane'];
  for (const table of tables) await db.query(`alter table specline.${table} no force row level security`);
  await db.query(`
    insert into specline.webhook_waiting (organization_id, delivery_id, endpoint_id, queue_key, seq, due_at, attempts, tries)
    select organization_id, delivery_id, endpoint_id, queue_key, seq, coalesce(next_attempt_at, now()), attempts, tries
    from specline.webhook_delivery where state in ('pending', 'in_flight')`);
  await db.query(`update specline.webhook_delivery set state = 'pending' where state = 'in_flight'`);
  await db.query(`update specline.webhook_lane set in_flight = 0`);
  for (const table of tables) await db.query(`alter table specline.${table} force row level security`);
}

/** A program that was started before this one can claim nothing any more: its statements name columns that are gone. */
async function narrowDeliveries(db: QueryRunner): Promise<void> {
  for (const index of ['due', 'queue', 'lease']) await db.query(`drop index specline.webhook_delivery_${index}_idx`);
  await db.query(`alter table specline.webhook_delivery drop tries, drop lease_token, drop lease_until`);
  // All deliveries of a page end at about the same time: each finds room beside what it was.
  await db.query(`alter table specline.webhook_delivery set (fillfactor = 50)`);
}

/** Whoever adds a delivery that is to be sent, it waits. */
async function waitTrigger(db: QueryRunner): Promise<void> {
  await db.query(`
    create function specline.webhook_delivery_waits() returns trigger
    language plpgsql security definer set search_path = specline, pg_temp as $$
    begin
      insert into webhook_waiting (organization_id, delivery_id, endpoint_id, queue_key, seq, due_at)
      select organization_id, delivery_id, endpoint_id, queue_key, seq, next_attempt_at from added where state = 'pending';
      return null;
    end $$`);
  await db.query(`revoke all on function specline.webhook_delivery_waits() from public`);
  await db.query(`grant create on schema specline to specline_append`);
  await db.query(`alter function specline.webhook_delivery_waits() owner to specline_append`);
  await db.query(`revoke create on schema specline from specline_append`);
  await db.query(`
    create trigger webhook_delivery_waits after insert on specline.webhook_delivery referencing new table as added
      for each statement execute function specline.webhook_delivery_waits()`);
}
