import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockToTenant } from './tenant-table.js';

const partitions = Array.from({ length: 8 }, (_, part) => `event_p${part}`);

/**
 * History and its guards. The event table is partitioned by organization from the first day, carries the hash chain
 * and a global position, so that watermark, subscriptions, rebuilds and seals can come without rewriting it.
 */
export class EventStore0001 implements MigrationInterface {
  readonly name = 'EventStore0001764000000001';

  async up(db: QueryRunner): Promise<void> {
    await roles(db);
    await db.query(`
      create function specline.current_organization() returns uuid language sql stable parallel safe
      as $$ select nullif(current_setting('specline.organization_id', true), '')::uuid $$`);

    await db.query(`create sequence specline.event_seq`);
    await db.query(`
      create table specline.event (
        seq             bigint not null default nextval('specline.event_seq'),
        organization_id uuid not null,
        stream_id       uuid not null,
        version         bigint not null check (version > 0),
        event_id        uuid not null,
        type            text not null,
        schema_version  int not null,
        payload         jsonb not null,
        metadata        jsonb not null,
        command_id      uuid not null,
        recorded_at     timestamptz not null,
        previous_hash   bytea not null check (length(previous_hash) = 32),
        hash            bytea not null check (length(hash) = 32),
        primary key (organization_id, stream_id, version)
      ) partition by hash (organization_id)`);
    for (const [remainder, partition] of partitions.entries()) {
      await db.query(`create table specline.${partition} partition of specline.event
        for values with (modulus ${partitions.length}, remainder ${remainder})`);
    }
    await db.query(`create index event_seq_idx on specline.event (seq)`);

    await db.query(`
      create table specline.stream (
        organization_id uuid not null,
        stream_id       uuid not null,
        stream_type     text not null,
        version         bigint not null,
        last_hash       bytea not null,
        primary key (organization_id, stream_id)
      ) with (fillfactor = 70)`);

    await db.query(`
      create table specline.command (
        organization_id uuid not null,
        command_id      uuid not null,
        request_hash    bytea,
        stream_id       uuid not null,
        version         bigint not null,
        response        jsonb not null,
        recorded_at     timestamptz not null default clock_timestamp(),
        primary key (organization_id, command_id)
      )`);

    for (const table of ['event', 'stream', 'command']) await lockToTenant(db, table);
    await db.query(`grant usage on sequence specline.event_seq to specline_append`);
    await refuseRewriting(db);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop schema specline cascade`);
  }
}

/** Roles belong to the whole server, so another database of it may have made them already. */
async function roles(db: QueryRunner): Promise<void> {
  for (const role of ['specline_app', 'specline_append']) {
    await db.query(`do $$ begin
      create role ${role} nologin nosuperuser nobypassrls nocreatedb nocreaterole;
    exception when duplicate_object or unique_violation then null; end $$`);
    // From PostgreSQL 16 on, whoever creates a role may administer it but not become it until that is granted.
    await db.query(`do $$ begin execute format('grant ${role} to %I', current_user); end $$`);
    await db.query(`grant usage on schema specline to ${role}`);
  }
}

/** History is only ever added to: not by the application, not by the append function, not by the table's owner. */
async function refuseRewriting(db: QueryRunner): Promise<void> {
  await db.query(`revoke update, delete, truncate on specline.event from specline_append`);
  await db.query(`
    create function specline.refuse_rewriting() returns trigger language plpgsql as $$
    begin raise exception 'history is never changed: % on % is refused', tg_op, tg_table_name using errcode = 'SPL01'; end $$`);
  await db.query(`create trigger event_is_immutable before update or delete on specline.event
    for each row execute function specline.refuse_rewriting()`);
  // Statement triggers are not handed down to partitions.
  for (const table of ['event', ...partitions]) {
    await db.query(`create trigger event_is_not_truncated before truncate on specline.${table}
      for each statement execute function specline.refuse_rewriting()`);
  }
}
