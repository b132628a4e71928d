import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockToTenant } from './tenant-table.js';

/** How each spec stands, and the reports on it: read models of the streams of specs' compliance. */
export class ComplianceReports0020 implements MigrationInterface {
  readonly name = 'ComplianceReports0001764000000020';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table specline.compliance_standing (
        organization_id uuid not null,
        spec_id         uuid not null,
        report_id       uuid,
        number          bigint,
        verdict         text,
        content_hash    text,
        subject_hash    text,
        pack_hash       text,
        report_rulings  bigint,
        waiver_ids      text[],
        ruled_by        text[],
        counts          jsonb,
        blocking        jsonb,
        issued_at       timestamptz,
        rulings         bigint not null,
        links           jsonb not null,
        attestations    jsonb not null,
        version         bigint not null,
        primary key (organization_id, spec_id)
      )`);
    await db.query(`
      create table specline.compliance_report (
        organization_id uuid not null,
        report_id       uuid not null,
        spec_id         uuid not null,
        number          bigint not null,
        spec_version    bigint not null,
        verdict         text not null,
        content_hash    text not null,
        pack_hash       text not null,
        counts          jsonb not null,
        issuer_id       text not null,
        issuer_kind     text not null,
        issuer_name     text not null,
        issued_at       timestamptz not null,
        version         bigint not null,
        primary key (organization_id, report_id)
      )`);
    await db.query(
      `create index compliance_report_spec_idx on specline.compliance_report (organization_id, spec_id, number)`,
    );
    for (const table of ['compliance_standing', 'compliance_report']) await lockToTenant(db, table);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop table specline.compliance_report, specline.compliance_standing`);
  }
}
