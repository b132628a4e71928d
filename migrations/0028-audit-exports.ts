import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockToTenant } from './tenant-table.js';

/**
 * Exports of the trail: what was asked for, how far it is, and what came of it, in chunks, so that any process can make
 * it, go on with it and hand it out. `audit_export_event` is which events go into a bundle, for as long as it is made.
 */
export class AuditExports0028 implements MigrationInterface {
  readonly name = 'AuditExports0001764000000028';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table specline.audit_export (
        organization_id uuid not null,
        export_id       uuid not null,
        slot            int check (slot > 0),
        share_id        uuid,
        format          text not null check (format in ('ndjson', 'csv', 'bundle')),
        filter          jsonb not null,
        request_hash    text,
        actor_id        text not null,
        actor_kind      text not null,
        actor_name      text not null,
        status          text not null default 'waiting'
          check (status in ('waiting', 'running', 'ready', 'failed', 'withdrawn', 'expired')),
        seal            bigint,
        position        bigint,
        seq             bigint,
        taken_at        timestamptz,
        percent         int not null default 0,
        rows            bigint not null default 0,
        bytes           bigint not null default 0,
        sha256          text,
        mark            jsonb,
        tries           int not null default 0,
        problem         text,
        owner           uuid,
        lease_until     timestamptz,
        created_at      timestamptz not null default clock_timestamp(),
        started_at      timestamptz,
        finished_at     timestamptz,
        expires_at      timestamptz not null,
        primary key (organization_id, export_id)
      )`);
    // As many may stand as there are slots, whoever asks at the same time.
    await db.query(`
      create unique index audit_export_slot_idx on specline.audit_export (organization_id, slot)
        where status in ('waiting', 'running', 'ready')`);
    await db.query(`
      create index audit_export_open_idx on specline.audit_export (created_at) where status in ('waiting', 'running')`);
    await db.query(`
      create index audit_export_expiry_idx on specline.audit_export (expires_at)`);
    await db.query(`
      create table specline.audit_export_chunk (
        organization_id uuid not null,
        export_id       uuid not null,
        begins_at       bigint not null,
        content         bytea not null,
        primary key (organization_id, export_id, begins_at)
      )`);
    // A part of a chunk is read without the rest of it, and bundles are compressed already.
    await db.query(`alter table specline.audit_export_chunk alter column content set storage external`);
    await db.query(`
      create table specline.audit_export_event (
        organization_id uuid not null,
        export_id       uuid not null,
        stream_id       uuid not null,
        version         bigint not null,
        seq             bigint not null,
        spec_id         uuid,
        primary key (organization_id, export_id, stream_id, version)
      )`);
    await db.query(`
      create index audit_export_event_spec_idx on specline.audit_export_event (organization_id, export_id, spec_id, seq)`);
    for (const table of ['audit_export', 'audit_export_chunk', 'audit_export_event']) {
      await lockToTenant(db, table);
      await db.query(`revoke all on specline.${table} from specline_append`);
      await db.query(`drop policy append_door on specline.${table}`);
      await db.query(
        `create policy workers_door on specline.${table} to specline_worker using (true) with check (true)`,
      );
      await db.query(`grant select, insert, update, delete on specline.${table} to specline_worker`);
    }
    await db.query(`grant insert, update (status, finished_at) on specline.audit_export to specline_app`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop table specline.audit_export_event, specline.audit_export_chunk, specline.audit_export`);
  }
}
