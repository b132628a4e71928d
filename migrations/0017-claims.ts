import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockToTenant } from './tenant-table.js';

/**
 * Rules over several streams (ADR 18): a claim is what an append rests on beyond its own stream, under a name of the
 * organization. `append_claiming` compares it under a lock, and so lets nobody past who read before the last one wrote.
 */
export class Claims0017 implements MigrationInterface {
  readonly name = 'Claims0001764000000017';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table specline.claim (
        organization_id uuid not null,
        name            text not null,
        version         bigint not null,
        primary key (organization_id, name)
      )`);
    await lockToTenant(db, 'claim');
    /*
     * One item, as specline.append takes it. The row is locked before the append takes the lock that readers of history
     * wait for. A command that was answered before is let through to its first answer.
     */
    await db.query(`
      create function specline.append_claiming(claimed text, seen bigint, items jsonb, events jsonb, rows jsonb,
        begins int, advances int, wanted int)
      returns table (organization_id uuid, stream_id uuid, status text, version bigint, seq bigint, response jsonb, request_hash bytea)
      language plpgsql security definer set search_path = specline, pg_temp as $$
      #variable_conflict use_column
      declare
        own uuid := (items -> 0 ->> 'organizationId')::uuid;
        stream uuid := (items -> 0 ->> 'streamId')::uuid;
        present bigint;
        verdict record;
      begin
        if jsonb_array_length(items) <> 1 then
          raise exception 'a claim is about one item, not %', jsonb_array_length(items) using errcode = 'SPL02';
        end if;
        insert into claim (organization_id, name, version) values (own, claimed, 0) on conflict do nothing;
        select c.version into strict present from claim c where c.organization_id = own and c.name = claimed for update;
        if present <> seen and not exists (
            select from command c where c.organization_id = own and c.command_id = (items -> 0 ->> 'commandId')::uuid) then
          return query select own, stream, 'conflict', coalesce((
            select s.version from stream s where s.organization_id = own and s.stream_id = stream), 0), null::bigint, null::jsonb, null::bytea;
          return;
        end if;
        for verdict in select * from append(items, events, rows, begins, advances, wanted) loop
          if verdict.seq is not null and verdict.status = 'appended' then
            update claim c set version = present + 1 where c.organization_id = own and c.name = claimed;
          end if;
          return query select verdict.organization_id, verdict.stream_id, verdict.status, verdict.version, verdict.seq,
            verdict.response, verdict.request_hash;
        end loop;
      end $$`);
    const door = 'specline.append_claiming(text, bigint, jsonb, jsonb, jsonb, int, int, int)';
    await db.query(`revoke all on function ${door} from public`);
    await db.query(`grant create on schema specline to specline_append`);
    await db.query(`alter function ${door} owner to specline_append`);
    await db.query(`revoke create on schema specline from specline_append`);
    await db.query(`grant execute on function ${door} to specline_app`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop function specline.append_claiming(text, bigint, jsonb, jsonb, jsonb, int, int, int)`);
    await db.query(`drop table specline.claim`);
  }
}
