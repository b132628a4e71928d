import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockToTenant } from './tenant-table.js';

/** Exceptions from rules: the read model of the waivers' streams. */
export class Waivers0021 implements MigrationInterface {
  readonly name = 'Waivers0001764000000021';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table specline.compliance_waiver (
        organization_id      uuid not null,
        waiver_id            uuid not null,
        rule_id              text not null,
        spec_id              uuid,
        owner                text not null,
        reason               text not null,
        compensating_control text not null,
        expires_at           timestamptz not null,
        requester_id         text not null,
        requester_kind       text not null,
        requester_name       text not null,
        requested_at         timestamptz not null,
        approver_id          text,
        approver_kind        text,
        approver_name        text,
        approved_at          timestamptz,
        withdrawer_id        text,
        withdrawer_kind      text,
        withdrawer_name      text,
        withdrawn_at         timestamptz,
        withdrawal           text,
        version              bigint not null,
        primary key (organization_id, waiver_id)
      )`);
    await db.query(
      `create index compliance_waiver_expiry_idx on specline.compliance_waiver (organization_id, expires_at, waiver_id)`,
    );
    await lockToTenant(db, 'compliance_waiver');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop table specline.compliance_waiver`);
  }
}
