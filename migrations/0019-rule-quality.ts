import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockToTenant } from './tenant-table.js';
import { lockToWorkers } from './worker-table.js';

/**
 * How good rules are: what people say of findings (read models), and what the last reports say by rule (filled by a
 * subscription). And the contracts that specs name, which are read from them when somebody asks.
 */
export class RuleQuality0019 implements MigrationInterface {
  readonly name = 'RuleQuality0001764000000019';

  async up(db: QueryRunner): Promise<void> {
    await marks(db);
    await results(db);
    await contracts(db);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop table specline.contract, specline.contract_reading, specline.rule_finding, specline.rule_result,
      specline.finding_mark, specline.rule_quality`);
  }
}

async function marks(db: QueryRunner): Promise<void> {
  await db.query(`
    create table specline.rule_quality (
      organization_id uuid not null,
      rule_id         text not null,
      wrong           integer not null,
      people          integer not null,
      reviewed_at     timestamptz,
      stream_version  bigint not null,
      primary key (organization_id, rule_id)
    )`);
  await db.query(`
    create table specline.finding_mark (
      organization_id uuid not null,
      rule_id         text not null,
      spec_id         uuid not null,
      element         text not null,
      actor_id        text not null,
      actor_kind      text not null,
      position        text not null,
      counts          boolean not null,
      reason          text not null,
      report_id       uuid not null,
      marked_at       timestamptz not null,
      primary key (organization_id, rule_id, spec_id, element, actor_id)
    )`);
  for (const table of ['rule_quality', 'finding_mark']) await lockToTenant(db, table);
}

async function results(db: QueryRunner): Promise<void> {
  await db.query(`
    create table specline.rule_result (
      organization_id uuid not null,
      spec_id         uuid not null,
      rule_id         text not null,
      outcome         text not null,
      blocks          boolean not null,
      contradicted    boolean not null,
      mode            text not null,
      findings        integer not null,
      statement       text not null,
      source_path     text,
      blob_hash       text,
      report_id       uuid not null,
      issued_at       timestamptz not null,
      primary key (organization_id, spec_id, rule_id)
    )`);
  await db.query(`create index rule_result_rule_idx on specline.rule_result (organization_id, rule_id)`);
  await db.query(`
    create table specline.rule_finding (
      organization_id uuid not null,
      rule_id         text not null,
      spec_id         uuid not null,
      element         text not null,
      first_report_id uuid not null,
      primary key (organization_id, rule_id, spec_id, element)
    )`);
  for (const table of ['rule_result', 'rule_finding']) {
    await lockToWorkers(db, table);
    await db.query(`create policy tenant on specline.${table} for select to specline_app
      using (organization_id = specline.current_organization())`);
    await db.query(`grant select on specline.${table} to specline_app`);
  }
}

/** A row a contract and standing of a spec; it counts while `content_hash` is that of the spec's reading. */
async function contracts(db: QueryRunner): Promise<void> {
  await db.query(`
    create table specline.contract (
      organization_id uuid not null,
      spec_id         uuid not null,
      standing        text not null check (standing in ('draft', 'approved')),
      kind            text not null,
      id              text not null,
      definition      jsonb not null,
      section         text not null,
      line            integer not null,
      content_hash    text not null,
      primary key (organization_id, spec_id, standing, kind, id)
    )`);
  await db.query(`create index contract_id_idx on specline.contract (organization_id, kind, id)`);
  await db.query(`
    create table specline.contract_reading (
      organization_id uuid not null,
      spec_id         uuid not null,
      reader          integer not null,
      draft_hash      text,
      approved_hash   text,
      approved_at     timestamptz,
      primary key (organization_id, spec_id)
    )`);
  for (const table of ['contract', 'contract_reading']) {
    await lockToTenant(db, table);
    await db.query(`grant insert, update, delete on specline.${table} to specline_app`);
  }
}
