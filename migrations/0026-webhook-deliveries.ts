import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockToTenant } from './tenant-table.js';

const open = `state in ('pending', 'in_flight')`;

/**
 * What is delivered where: a lane an endpoint, in which everything about it is decided while its row is locked; a queue
 * for each order that must be kept, as long as something waits in it; a delivery for each message and endpoint; and its
 * attempts, partitioned by time. The workers fill them, and the application reads what is its organization's.
 */
export class WebhookDeliveries0026 implements MigrationInterface {
  readonly name = 'WebhookDeliveries0001764000000026';

  async up(db: QueryRunner): Promise<void> {
    // Endpoints as history said they were, up to where the fan-out is. Rows are updated all the time: few to a page.
    await db.query(`
      create table specline.webhook_lane (
        organization_id uuid not null,
        endpoint_id     uuid not null,
        status          text not null,
        settings        jsonb not null,
        secrets         jsonb not null,
        verification    boolean not null,
        verified        boolean not null,
        warned          int not null default 0,
        due_at          timestamptz,
        in_flight       int not null default 0,
        tokens          double precision not null default 0,
        tokens_at       timestamptz not null default 'epoch',
        blocked_until   timestamptz not null default 'epoch',
        last_served_at  timestamptz not null default 'epoch',
        failures        int not null default 0,
        failing_since   timestamptz,
        last_success_at timestamptz,
        notice          text,
        primary key (organization_id, endpoint_id)
      ) with (fillfactor = 40)`);
    await db.query(`create index webhook_lane_due_idx on specline.webhook_lane (due_at) where due_at is not null`);
    // A queue that nothing waits in has no row; one whose head is under way has no due time.
    await db.query(`
      create table specline.webhook_queue (
        organization_id uuid not null,
        endpoint_id     uuid not null,
        queue_key       uuid not null,
        due_at          timestamptz,
        primary key (organization_id, endpoint_id, queue_key)
      ) with (fillfactor = 60)`);
    await db.query(`create index webhook_queue_due_idx on specline.webhook_queue (endpoint_id, due_at)`);
    await db.query(`
      create table specline.webhook_delivery (
        organization_id uuid not null,
        delivery_id     uuid not null,
        endpoint_id     uuid not null,
        queue_key       uuid,
        cause           text not null check (cause in ('event', 'resend', 'replay')),
        event_id        uuid not null,
        type            text not null,
        stream_id       uuid not null,
        stream_version  bigint not null,
        seq             bigint not null,
        spec            jsonb,
        spec_id         uuid,
        payload         text not null,
        state           text not null
          check (state in ('pending', 'in_flight', 'delivered', 'failed', 'skipped', 'cancelled')),
        attempts        int not null default 0,
        tries           int not null default 0,
        next_attempt_at timestamptz,
        lease_token     uuid,
        lease_until     timestamptz,
        last_status     int,
        last_error      text,
        created_at      timestamptz not null default clock_timestamp(),
        settled_at      timestamptz,
        primary key (organization_id, delivery_id)
      ) with (fillfactor = 80)`);
    // One delivery an event and endpoint, whatever happens; besides those that were asked for.
    await db.query(`
      create unique index webhook_delivery_once_idx on specline.webhook_delivery (endpoint_id, event_id)
        where cause = 'event'`);
    await db.query(`
      create index webhook_delivery_due_idx on specline.webhook_delivery (endpoint_id, next_attempt_at)
        where state = 'pending' and queue_key is null`);
    await db.query(`
      create index webhook_delivery_queue_idx on specline.webhook_delivery (endpoint_id, queue_key, seq, delivery_id)
        where ${open} and queue_key is not null`);
    await db.query(`
      create index webhook_delivery_lease_idx on specline.webhook_delivery (lease_until) where state = 'in_flight'`);
    // Rows lie about as they came: to forget the oldest, a summary of pages is enough, and costs updates next to nothing.
    await db.query(`create index webhook_delivery_age_idx on specline.webhook_delivery using brin (created_at)`);
    await db.query(`
      create index webhook_delivery_list_idx on specline.webhook_delivery (organization_id, endpoint_id, delivery_id)`);
    await db.query(`
      create table specline.webhook_attempt (
        organization_id uuid not null,
        delivery_id     uuid not null,
        number          int not null,
        started_at      timestamptz not null,
        outcome         text not null,
        status          int,
        error           text,
        dns_ms          real,
        connect_ms      real,
        tls_ms          real,
        first_byte_ms   real,
        total_ms        real not null,
        response_headers jsonb,
        response_body   bytea,
        truncated       boolean not null default false,
        next_attempt_at timestamptz
      ) partition by range (started_at)`);
    await db.query(`
      create index webhook_attempt_delivery_idx on specline.webhook_attempt (organization_id, delivery_id, number)`);
    // What no partition was made for in time: an attempt is never lost for that.
    await db.query(`create table specline.webhook_attempt_rest partition of specline.webhook_attempt default`);
    for (const table of ['webhook_lane', 'webhook_queue', 'webhook_delivery', 'webhook_attempt']) {
      await lockToTenant(db, table);
      await db.query(`revoke all on specline.${table} from specline_append`);
      await db.query(`drop policy append_door on specline.${table}`);
      await db.query(
        `create policy workers_door on specline.${table} to specline_worker using (true) with check (true)`,
      );
      await db.query(`grant select, insert, update, delete on specline.${table} to specline_worker`);
    }
    await attemptPartitions(db);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop function specline.keep_webhook_attempts(int, timestamptz)`);
    await db.query(`drop table specline.webhook_attempt, specline.webhook_delivery, specline.webhook_queue,
      specline.webhook_lane`);
  }
}

/**
 * Makes the partitions of the days to come, and drops those of days that nobody need remember. Its owner is whoever owns
 * the table; the workers may call it, and it takes nothing but two numbers.
 */
async function attemptPartitions(db: QueryRunner): Promise<void> {
  await db.query(`
    create function specline.keep_webhook_attempts(days int, at timestamptz) returns int
    language plpgsql security definer set search_path = specline, pg_temp as $$
    declare
      day date;
      one record;
      dropped int := 0;
    begin
      perform pg_advisory_xact_lock(7312, 0);
      for n in 0..2 loop
        day := (at at time zone 'UTC')::date + n;
        if to_regclass(format('specline.webhook_attempt_%s', to_char(day, 'YYYYMMDD'))) is null
          and not exists (select from webhook_attempt_rest
            where started_at >= day::timestamp at time zone 'UTC' and started_at < (day + 1)::timestamp at time zone 'UTC') then
          execute format('create table specline.webhook_attempt_%s partition of specline.webhook_attempt
            for values from (%L) to (%L)', to_char(day, 'YYYYMMDD'), day::timestamp at time zone 'UTC',
            (day + 1)::timestamp at time zone 'UTC');
        end if;
      end loop;
      for one in
        select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'specline.webhook_attempt'::regclass and c.relname ~ '^webhook_attempt_[0-9]{8}$'
          and to_date(right(c.relname, 8), 'YYYYMMDD') < (at at time zone 'UTC')::date - days
      loop
        execute format('drop table specline.%I', one.name);
        dropped := dropped + 1;
      end loop;
      return dropped;
    end $$`);
  await db.query(`revoke all on function specline.keep_webhook_attempts(int, timestamptz) from public`);
  await db.query(`grant execute on function specline.keep_webhook_attempts(int, timestamptz) to specline_worker`);
}
