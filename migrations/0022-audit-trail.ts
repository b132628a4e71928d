import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockToWorkers } from './worker-table.js';

/** What a trail is asked by: each in the order of time, so that a page is a stretch of one index. */
const filters: Record<string, string> = {
  actor: 'actor_id',
  kind: 'kind',
  principal: 'actor_kind',
  on_behalf_of: 'on_behalf_of',
  spec: 'spec_id',
  section: 'section',
  command: 'command',
  type: 'type',
  transition: 'transition',
  correlation: 'correlation_id',
};
/** Few entries have these. */
const rare = ['on_behalf_of', 'section', 'transition'];

/**
 * The audit trail of each organization: an entry for each event, and for what left no event: refused commands, keys
 * that are no longer good, reads of exports. Written by workers, only ever added to, read by the organization. Beside it
 * what is known of requests, which names persons and is deleted in time.
 */
export class AuditTrail0022 implements MigrationInterface {
  readonly name = 'AuditTrail0001764000000022';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table specline.audit_entry (
        organization_id uuid not null,
        recorded_at     timestamptz not null,
        entry_id        uuid not null,
        kind            text not null,
        type            text not null,
        seq             bigint,
        stream_id       uuid,
        version         bigint,
        spec_id         uuid,
        section         text,
        command         text,
        transition      text,
        actor_id        text not null,
        actor_kind      text not null,
        actor_name      text not null,
        on_behalf_of    text,
        correlation_id  text not null,
        code            text,
        reason          text,
        decision        jsonb,
        hash_before     text,
        hash_after      text,
        terms           text[] not null,
        primary key (organization_id, recorded_at, entry_id)
      )`);
    for (const [name, column] of Object.entries(filters)) {
      await db.query(`create index audit_entry_${name}_idx on specline.audit_entry
        (organization_id, ${column}, recorded_at, entry_id)${rare.includes(column) ? ` where ${column} is not null` : ''}`);
    }
    await db.query(`create unique index audit_entry_event_idx on specline.audit_entry
      (organization_id, stream_id, version) where stream_id is not null`);
    await db.query(`create unique index audit_entry_id_idx on specline.audit_entry (organization_id, entry_id)`);
    await db.query(`create index audit_entry_terms_idx on specline.audit_entry using gin (terms)`);
    await db.query(`
      create table specline.request_context (
        organization_id uuid not null,
        correlation_id  text not null,
        recorded_at     timestamptz not null,
        method          text not null,
        path            text not null,
        status          int not null,
        key_id          text,
        address         text not null,
        user_agent      text,
        primary key (organization_id, correlation_id, recorded_at)
      )`);
    await db.query(`create index request_context_time_idx on specline.request_context using brin (recorded_at)`);
    for (const table of ['audit_entry', 'request_context']) {
      await lockToWorkers(db, table);
      await db.query(`create policy tenant on specline.${table} for select to specline_app
        using (organization_id = specline.current_organization())`);
      await db.query(`grant select on specline.${table} to specline_app`);
    }
    await onlyAddTo(db);
    await searchDoor(db);
    await keyDoor(db);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop function specline.owners_of_keys(text[])`);
    await db.query(
      `drop function specline.search_audit(text[], timestamptz, timestamptz, timestamptz, uuid, boolean, int)`,
    );
    await db.query(`drop table specline.request_context, specline.audit_entry`);
  }
}

async function onlyAddTo(db: QueryRunner): Promise<void> {
  await db.query(`revoke update, delete on specline.audit_entry from specline_worker`);
  await db.query(`create trigger audit_entry_is_immutable before update or delete on specline.audit_entry
    for each row execute function specline.refuse_rewriting()`);
  await db.query(`create trigger audit_entry_is_not_truncated before truncate on specline.audit_entry
    for each statement execute function specline.refuse_rewriting()`);
}

/**
 * Words are found by an index over all organizations, which row-level security keeps from being used: an operator that
 * could leak is not asked before the policy. So this asks, and gives out nothing of another organization. Terms carry
 * the organization (audit-entry.ts): how often others use a word is nothing to it.
 */
async function searchDoor(db: QueryRunner): Promise<void> {
  await db.query(`
    create function specline.search_audit(wanted text[], since timestamptz, until timestamptz,
      edge timestamptz, edge_id uuid, newest boolean, most int)
    returns table (entry_id uuid, recorded_at timestamptz) language sql stable security definer
    set search_path = specline, pg_temp set plan_cache_mode = force_custom_plan as $$
      with found as materialized (select e.organization_id, e.recorded_at, e.entry_id from audit_entry e where e.terms @> wanted)
      select f.entry_id, f.recorded_at from found f
      where f.organization_id = current_organization() and f.recorded_at >= since and f.recorded_at < until
        and case when newest then (f.recorded_at, f.entry_id) < (edge, edge_id) else (f.recorded_at, f.entry_id) > (edge, edge_id) end
      order by case when newest then f.recorded_at end desc, case when newest then f.entry_id end desc,
        case when not newest then f.recorded_at end, case when not newest then f.entry_id end
      limit most $$`);
  await own(db, 'search_audit(text[], timestamptz, timestamptz, timestamptz, uuid, boolean, int)', 'specline_worker');
  await db.query(
    `grant execute on function specline.search_audit(text[], timestamptz, timestamptz, timestamptz, uuid, boolean, int) to specline_app`,
  );
}

/** Whose keys these are or were, by their hashes: what the trail says of a key that is no longer good. */
async function keyDoor(db: QueryRunner): Promise<void> {
  await db.query(`
    create function specline.owners_of_keys(hashes text[])
    returns table ("keyHash" text, "organizationId" uuid, "keyId" uuid, "memberId" uuid, name text, principal text)
    language sql stable security definer set search_path = specline, pg_temp as $$
      select k.key_hash, k.organization_id, k.key_id, k.member_id, coalesce(m.name, k.name), k.principal
      from api_key k left join member m on m.organization_id = k.organization_id and m.member_id = k.member_id
      where k.key_hash = any (hashes) $$`);
  await own(db, 'owners_of_keys(text[])', 'specline_append');
  await db.query(`grant execute on function specline.owners_of_keys(text[]) to specline_worker`);
}

async function own(db: QueryRunner, door: string, role: string): Promise<void> {
  await db.query(`revoke all on function specline.${door} from public`);
  await db.query(`grant create on schema specline to ${role}`);
  await db.query(`alter function specline.${door} owner to ${role}`);
  await db.query(`revoke create on schema specline from ${role}`);
}
