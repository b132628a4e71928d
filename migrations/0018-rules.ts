import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockToTenant } from './tenant-table.js';

/** Rule files and rule packs as they stand, and every version of them: read models of their streams. */
export class Rules0018 implements MigrationInterface {
  readonly name = 'Rules0001764000000018';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table specline.rule_source (
        organization_id uuid not null,
        path            text not null,
        version         bigint not null,
        revision        text,
        blob_hash       text not null,
        statements      jsonb not null,
        gone            jsonb not null,
        recorded_at     timestamptz not null,
        retired_at      timestamptz,
        stream_version  bigint not null,
        primary key (organization_id, path)
      )`);
    await db.query(`
      create table specline.rule_source_version (
        organization_id uuid not null,
        path            text not null,
        version         bigint not null,
        revision        text,
        blob_hash       text not null,
        markdown        text not null,
        statements      jsonb not null,
        added           text[] not null,
        changed         text[] not null,
        removed         text[] not null,
        recorded_at     timestamptz not null,
        recorded_by     text not null,
        primary key (organization_id, path, version)
      )`);
    await db.query(`
      create table specline.rule_pack (
        organization_id uuid not null,
        pack_key        text not null,
        version         bigint not null,
        hash            text not null,
        title           text not null,
        rules           jsonb not null,
        allowed_ids     text[] not null,
        published_at    timestamptz not null,
        published_by    text not null,
        retired_at      timestamptz,
        retired_by      text,
        stream_version  bigint not null,
        primary key (organization_id, pack_key)
      )`);
    await db.query(`
      create table specline.rule_pack_version (
        organization_id uuid not null,
        pack_key        text not null,
        version         bigint not null,
        hash            text not null,
        title           text not null,
        rules           jsonb not null,
        allowed_ids     text[] not null,
        reason          text not null,
        added           text[] not null,
        changed         text[] not null,
        removed         text[] not null,
        published_at    timestamptz not null,
        published_by    text not null,
        primary key (organization_id, pack_key, version)
      )`);
    for (const table of ['rule_source', 'rule_source_version', 'rule_pack', 'rule_pack_version'])
      await lockToTenant(db, table);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop table specline.rule_pack_version, specline.rule_pack, specline.rule_source_version,
      specline.rule_source`);
  }
}
