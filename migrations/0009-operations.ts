import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Work of the operator that takes a while, and how far rebuilds are. The tables belong to no organization, and the
 * application has no right to any of them: they are read and written by the owner of the schema only.
 */
export class Operations0009 implements MigrationInterface {
  readonly name = 'Operations0001764000000009';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table specline.operation (
        operation_id     uuid primary key,
        kind             text not null,
        projection       text not null,
        parameters       jsonb not null,
        request_hash     text,
        status           text not null default 'waiting'
          check (status in ('waiting', 'running', 'succeeded', 'failed', 'cancelled')),
        progress         jsonb not null default '{"phase": "waiting", "events": 0, "totalEvents": 0, "percent": 0, "eventsPerSecond": 0, "secondsLeft": null}',
        result           jsonb,
        problem          text,
        cancel_requested boolean not null default false,
        created_at       timestamptz not null default clock_timestamp(),
        started_at       timestamptz,
        finished_at      timestamptz,
        owner            uuid,
        lease_until      timestamptz
      )`);
    // Two rebuilds of the same tables would only undo each other.
    await db.query(`
      create unique index operation_active_idx on specline.operation (projection) where status in ('waiting', 'running')`);
    await db.query(`create index operation_created_idx on specline.operation (created_at, operation_id)`);

    // The tables beside the live ones: those being filled, and those that were live before the last swap.
    await db.query(`
      create table specline.rebuild (
        projection   text not null,
        place        text not null check (place in ('next', 'previous')),
        operation_id uuid not null,
        code_version text not null,
        phase        text not null check (phase in ('load', 'index', 'ready')),
        position     bigint not null,
        events       bigint not null,
        verified     boolean not null default false,
        created_at   timestamptz not null default clock_timestamp(),
        primary key (projection, place)
      )`);
    await db.query(`
      create table specline.rebuild_shard (
        projection           text not null,
        shard                int not null,
        after_organization   uuid not null,
        after_stream         uuid not null,
        last_organization    uuid not null,
        last_stream          uuid not null,
        events               bigint not null default 0,
        rows                 bigint not null default 0,
        primary key (projection, shard)
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop table specline.rebuild_shard, specline.rebuild, specline.operation`);
  }
}
