import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockToTenant } from './tenant-table.js';
import { lockToWorkers } from './worker-table.js';

/**
 * History of archived specs stands apart from the rest, where it may lie on other disks, and is read by the same queries:
 * `event` is `event_hot`, partitioned as ever, and `event_cold`. The one door between them is a role that may change
 * nothing of an event but which of the two it is in, and two functions: what could be moved, and the move of one stream.
 */
export class ColdHistory0031 implements MigrationInterface {
  readonly name = 'ColdHistory0001764000000031';

  async up(db: QueryRunner): Promise<void> {
    await splitHistory(db);
    await moverRole(db);
    await guards(db);
    await doors(db);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(
      `drop function specline.move_to_cold(uuid, uuid, timestamptz), specline.archived_streams(timestamptz, int),
      specline.analyze_cold()`,
    );
    await db.query(`drop table specline.cold_stream`);
    await db.query(`alter table specline.event detach partition specline.event_hot`);
    // Whoever goes back has what was cold with the rest.
    await db.query(`insert into specline.event_hot select * from specline.event_cold`);
    await db.query(`drop table specline.event`);
    await db.query(`drop trigger event_is_not_truncated on specline.event_hot`);
    await db.query(`alter table specline.event_hot drop column archived`);
    await db.query(`alter table specline.event_hot rename to event`);
    for (const index of ['event_pkey', ...indexes])
      await db.query(`alter index specline.${index.replace('event', 'event_hot')} rename to ${index}`);
    await doorsOf(db);
    await triggers(db, 'event', 'specline.refuse_rewriting()');
    await db.query(`drop function specline.refuse_rewriting_but_moving()`);
    await db.query(`drop owned by specline_mover`);
  }
}

const indexes = ['event_seq_idx', 'event_lifecycle_idx', 'event_organization_idx'];

/** No row is written: what there is becomes the hot part as it is, with its indexes. */
async function splitHistory(db: QueryRunner): Promise<void> {
  for (const trigger of ['event_is_immutable', 'event_destroys_subject_key', 'event_is_not_truncated'])
    await db.query(`drop trigger ${trigger} on specline.event`);
  for (const policy of ['tenant', 'append_door', 'workers_door'])
    await db.query(`drop policy ${policy} on specline.event`);
  await db.query(`revoke all on specline.event from specline_app, specline_append, specline_worker`);
  await db.query(`alter table specline.event no force row level security, disable row level security`);
  await db.query(`alter table specline.event add column archived boolean not null default false`);
  await db.query(`alter table specline.event rename to event_hot`);
  for (const index of ['event_pkey', ...indexes])
    await db.query(`alter index specline.${index} rename to ${index.replace('event', 'event_hot')}`);

  await db.query(`create table specline.event (like specline.event_hot including defaults including constraints)
    partition by list (archived)`);
  await db.query(`alter table specline.event attach partition specline.event_hot for values in (false)`);
  await db.query(`create table specline.event_cold partition of specline.event
    (primary key (organization_id, stream_id, version)) for values in (true)`);
  await db.query(`create index event_seq_idx on specline.event (seq)`);
  await db.query(`create index event_organization_idx on specline.event (organization_id, seq)`);
  await db.query(`create index event_lifecycle_idx on specline.event (organization_id, stream_id, version)
    where type like 'spec.lifecycle.%'`);
  await doorsOf(db);
}

async function doorsOf(db: QueryRunner): Promise<void> {
  await lockToTenant(db, 'event');
  await db.query(`revoke update, delete, truncate on specline.event from specline_append`);
  await db.query(`create policy workers_door on specline.event for select to specline_worker using (true)`);
  await db.query(`grant select on specline.event to specline_worker`);
}

/** Roles belong to the whole server, so another database of it may have made this one already. */
async function moverRole(db: QueryRunner): Promise<void> {
  await db.query(`do $$ begin
    create role specline_mover nologin nosuperuser nobypassrls nocreatedb nocreaterole;
  exception when duplicate_object or unique_violation then null; end $$`);
  await db.query(`do $$ begin execute format('grant specline_mover to %I', current_user); end $$`);
  await db.query(`grant usage on schema specline to specline_mover`);
  for (const table of ['event', 'stream', 'spec', 'legal_hold']) {
    await db.query(`create policy mover_door on specline.${table} to specline_mover using (true) with check (true)`);
    await db.query(`grant select on specline.${table} to specline_mover`);
  }
  await db.query(`grant update (archived) on specline.event to specline_mover`);
  // To wait for whoever appends to a stream, and to have them wait.
  await db.query(`grant update (stream_type) on specline.stream to specline_mover`);
}

