import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockToTenant } from './tenant-table.js';

/** Share links: what somebody without a key may read, by the hash of a token, until it expires or is revoked. */
export class AuditShares0029 implements MigrationInterface {
  readonly name = 'AuditShares0001764000000029';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table specline.audit_share (
        organization_id uuid not null,
        share_id        uuid not null,
        token_hash      text not null unique,
        request_hash    text,
        spec_id         uuid,
        since           timestamptz,
        until           timestamptz,
        note            text,
        export_id       uuid not null,
        actor_id        text not null,
        actor_kind      text not null,
        actor_name      text not null,
        created_at      timestamptz not null default clock_timestamp(),
        expires_at      timestamptz not null,
        revoked_at      timestamptz,
        uses            bigint not null default 0,
        last_used_at    timestamptz,
        primary key (organization_id, share_id),
        check ((spec_id is null) <> (since is null and until is null))
      )`);
    await lockToTenant(db, 'audit_share');
    await db.query(`grant insert, update (revoked_at) on specline.audit_share to specline_app`);
    // Whoever comes with a token belongs to no organization until it is known: this asks, and counts that it was used.
    await db.query(`
      create function specline.use_share(hash text, at timestamptz)
      returns table ("shareId" uuid, "organizationId" uuid, "specId" uuid, since timestamptz, until timestamptz, "exportId" uuid)
      language sql volatile security definer set search_path = specline, pg_temp as $$
        update audit_share set uses = uses + 1, last_used_at = at
        where token_hash = hash and revoked_at is null and expires_at > at
        returning audit_share.share_id, audit_share.organization_id, audit_share.spec_id, audit_share.since, audit_share.until, audit_share.export_id $$`);
    await db.query(`revoke all on function specline.use_share(text, timestamptz) from public`);
    await db.query(`grant create on schema specline to specline_append`);
    await db.query(`alter function specline.use_share(text, timestamptz) owner to specline_append`);
    await db.query(`revoke create on schema specline from specline_append`);
    await db.query(`grant execute on function specline.use_share(text, timestamptz) to specline_app`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop function specline.use_share(text, timestamptz)`);
    await db.query(`drop table specline.audit_share`);
  }
}
