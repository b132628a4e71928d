import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockToTenant } from './tenant-table.js';

/**
 * History of one organization in order, whatever the others wrote in between; and how far its consumers say that they
 * are, which they write themselves.
 */
export class EventFeed0023 implements MigrationInterface {
  readonly name = 'EventFeed0001764000000023';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`create index event_organization_idx on specline.event (organization_id, seq)`);
    await db.query(`
      create table specline.event_consumer (
        organization_id uuid not null,
        consumer_key    text not null,
        position        bigint not null check (position >= 0),
        created_at      timestamptz not null,
        committed_at    timestamptz,
        committed_by    text,
        primary key (organization_id, consumer_key)
      ) with (fillfactor = 50)`);
    await lockToTenant(db, 'event_consumer');
    await db.query(`grant insert, update, delete on specline.event_consumer to specline_app`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop table specline.event_consumer`);
    await db.query(`drop index specline.event_organization_idx`);
  }
}
