import type { MigrationInterface, QueryRunner } from 'typeorm';
import { Append0002 } from './0002-append.js';

/**
 * The append door (0002) hands the events on to the inline projections, which take long texts out of them: a section's body
 * comes to the database once. Projections' rows may also be parts of a row: {table: {put, drop, <part>}}.
 */
export class AppendOnce0006 implements MigrationInterface {
  readonly name = 'AppendOnce0001764000000006';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`drop function specline.append(jsonb, jsonb, jsonb)`);
    await db.query(`drop function specline.project(jsonb, int[])`);
    // Replaced by the application with a few statements a projection table (event-store/install-projections.ts).
    await db.query(`
      create function specline.project(rows jsonb, events jsonb, accepted int[]) returns void language plpgsql as $$ begin end $$`);
    await db.query(`
      create function specline.append(items jsonb, events jsonb, rows jsonb)
      returns table (organization_id uuid, stream_id uuid, status text, version bigint, seq bigint, response jsonb, request_hash bytea)
      language plpgsql security definer set search_path = specline, pg_temp as $$
      #variable_conflict use_column
      declare
        fresh int[];
        accepted int[];
        unchanged int[];
        wanted bigint;
      begin
        -- Readers of history wait for everybody who holds this lock: it is taken before any position is.
        perform pg_advisory_xact_lock_shared(7311, 0);

        with item as (
          select * from jsonb_to_recordset(items) as x (item int, "organizationId" uuid, "streamId" uuid, expected bigint,
            added int, "commandId" uuid, "requestHash" text, response jsonb)),
        noted as (
          insert into command (organization_id, command_id, request_hash, stream_id, version, response)
          select "organizationId", "commandId", decode("requestHash", 'hex'), "streamId", expected + added, response from item
          on conflict do nothing returning organization_id, command_id)
        select coalesce(array_agg(i.item), '{}'), coalesce(array_agg(i.item) filter (where i.added = 0), '{}') into fresh, unchanged
        from noted n join item i on i."organizationId" = n.organization_id and i."commandId" = n.command_id;

        with item as (
          select * from jsonb_to_recordset(items) as x (item int, "organizationId" uuid, "streamId" uuid, "streamType" text,
            expected bigint, added int, "lastHash" text)
          where added > 0 and x.item = any (fresh)),
        advanced as (
          update stream s set version = s.version + i.added, last_hash = decode(i."lastHash", 'hex')
          from item i
          where i.expected > 0 and s.organization_id = i."organizationId" and s.stream_id = i."streamId" and s.version = i.expected
          returning i.item, i.added),
        begun as (
          insert into stream (organization_id, stream_id, stream_type, version, last_hash)
          select "organizationId", "streamId", "streamType", added, decode("lastHash", 'hex') from item where expected = 0
          on conflict do nothing returning organization_id, stream_id),
        done as (
          select item, added from advanced
          union all
          select i.item, i.added from begun b join item i on i."organizationId" = b.organization_id and i."streamId" = b.stream_id)
        select coalesce(array_agg(item), '{}'), coalesce(sum(added), 0) into accepted, wanted from done;

        if cardinality(accepted) < jsonb_array_length(items) then
          return query
            select x."organizationId", x."streamId", 'duplicate', c.version,
              (select e.seq from event e where e.organization_id = c.organization_id and e.stream_id = c.stream_id and e.version = c.version),
              c.response, c.request_hash
            from jsonb_to_recordset(items) as x (item int, "organizationId" uuid, "streamId" uuid, "commandId" uuid)
            join command c on c.organization_id = x."organizationId" and c.command_id = x."commandId"
            where x.item <> all (fresh);
          return query
            select x."organizationId", x."streamId", 'appended', x.expected, null::bigint, null::jsonb, null::bytea
            from jsonb_to_recordset(items) as x (item int, "organizationId" uuid, "streamId" uuid, expected bigint)
            where x.item = any (unchanged);
          -- What lost leaves no record of its command: it is going to be decided anew under the same id.
          return query
            with lost as (
              select * from jsonb_to_recordset(items) as x (item int, "organizationId" uuid, "streamId" uuid, "commandId" uuid)
              where x.item = any (fresh) and x.item <> all (accepted) and x.item <> all (unchanged)),
            taken_back as (
              delete from command c using lost l
              where c.organization_id = l."organizationId" and c.command_id = l."commandId" returning c.stream_id)
            select l."organizationId", l."streamId", 'conflict', coalesce(s.version, 0), null::bigint, null::jsonb, null::bytea
            from lost l left join stream s on s.organization_id = l."organizationId" and s.stream_id = l."streamId";
        end if;

        if wanted > 0 then
          return query
            with added as (
              insert into event (organization_id, stream_id, version, event_id, type, schema_version, payload, metadata,
                command_id, recorded_at, previous_hash, hash)
              select e."organizationId", e."streamId", e.version, e."eventId", e.type, e."schemaVersion", e.payload, e.metadata,
                e."commandId", e."recordedAt", decode(e."previousHash", 'hex'), decode(e.hash, 'hex')
              from jsonb_to_recordset(events) as e (item int, "organizationId" uuid, "streamId" uuid, version bigint,
                "eventId" uuid, type text, "schemaVersion" int, payload jsonb, metadata jsonb, "commandId" uuid,
                "recordedAt" timestamptz, "previousHash" text, hash text)
              where e.item = any (accepted)
              order by e.item, e.version
              returning organization_id, stream_id, version, seq)
            select a.organization_id, a.stream_id, 'appended', max(a.version), max(a.seq), null::jsonb, null::bytea
            from added a group by a.organization_id, a.stream_id
            having specline.assert_inserted((select count(*) from added), wanted);
          perform specline.project(rows, events, accepted);
        end if;
      end $$`);
    await db.query(`revoke all on function specline.append(jsonb, jsonb, jsonb) from public`);
    await db.query(`revoke all on function specline.project(jsonb, jsonb, int[]) from public`);
    await db.query(`grant create on schema specline to specline_append`);
    await db.query(`alter function specline.project(jsonb, jsonb, int[]) owner to specline_append`);
    await db.query(`alter function specline.append(jsonb, jsonb, jsonb) owner to specline_append`);
    await db.query(`revoke create on schema specline from specline_append`);
    await db.query(`grant execute on function specline.append(jsonb, jsonb, jsonb) to specline_app`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop function specline.append(jsonb, jsonb, jsonb)`);
    await db.query(`drop function specline.assert_inserted(bigint, bigint)`);
    await db.query(`drop function specline.project(jsonb, jsonb, int[])`);
    await new Append0002().up(db);
  }
}
