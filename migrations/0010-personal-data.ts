import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockToTenant } from './tenant-table.js';

/**
 * A key for each person that is named in an organization, sealed under the master key. They are in no event: whoever
 * has a copy of history has no name. A key ends in the transaction of the event that says so, whoever appends it.
 */
export class PersonalData0010 implements MigrationInterface {
  readonly name = 'PersonalData0001764000000010';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table specline.subject_secret (
        organization_id uuid primary key,
        secret          bytea not null
      )`);
    await db.query(`
      create table specline.subject_key (
        organization_id uuid not null,
        subject         uuid not null,
        lookup          bytea,
        key             bytea,
        created_at      timestamptz not null default clock_timestamp(),
        erased_at       timestamptz,
        primary key (organization_id, subject),
        unique (organization_id, lookup),
        check ((key is null) = (erased_at is not null) and (lookup is null) = (key is null))
      )`);
    for (const table of ['subject_secret', 'subject_key']) {
      await lockToTenant(db, table);
      await db.query(`grant insert on specline.${table} to specline_app`);
    }
    await db.query(`
      create function specline.destroy_subject_key() returns trigger language plpgsql set search_path = specline, pg_temp as $$
      begin
        update subject_key set key = null, lookup = null, erased_at = new.recorded_at
        where organization_id = new.organization_id and subject = (new.payload ->> 'subject')::uuid and key is not null;
        return null;
      end $$`);
    await db.query(`
      create trigger event_destroys_subject_key after insert on specline.event for each row
      when (new.type = 'organization.person.erased') execute function specline.destroy_subject_key()`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop trigger event_destroys_subject_key on specline.event`);
    await db.query(`drop function specline.destroy_subject_key()`);
    await db.query(`drop table specline.subject_key, specline.subject_secret`);
  }
}
