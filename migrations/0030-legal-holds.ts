import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockToTenant } from './tenant-table.js';

/** The legal holds that stand on specs: a read model of the specs' streams. */
export class LegalHolds0030 implements MigrationInterface {
  readonly name = 'LegalHolds0001764000000030';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table specline.legal_hold (
        organization_id uuid not null,
        spec_id         uuid not null,
        hold_key        text not null,
        reason          text not null,
        placer_id       text not null,
        placer_kind     text not null,
        placer_name     text not null,
        placed_at       timestamptz not null,
        version         bigint not null,
        primary key (organization_id, spec_id, hold_key)
      )`);
    await lockToTenant(db, 'legal_hold');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop table specline.legal_hold`);
  }
}
