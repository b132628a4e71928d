import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockToTenant } from './tenant-table.js';

/** Organizations and their API keys: read models of the organization streams. Keys are kept as SHA-256 only. */
export class Organizations0003 implements MigrationInterface {
  readonly name = 'Organizations0001764000000003';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table specline.organization (
        organization_id uuid primary key,
        name            text not null,
        version         bigint not null,
        created_at      timestamptz not null
      )`);
    await db.query(`
      create table specline.api_key (
        organization_id uuid not null,
        key_id          uuid not null,
        key_hash        text not null unique,
        name            text not null,
        role            text not null,
        principal       text not null,
        created_at      timestamptz not null,
        revoked_at      timestamptz,
        primary key (organization_id, key_id)
      )`);
    for (const table of ['organization', 'api_key']) await lockToTenant(db, table);

    // The third narrow door: whoever knows a key learns whose it is, before any organization is known.
    await db.query(`
      create function specline.authenticate(hash text)
      returns table ("keyId" uuid, "organizationId" uuid, name text, role text, principal text)
      language sql stable security definer set search_path = specline, pg_temp as $$
        select key_id, organization_id, name, role, principal from api_key where key_hash = hash and revoked_at is null $$`);
    // And one bit for the first start: is there any organization yet?
    await db.query(`
      create function specline.has_organizations() returns boolean
      language sql stable security definer set search_path = specline, pg_temp as $$
        select exists (select from organization) $$`);
    await db.query(`grant create on schema specline to specline_append`);
    for (const door of ['authenticate(text)', 'has_organizations()']) {
      await db.query(`revoke all on function specline.${door} from public`);
      await db.query(`alter function specline.${door} owner to specline_append`);
      await db.query(`grant execute on function specline.${door} to specline_app`);
    }
    await db.query(`revoke create on schema specline from specline_append`);

    // Secrets of the server itself, made once: every process of one database signs cursors alike.
    await db.query(`create table specline.server_secret (name text primary key, value text not null)`);
    await db.query(`
      insert into specline.server_secret
      values ('cursor', replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''))`);
    await db.query(`grant select on specline.server_secret to specline_app`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop function specline.authenticate(text)`);
    await db.query(`drop function specline.has_organizations()`);
    await db.query(`drop table specline.api_key, specline.organization, specline.server_secret`);
  }
}
