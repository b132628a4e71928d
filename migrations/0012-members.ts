import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockToTenant } from './tenant-table.js';

/** Members and groups of organizations, and whose an API key is: read models of the organization streams. */
export class Members0012 implements MigrationInterface {
  readonly name = 'Members0001764000000012';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table specline.member (
        organization_id uuid not null,
        member_id       uuid not null,
        name            text not null,
        kind            text not null,
        added_at        timestamptz not null,
        removed_at      timestamptz,
        primary key (organization_id, member_id)
      )`);
    await db.query(`
      create table specline.member_group (
        organization_id uuid not null,
        group_key       text not null,
        title           text not null,
        members         text[] not null,
        primary key (organization_id, group_key)
      )`);
    for (const table of ['member', 'member_group']) await lockToTenant(db, table);
    await db.query(`alter table specline.api_key add column member_id uuid, add column issued_by text`);
    // Who issued the keys that there are stands in history: the owner of the tables may look at it for this once.
    for (const table of ['event', 'api_key'])
      await db.query(`alter table specline.${table} no force row level security`);
    await db.query(`
      update specline.api_key k set issued_by = e.metadata -> 'actor' ->> 'id' from specline.event e
      where e.organization_id = k.organization_id and e.stream_id = k.organization_id
        and e.type = 'organization.api_key.issued' and e.payload ->> 'keyId' = k.key_id::text`);
    for (const table of ['event', 'api_key']) await db.query(`alter table specline.${table} force row level security`);
    await db.query(`alter table specline.api_key alter column issued_by set not null`);

    // A member's key acts in the member's name, whatever the key itself is called.
    await this.authenticate(
      db,
      `"keyId" uuid, "organizationId" uuid, name text, role text, principal text, "memberId" uuid`,
      `select k.key_id, k.organization_id, coalesce(m.name, k.name), k.role, k.principal, k.member_id
        from api_key k left join member m on m.organization_id = k.organization_id and m.member_id = k.member_id
        where k.key_hash = hash and k.revoked_at is null`,
    );
  }

  async down(db: QueryRunner): Promise<void> {
    await this.authenticate(
      db,
      `"keyId" uuid, "organizationId" uuid, name text, role text, principal text`,
      `select key_id, organization_id, name, role, principal from api_key where key_hash = hash and revoked_at is null`,
    );
    await db.query(`alter table specline.api_key drop column member_id, drop column issued_by`);
    await db.query(`drop table specline.member_group, specline.member`);
  }

  private async authenticate(db: QueryRunner, columns: string, query: string): Promise<void> {
    await db.query(`drop function specline.authenticate(text)`);
    await db.query(`
      create function specline.authenticate(hash text) returns table (${columns})
      language sql stable security definer set search_path = specline, pg_temp as $$ ${query} $$`);
    await db.query(`revoke all on function specline.authenticate(text) from public`);
    await db.query(`grant create on schema specline to specline_append`);
    await db.query(`alter function specline.authenticate(text) owner to specline_append`);
    await db.query(`revoke create on schema specline from specline_append`);
    await db.query(`grant execute on function specline.authenticate(text) to specline_app`);
  }
}
