import type { MigrationInterface, QueryRunner } from 'typeorm';
import { Append0002 } from './0002-append.js';

/**
 * The append door (0002) hands the events on to the inline projections, which take long texts out of them: a section's body
 * comes to the database once. Projections' rows may also be parts of a row: {table: {put, drop, <part>}}.
 *
 * `begins` and `advances` say of how many items the stream begins or goes on, `wanted` how many events there are: what a
 * batch does not need is not done, and who was accepted is only asked when not everybody was. A verdict on a stream is the
 * last of its rows.
 *
 * An item is compared with the stream's last hash (`previousHash`) as well as with its version: a process that outlives a
 * restore of its database remembers versions that have come to be again, by another history (ADR 15).
 */
export class AppendOnce0006 implements MigrationInterface {
  readonly name = 'AppendOnce0001764000000006';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`drop function specline.append(jsonb, jsonb, jsonb)`);
    await db.query(`drop function specline.project(jsonb, int[])`);
    await db.query(`drop function specline.assert_inserted(bigint, bigint)`);
    // Replaced by the application with a few statements a projection table (event-store/install-projections.ts).
    await db.query(`
      create function specline.project(rows jsonb, events jsonb, accepted int[]) returns void language plpgsql as $$ begin end $$`);
    await db.query(`
      create function specline.append(items jsonb, events jsonb, rows jsonb, begins int, advances int, wanted int)
      returns table (organization_id uuid, stream_id uuid, status text, version bigint, seq bigint, response jsonb, request_hash bytea)
      language plpgsql security definer set search_path = specline, pg_temp as $$
      #variable_conflict use_column
      declare
        -- Items by their number; null stands for all of them, as it nearly always is.
        fresh int[];
        accepted int[];
        noted int;
        advanced int := 0;
        begun int := 0;
        added int;
      begin
        -- Readers of history wait for everybody who holds this lock: it is taken before any position is.
        perform pg_advisory_xact_lock_shared(7311, 0);

        insert into command (organization_id, command_id, request_hash, stream_id, version, response)
        select "organizationId", "commandId", decode("requestHash", 'hex'), "streamId", expected + added, response
        from jsonb_to_recordset(items) as x ("organizationId" uuid, "streamId" uuid, expected bigint, added int,
          "commandId" uuid, "requestHash" text, response jsonb)
        on conflict do nothing;
        get diagnostics noted = row_count;

        if noted < jsonb_array_length(items) then
          -- What this transaction did not write was there before it.
          select coalesce(array_agg(x.item), '{}') into fresh
          from jsonb_to_recordset(items) as x (item int, "organizationId" uuid, "streamId" uuid, "commandId" uuid)
          join command c on c.organization_id = x."organizationId" and c.command_id = x."commandId"
          where c.xmin = pg_current_xact_id()::xid and c.stream_id = x."streamId";
          if cardinality(fresh) <> noted then
            raise exception '% commands recorded where % were written', cardinality(fresh), noted using errcode = 'SPL02';
          end if;
        end if;

        if advances > 0 then
          update stream s set version = s.version + x.added, last_hash = decode(x."lastHash", 'hex')
          from jsonb_to_recordset(items) as x (item int, "organizationId" uuid, "streamId" uuid, expected bigint, added int,
            "lastHash" text, "previousHash" text)
          where x.expected > 0 and x.added > 0 and (fresh is null or x.item = any (fresh))
            and s.organization_id = x."organizationId" and s.stream_id = x."streamId" and s.version = x.expected
            and (x."previousHash" is null or s.last_hash = decode(x."previousHash", 'hex'));
          get diagnostics advanced = row_count;
        end if;
        if begins > 0 then
          insert into stream (organization_id, stream_id, stream_type, version, last_hash)
          select "organizationId", "streamId", "streamType", added, decode("lastHash", 'hex')
          from jsonb_to_recordset(items) as x (item int, "organizationId" uuid, "streamId" uuid, "streamType" text,
            expected bigint, added int, "lastHash" text)
          where x.expected = 0 and x.added > 0 and (fresh is null or x.item = any (fresh))
          on conflict do nothing;
          get diagnostics begun = row_count;
        end if;

        if advanced + begun < jsonb_array_length(items) then
          fresh := coalesce(fresh, array(select generate_series(0, jsonb_array_length(items) - 1)));
          select coalesce(array_agg(x.item), '{}'), coalesce(sum(x.added), 0) into accepted, wanted
          from jsonb_to_recordset(items) as x (item int, "organizationId" uuid, "streamId" uuid, expected bigint, added int)
          join stream s on s.organization_id = x."organizationId" and s.stream_id = x."streamId"
          where x.item = any (fresh) and x.added > 0 and s.xmin = pg_current_xact_id()::xid and s.version = x.expected + x.added;
          if cardinality(accepted) <> advanced + begun then
            raise exception '% streams advanced where % were written', cardinality(accepted), advanced + begun using errcode = 'SPL02';
          end if;

          return query
            select x."organizationId", x."streamId", 'duplicate', c.version,
              (select e.seq from event e where e.organization_id = c.organization_id and e.stream_id = c.stream_id and e.version = c.version),
              c.response, c.request_hash
            from jsonb_to_recordset(items) as x (item int, "organizationId" uuid, "streamId" uuid, "commandId" uuid)
            join command c on c.organization_id = x."organizationId" and c.command_id = x."commandId"
            where x.item <> all (fresh);
          return query
            select x."organizationId", x."streamId", 'appended', x.expected, null::bigint, null::jsonb, null::bytea
            from jsonb_to_recordset(items) as x (item int, "organizationId" uuid, "streamId" uuid, expected bigint, added int)
            where x.item = any (fresh) and x.added = 0;
          -- What lost leaves no record of its command: it is going to be decided anew under the same id.
          return query
            with lost as (
              select * from jsonb_to_recordset(items) as x (item int, "organizationId" uuid, "streamId" uuid, added int, "commandId" uuid)
              where x.item = any (fresh) and x.item <> all (accepted) and x.added > 0),
            taken_back as (
              delete from command c using lost l
              where c.organization_id = l."organizationId" and c.command_id = l."commandId" returning c.stream_id)
            select l."organizationId", l."streamId", 'conflict', coalesce(s.version, 0), null::bigint, null::jsonb, null::bytea
            from lost l left join stream s on s.organization_id = l."organizationId" and s.stream_id = l."streamId";
        end if;

        if wanted > 0 then
          return query
            insert into event (organization_id, stream_id, version, event_id, type, schema_version, payload, metadata,
              command_id, recorded_at, previous_hash, hash)
            select e."organizationId", e."streamId", e.version, e."eventId", e.type, e."schemaVersion", e.payload, e.metadata,
              e."commandId", e."recordedAt", decode(e."previousHash", 'hex'), decode(e.hash, 'hex')
            from jsonb_to_recordset(events) as e (item int, "organizationId" uuid, "streamId" uuid, version bigint,
              "eventId" uuid, type text, "schemaVersion" int, payload jsonb, metadata jsonb, "commandId" uuid,
              "recordedAt" timestamptz, "previousHash" text, hash text)
            where accepted is null or e.item = any (accepted)
            order by e.item, e.version
            returning organization_id, stream_id, 'appended', version, seq, null::jsonb, null::bytea;
          get diagnostics added = row_count;
          if added <> wanted then
            raise exception '% events inserted where % were accepted', added, wanted using errcode = 'SPL02';
          end if;
          if rows <> '{}' then perform specline.project(rows, events, accepted); end if;
        end if;
      end $$`);
    await db.query(`revoke all on function specline.append(jsonb, jsonb, jsonb, int, int, int) from public`);
    await db.query(`revoke all on function specline.project(jsonb, jsonb, int[]) from public`);
    await db.query(`grant create on schema specline to specline_append`);
    await db.query(`alter function specline.project(jsonb, jsonb, int[]) owner to specline_append`);
    await db.query(`alter function specline.append(jsonb, jsonb, jsonb, int, int, int) owner to specline_append`);
    await db.query(`revoke create on schema specline from specline_append`);
    await db.query(`grant execute on function specline.append(jsonb, jsonb, jsonb, int, int, int) to specline_app`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop function specline.append(jsonb, jsonb, jsonb, int, int, int)`);
    await db.query(`drop function specline.project(jsonb, jsonb, int[])`);
    await new Append0002().up(db);
  }
}
