import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockToTenant } from './tenant-table.js';

/** The read models of specs: a row a spec, a row a section, and what full-text search looks in. */
export class Specs0005 implements MigrationInterface {
  readonly name = 'Specs0001764000000005';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table specline.spec (
        organization_id  uuid not null,
        spec_id          uuid not null,
        number           bigint not null,
        title            text not null,
        lifecycle        text not null,
        template_key     text not null,
        template_version bigint not null,
        version          bigint not null,
        content_hash     text not null,
        labels           text[] not null,
        owner            text,
        relations        jsonb not null,
        section_order    text[],
        preamble         text,
        import_report    jsonb,
        created_at       timestamptz not null,
        updated_at       timestamptz not null,
        primary key (organization_id, spec_id)
      ) with (fillfactor = 70)`);
    await db.query(`create unique index spec_number_idx on specline.spec (organization_id, number)`);
    await db.query(`
      create table specline.spec_section (
        organization_id uuid not null,
        spec_id         uuid not null,
        key             text not null,
        heading         text not null,
        heading_source  text not null,
        body            text,
        content_hash    text not null,
        version         bigint not null,
        not_applicable  text,
        primary key (organization_id, spec_id, key)
      ) with (fillfactor = 70)`);
    await db.query(`
      create table specline.spec_search (
        organization_id uuid not null,
        spec_id         uuid not null,
        version         bigint not null,
        words           tsvector not null,
        primary key (organization_id, spec_id)
      )`);
    await db.query(`create index spec_search_words_idx on specline.spec_search using gin (words)`);
    await db.query(`
      create table specline.spec_number (
        organization_id uuid primary key,
        last            bigint not null
      )`);
    for (const table of ['spec', 'spec_section', 'spec_search', 'spec_number']) await lockToTenant(db, table);
    // The application itself counts numbers and fills the search index; both are scoped like everything else.
    await db.query(`grant insert, update on specline.spec_number to specline_app`);
    await db.query(`grant insert, update, delete on specline.spec_search to specline_app`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop table specline.spec, specline.spec_section, specline.spec_search, specline.spec_number`);
  }
}
