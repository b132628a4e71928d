import type { ClientBase } from 'pg';
import { finalPosition } from './final-position.js';
import { CatchUp } from './rebuild-catch-up.js';
import { foldHistory } from './rebuild-fold.js';
import type { ProjectionTable } from './projection-tables.js';
import { columnName } from './projection-tables.js';
import { CopyBuffer } from './rebuild-rows.js';
import type { Place } from './rebuild-tables.js';
import { shapeProblem, tableAt } from './rebuild-tables.js';
import type { RebuildWork } from './rebuild-work.js';
import { OperationRefused } from './rebuild-work.js';

/** A row that is not what history says: its key, and the columns that differ. */
export type Mismatch = {
  table: string;
  key: Record<string, string>;
  problem: 'missing' | 'extra' | 'different';
  columns: string[];
};

/** What was compared, and the first rows that differ. */
export type Verification = { events: number; rows: number; mismatches: Mismatch[] };

/** At most so many rows that differ are named, and so many streams read at once. */
const sizes = { mismatches: 20, streams: 1000, characters: 8 * 1024 * 1024 };

const sampled = `(uuid_hash(stream_id) & 2147483647) % 10000 < $4`;
const streamsOf = `select organization_id as "organizationId", stream_id as "streamId" from specline.stream
  where stream_type = $1 and (organization_id, stream_id) > ($2, $3) and ${sampled}
  order by organization_id, stream_id limit ${sizes.streams}`;
const count = `select coalesce(sum(version), 0)::float8 as "events" from specline.stream where stream_type = $1 and ${sampled.replace('$4', '$2')}`;

/**
 * Folds history anew and compares every row with the tables of a place, in one snapshot of the database: what is written
 * meanwhile is in neither. Tables that are being prepared are brought up to date with that snapshot first.
 *
 * @param sample per cent of the streams; below 100, rows that belong to no stream are not looked for
 */
export async function verify(work: RebuildWork, place: Place | 'live', sample = 100): Promise<Verification> {
  const { database, model, meter, signal } = work;
  const share = Math.round(sample * 100);
  return database.connected(async (reader) => {
    const problem = place === 'live' ? undefined : await shapeProblem(reader, model.tables, place);
    if (problem) throw new OperationRefused(`${problem}.`);
    const position = await finalPosition(reader);
    await reader.query('begin isolation level repeatable read read only');
    const { rows: exported } = await reader.query<{ snapshot: string }>('select pg_export_snapshot() as "snapshot"');
    const { rows: counted } = await reader.query<{ events: number }>(count, [model.name, share]);
    const total = counted[0]?.events ?? 0;
    meter.begin('verify', total);
    const verification = await database.transaction(async (client) => {
      await client.query(`set transaction snapshot '${exported[0]?.snapshot}'`);
      await client.query(`set local work_mem = '64MB'`);
      if (place !== 'live') await new CatchUp(work, place).apply(client, reader, position);
      for (const table of model.tables) {
        await client.query(
          `create temporary table ${expectedName(table)} (like ${tableAt(table, 'live')}) on commit drop`,
        );
      }
      const buffer = new CopyBuffer();
      let rows = 0;
      const flush = async () => {
        rows += buffer.rows;
        await buffer.flush(client, expectedName);
      };
      let after = { organizationId: nil, streamId: nil };
      for (;;) {
        const { rows: streams } = await reader.query<typeof after>(streamsOf, [
          model.name,
          after.organizationId,
          after.streamId,
          share,
        ]);
        const end = streams.at(-1);
        if (!end) break;
        await foldHistory(
          reader,
          streams.map((stream) => ({ ...stream, after: 0 })),
          model.begin,
          ({ changes }) => {
            for (const change of changes) if ('put' in change) buffer.add(change.table, change.put);
          },
          async (events) => {
            signal.throwIfAborted();
            meter.add(events);
            if (buffer.size > sizes.characters) await flush();
          },
        );
        after = end;
      }
      await flush();
      const mismatches: Mismatch[] = [];
      for (const table of model.tables) mismatches.push(...(await compare(client, table, place, sample >= 100)));
      return { events: total, rows, mismatches };
    }, 'isolation level repeatable read');
    await reader.query('commit');
    return verification;
  });
}

const nil = '00000000-0000-0000-0000-000000000000';
const expectedName = ({ name }: ProjectionTable): string => `pg_temp.${name}__expected`;

/** The rows in which the tables differ; those that are too many only where every row is expected. */
async function compare(
  client: ClientBase,
  table: ProjectionTable,
  place: Place | 'live',
  all: boolean,
): Promise<Mismatch[]> {
  await client.query(`analyze ${expectedName(table)}`);
  const keys = table.key.map(columnName);
  const [first = ''] = keys;
  const rest = Object.keys(table.columns)
    .map(columnName)
    .filter((column) => !keys.includes(column));
  const differing = rest.map((column) => `case when e.${column} is distinct from a.${column} then '${column}' end`);
  const { rows } = await client.query<Omit<Mismatch, 'table'>>(`
    select json_build_object(${table.key.map((field, at) => `'${field}', coalesce(e.${keys[at]}, a.${keys[at]})::text`).join(', ')}) as "key",
      case when a.${first} is null then 'missing' when e.${first} is null then 'extra' else 'different' end as "problem",
      case when a.${first} is null or e.${first} is null then '{}'::text[]
        else array_remove(array[${differing.join(', ')}]::text[], null) end as "columns"
    from ${expectedName(table)} e ${all ? 'full' : 'left'} join ${tableAt(table, place)} a
      on ${keys.map((key) => `e.${key} = a.${key}`).join(' and ')}
    where e.${first} is null or a.${first} is null
      or (${rest.map((column) => `e.${column}`).join(', ')}) is distinct from (${rest.map((column) => `a.${column}`).join(', ')})
    order by ${keys.map((key) => `coalesce(e.${key}, a.${key})`).join(', ')} limit ${sizes.mismatches}`);
  return rows.map((row) => ({ table: table.name, ...row }));
}

/** A mismatch in words. */
export const tellMismatch = ({ table, key, problem, columns }: Mismatch): string =>
  `${table} ${JSON.stringify(key)} is ${problem}${columns.length > 0 ? ` in ${columns.join(', ')}` : ''}`;
