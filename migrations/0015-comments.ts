import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockToTenant } from './tenant-table.js';

/** Threads of comments, and the comments in them: read models of the thread streams. */
export class Comments0015 implements MigrationInterface {
  readonly name = 'Comments0001764000000015';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table specline.comment_thread (
        organization_id uuid not null,
        thread_id       uuid not null,
        spec_id         uuid not null,
        spec_version    bigint not null,
        section         text,
        anchor          jsonb,
        blocking        boolean not null,
        status          text not null,
        opener_id       text not null,
        opener_kind     text not null,
        opener_name     text not null,
        opened_at       timestamptz not null,
        resolver_id     text,
        resolver_kind   text,
        resolver_name   text,
        resolved_at     timestamptz,
        resolution      text,
        comments        integer not null,
        mentions        text[] not null,
        version         bigint not null,
        updated_at      timestamptz not null,
        primary key (organization_id, thread_id)
      )`);
    await db.query(
      `create index comment_thread_spec_idx on specline.comment_thread (organization_id, spec_id, thread_id)`,
    );
    await db.query(`
      create table specline.comment (
        organization_id uuid not null,
        thread_id       uuid not null,
        comment_id      uuid not null,
        position        integer not null,
        author_id       text not null,
        author_kind     text not null,
        author_name     text not null,
        body            text not null,
        mentions        text[] not null,
        suggestion      text,
        applied_in      bigint,
        created_at      timestamptz not null,
        edited_at       timestamptz,
        deleted_at      timestamptz,
        version         bigint not null,
        primary key (organization_id, thread_id, comment_id)
      )`);
    for (const table of ['comment_thread', 'comment']) await lockToTenant(db, table);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop table specline.comment, specline.comment_thread`);
  }
}