/** From one part to the other an event is deleted and inserted again, and its triggers see both. */
async function guards(db: QueryRunner): Promise<void> {
  await db.query(`
    create function specline.refuse_rewriting_but_moving() returns trigger language plpgsql as $$
    begin
      if current_user = 'specline_mover' then
        if tg_op = 'DELETE' then return old; end if;
        if new.archived and not old.archived and to_jsonb(new) - 'archived' = to_jsonb(old) - 'archived' then return new; end if;
      end if;
      raise exception 'history is never changed: % on % is refused', tg_op, tg_table_name using errcode = 'SPL01';
    end $$`);
  await triggers(db, 'event', 'specline.refuse_rewriting_but_moving()');
  for (const table of ['event_hot', 'event_cold']) {
    await db.query(`create trigger event_is_not_truncated before truncate on specline.${table}
      for each statement execute function specline.refuse_rewriting()`);
  }
}

async function triggers(db: QueryRunner, table: string, refusal: string): Promise<void> {
  await db.query(`create trigger event_is_immutable before update or delete on specline.${table}
    for each row execute function ${refusal}`);
  await db.query(`create trigger event_is_not_truncated before truncate on specline.${table}
    for each statement execute function specline.refuse_rewriting()`);
  await db.query(`
    create trigger event_destroys_subject_key after insert on specline.${table} for each row
    when (new.type = 'organization.person.erased') execute function specline.destroy_subject_key()`);
}

/** Up to which version a stream was moved: whoever reopens a spec writes hot events again. */
async function doors(db: QueryRunner): Promise<void> {
  await db.query(`
    create table specline.cold_stream (
      organization_id uuid not null,
      stream_id       uuid not null,
      version         bigint not null,
      events          bigint not null,
      moved_at        timestamptz not null,
      primary key (organization_id, stream_id)
    )`);
  await lockToWorkers(db, 'cold_stream');
  await db.query(`revoke insert, update, delete on specline.cold_stream from specline_worker`);
  await db.query(`create policy mover_door on specline.cold_stream to specline_mover using (true) with check (true)`);
  await db.query(`grant select, insert, update on specline.cold_stream to specline_mover`);
  await db.query(`
    create function specline.archived_streams(before timestamptz, most int)
    returns table (organization_id uuid, stream_id uuid, version bigint)
    language sql stable security definer set search_path = specline, pg_temp as $$
      select s.organization_id, s.spec_id, s.version from spec s
        left join cold_stream c on c.organization_id = s.organization_id and c.stream_id = s.spec_id
      where s.lifecycle = 'archived' and s.updated_at < before and (c.version is null or c.version < s.version)
        and not exists (select from legal_hold h where h.organization_id = s.organization_id and h.spec_id = s.spec_id)
      order by s.updated_at, s.spec_id limit most $$`);
  await db.query(`
    create function specline.move_to_cold(organization uuid, stream uuid, before timestamptz) returns bigint
    language plpgsql security definer set search_path = specline, pg_temp as $$
    declare moved bigint;
    begin
      -- Whoever appends holds this row, and whoever moves: what is looked at below stays so until the end.
      perform from stream s where s.organization_id = organization and s.stream_id = stream and s.stream_type = 'spec'
        for update skip locked;
      if not found then return 0; end if;
      if not exists (
        select from spec s where s.organization_id = organization and s.spec_id = stream
          and s.lifecycle = 'archived' and s.updated_at < before
          and not exists (select from legal_hold h where h.organization_id = organization and h.spec_id = stream)) then
        return 0;
      end if;
      update event e set archived = true where e.organization_id = organization and e.stream_id = stream and not e.archived;
      get diagnostics moved = row_count;
      if moved > 0 then
        insert into cold_stream as c (organization_id, stream_id, version, events, moved_at)
        select organization, stream, s.version, moved, clock_timestamp() from stream s
        where s.organization_id = organization and s.stream_id = stream
        on conflict on constraint cold_stream_pkey do update
        set version = excluded.version, events = c.events + excluded.events, moved_at = excluded.moved_at;
      end if;
      return moved;
    end $$`);
  await db.query(`grant create on schema specline to specline_mover`);
  for (const door of ['archived_streams(timestamptz, int)', 'move_to_cold(uuid, uuid, timestamptz)']) {
    await db.query(`revoke all on function specline.${door} from public`);
    await db.query(`alter function specline.${door} owner to specline_mover`);
    await db.query(`grant execute on function specline.${door} to specline_worker`);
  }
  await db.query(`revoke create on schema specline from specline_mover`);
  // As the owner of the table, which takes statistics: with them go the plans that were made while it was empty.
  await db.query(`
    create function specline.analyze_cold() returns void language plpgsql security definer
    set search_path = specline, pg_temp as $$ begin analyze event_cold; end $$`);
  await db.query(`revoke all on function specline.analyze_cold() from public`);
  await db.query(`grant execute on function specline.analyze_cold() to specline_worker`);
}
