import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockToWorkers } from './worker-table.js';

/**
 * The workers' door: a role that reads the history of all organizations and writes the workers' own tables, nothing
 * else; the watermark, up to which history is final; and the checkpoints of subscriptions with what they had to park.
 * All leases are compared with the database's clock: those of processes may differ.
 */
export class Workers0007 implements MigrationInterface {
  readonly name = 'Workers0001764000000007';

  async up(db: QueryRunner): Promise<void> {
    await role(db);
    await watermark(db);
    await subscriptions(db);
    await claimShards(db);
    for (const table of ['watermark', 'worker', 'checkpoint', 'dead_letter']) await lockToWorkers(db, table);
    for (const door of ['advance_watermark(uuid, interval, jsonb)', 'claim_shards(uuid, interval, jsonb)']) {
      await db.query(`revoke all on function specline.${door} from public`);
      await db.query(`grant execute on function specline.${door} to specline_worker`);
    }
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop function specline.claim_shards(uuid, interval, jsonb)`);
    await db.query(`drop function specline.advance_watermark(uuid, interval, jsonb)`);
    await db.query(`drop table specline.dead_letter, specline.checkpoint, specline.worker, specline.watermark`);
    for (const table of ['event', 'stream']) await db.query(`drop policy workers_door on specline.${table}`);
    await db.query(`drop owned by specline_worker`);
  }
}

/** Roles belong to the whole server, so another database of it may have made this one already. */
async function role(db: QueryRunner): Promise<void> {
  await db.query(`do $$ begin
    create role specline_worker nologin nosuperuser nobypassrls nocreatedb nocreaterole;
  exception when duplicate_object or unique_violation then null; end $$`);
  await db.query(`do $$ begin execute format('grant specline_worker to %I', current_user); end $$`);
  await db.query(`grant usage on schema specline to specline_worker`);
  for (const table of ['event', 'stream']) {
    await db.query(`create policy workers_door on specline.${table} for select to specline_worker using (true)`);
    await db.query(`grant select on specline.${table} to specline_worker`);
  }
  await db.query(`grant select on sequence specline.event_seq to specline_worker`);
}

/**
 * One row: every position up to `position` is final, that is committed and to be seen, or never to be filled.
 * `complete_until` is when that position was the last one taken.
 */
async function watermark(db: QueryRunner): Promise<void> {
  await db.query(`
    create table specline.watermark (
      one            boolean primary key default true check (one),
      position       bigint not null default 0,
      complete_until timestamptz not null default clock_timestamp(),
      leader         uuid,
      lease_until    timestamptz not null default '-infinity'
    ) with (fillfactor = 10)`);
  await db.query(`insert into specline.watermark default values`);
  /*
   * Whoever appends holds the shared advisory lock (7311, 0) from before it takes a position until it has ended, and
   * PostgreSQL shows a commit before it gives its locks back. So: the last position taken is read first, who holds the
   * lock is read in a later statement, and when all of those have ended, every position up to that one is final.
   * `pending` are such readings of earlier ticks: [{position, readAt, holders}]. Each proves its position by itself and
   * for good, so that a leader who slept through his lease can do no harm. A prepared transaction holds its lock under
   * another name than it took it: while there is one, nothing is known to be final.
   */
  await db.query(`
    create function specline.advance_watermark(me uuid, lease interval, pending jsonb)
    returns table (leads boolean, "position" bigint, taken bigint, read_at timestamptz, holders text[])
    language plpgsql set search_path = specline, pg_temp as $$
    #variable_conflict use_column
    declare
      mark watermark%rowtype;
      last bigint;
      last_read_at timestamptz;
      in_flight text[];
      prepared boolean;
      final bigint;
      final_at timestamptz;
      advances boolean;
    begin
      select * into strict mark from watermark;
      if mark.leader is distinct from me and mark.lease_until > clock_timestamp() then
        return query select false, mark.position, null::bigint, null::timestamptz, null::text[];
        return;
      end if;

      last_read_at := clock_timestamp();
      select case when is_called then last_value else 0 end into strict last from event_seq;
      select coalesce(array_agg(virtualtransaction || ':' || coalesce(pid, 0)), '{}'), coalesce(bool_or(pid is null), false)
        into in_flight, prepared
        from pg_locks
        where locktype = 'advisory' and classid = 7311 and objid = 0 and objsubid = 2 and granted
          and database = (select oid from pg_database where datname = current_database());

      if cardinality(in_flight) = 0 then
        final := last;
        final_at := last_read_at;
      elsif not prepared then
        select p.position, p."readAt" into final, final_at
          from jsonb_to_recordset(pending) as p (position bigint, "readAt" timestamptz, holders text[])
          where not p.holders && in_flight
          order by p.position desc limit 1;
      end if;

      advances := final > mark.position;
      if advances or mark.leader is distinct from me or mark.lease_until < clock_timestamp() + lease / 2 then
        update watermark set position = greatest(position, final), complete_until = greatest(complete_until, final_at),
            leader = me, lease_until = clock_timestamp() + lease
          where leader = me or lease_until <= clock_timestamp()
          returning * into mark;
        if not found then
          return query select false, w.position, null::bigint, null::timestamptz, null::text[] from watermark w;
          return;
        end if;
        if advances then perform pg_notify('specline_watermark', final::text); end if;
      end if;
      return query select true, mark.position, last, last_read_at, in_flight;
    end $$`);
}

/**
 * Where each subscription stands, in shards of streams that processes share. `epoch` counts the owners: who comes with
 * an earlier one has lost the shard and moves nothing. A stream with letters that nobody discarded is parked.
 */
async function subscriptions(db: QueryRunner): Promise<void> {
  await db.query(`
    create table specline.worker (
      worker_id     uuid primary key,
      subscriptions text[] not null,
      seen_until    timestamptz not null
    )`);
  await db.query(`
    create table specline.checkpoint (
      subscription text not null,
      shard        int not null,
      shards       int not null,
      position     bigint not null default 0,
      epoch        bigint not null default 0,
      owner        uuid,
      lease_until  timestamptz not null default '-infinity',
      error        text,
      failed_at    timestamptz,
      primary key (subscription, shard)
    ) with (fillfactor = 50)`);
  await db.query(`
    create table specline.dead_letter (
      subscription    text not null,
      organization_id uuid not null,
      stream_id       uuid not null,
      version         bigint not null,
      seq             bigint not null,
      error           text not null,
      parked_at       timestamptz not null default clock_timestamp(),
      discarded_at    timestamptz,
      reason          text,
      primary key (subscription, organization_id, stream_id, version)
    )`);
  await db.query(`create index dead_letter_parked_idx on specline.dead_letter (subscription, organization_id, stream_id)
    where discarded_at is null`);
}

/**
 * One heartbeat of a process: says that it lives, renews what it holds, gives back what is more than its share, takes
 * what is free up to its share, and answers what it holds then. `wanted` are its subscriptions: [{name, shards}]. Rows
 * that a batch under way has locked are left alone: they are neither free nor to be waited for.
 */
async function claimShards(db: QueryRunner): Promise<void> {
  await db.query(`
    create function specline.claim_shards(me uuid, lease interval, wanted jsonb)
    returns table (subscription text, shard int, shards int, "position" bigint, epoch bigint)
    language plpgsql set search_path = specline, pg_temp as $$
    #variable_conflict use_column
    declare
      one record;
      share int;
    begin
      insert into worker as w (worker_id, subscriptions, seen_until)
        select me, coalesce(array_agg(x.name), '{}'), clock_timestamp() + lease from jsonb_to_recordset(wanted) as x (name text)
        on conflict (worker_id) do update set subscriptions = excluded.subscriptions, seen_until = excluded.seen_until;
      delete from worker where seen_until < clock_timestamp() - interval '1 minute';

      insert into checkpoint (subscription, shard, shards)
        select x.name, n, x.shards from jsonb_to_recordset(wanted) as x (name text, shards int), generate_series(0, x.shards - 1) n
        where not exists (select from checkpoint c where c.subscription = x.name)
        on conflict do nothing;

      for one in select x.name, x.shards from jsonb_to_recordset(wanted) as x (name text, shards int) order by x.name loop
        -- Everybody counts the same living processes in the same order, so that the shares come to the whole.
        select one.shards / count(*) + case when
            (count(*) filter (where worker_id < me) + abs(hashtext(one.name)::bigint)) % count(*) < one.shards % count(*)
          then 1 else 0 end into share
          from worker where one.name = any (subscriptions) and seen_until > clock_timestamp();

        with mine as (
          select c.shard from checkpoint c where c.subscription = one.name and c.owner = me for update skip locked),
        kept as (select m.shard, row_number() over (order by m.shard) <= share as keep from mine m)
        update checkpoint c set owner = case when k.keep then me end,
            lease_until = case when k.keep then clock_timestamp() + lease else '-infinity' end
          from kept k where c.subscription = one.name and c.shard = k.shard;

        with free as (
          select c.shard from checkpoint c
          where c.subscription = one.name and c.lease_until <= clock_timestamp() and c.owner is distinct from me
          order by c.shard
          limit greatest(0, share - (select count(*) from checkpoint h where h.subscription = one.name and h.owner = me))
          for update skip locked)
        update checkpoint c set owner = me, epoch = c.epoch + 1, lease_until = clock_timestamp() + lease
          from free f where c.subscription = one.name and c.shard = f.shard;
      end loop;

      return query
        select c.subscription, c.shard, c.shards, c.position, c.epoch from checkpoint c
        where c.owner = me order by c.subscription, c.shard;
    end $$`);
}
