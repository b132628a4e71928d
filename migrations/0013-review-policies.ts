import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockToTenant } from './tenant-table.js';

/** Review policies as they stand, and every version that was ever in force: read models of the policies' streams. */
export class ReviewPolicies0013 implements MigrationInterface {
  readonly name = 'ReviewPolicies0001764000000013';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table specline.review_policy (
        organization_id uuid not null,
        policy_key      text not null,
        version         bigint not null,
        hash            text not null,
        rules           jsonb,
        decided_at      timestamptz,
        decided_by      text[] not null,
        retired_at      timestamptz,
        proposal        jsonb,
        stream_version  bigint not null,
        primary key (organization_id, policy_key)
      )`);
    await db.query(`
      create table specline.review_policy_version (
        organization_id uuid not null,
        policy_key      text not null,
        version         bigint not null,
        hash            text not null,
        rules           jsonb not null,
        decided_at      timestamptz not null,
        decided_by      text[] not null,
        reason          text not null,
        primary key (organization_id, policy_key, version)
      )`);
    for (const table of ['review_policy', 'review_policy_version']) await lockToTenant(db, table);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop table specline.review_policy_version, specline.review_policy`);
  }
}
