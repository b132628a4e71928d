import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockToTenant } from './tenant-table.js';

/** Folded states, the latest of each stream; not evidence, and thrown away whenever other code folds. */
export class Snapshots0011 implements MigrationInterface {
  readonly name = 'Snapshots0001764000000011';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table specline.snapshot (
        organization_id uuid not null,
        stream_id       uuid not null,
        stream_type     text not null,
        fold_version    text not null,
        version         bigint not null,
        seq             bigint not null,
        hash            bytea not null,
        recorded_at     timestamptz not null,
        -- Never searched: as text it is cheaper to write, and keeps its form.
        state           json not null,
        primary key (organization_id, stream_id)
      )`);
    await lockToTenant(db, 'snapshot');
    await db.query(`grant insert, update, delete on specline.snapshot to specline_app`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop table specline.snapshot`);
  }
}
