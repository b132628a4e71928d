import type { ClientBase } from 'pg';
import { finalPosition } from './final-position.js';
import { projectionVersion } from './projection-version.js';
import { foldHistory } from './rebuild-fold.js';
import type { StreamStart } from './rebuild-history.js';
import { CopyBuffer } from './rebuild-rows.js';
import { createBeside, dropBeside, finishBeside, tableAt } from './rebuild-tables.js';
import type { Generation, RebuildWork } from './rebuild-work.js';
import { generationAt, Superseded } from './rebuild-work.js';

/** How many shards the streams are cut into, and how much is read and written at once. */
const sizes = { shards: 8, streams: 2000, events: 20_000, characters: 8 * 1024 * 1024 };

type Key = { organizationId: string; streamId: string };
type Shard = { shard: number; after: Key; last: Key };

/** Ranges of the primary key with about the same number of events each. */
const cut = `insert into specline.rebuild_shard (projection, shard, after_organization, after_stream, last_organization, last_stream)
  select $1, shard,
    coalesce(lag(organization_id) over (order by shard), '00000000-0000-0000-0000-000000000000'),
    coalesce(lag(stream_id) over (order by shard), '00000000-0000-0000-0000-000000000000'), organization_id, stream_id
  from (
    select distinct on (shard) shard, organization_id, stream_id from (
      select organization_id, stream_id, floor((sum(version) over (order by organization_id, stream_id) - 1)
        * ${sizes.shards} / sum(version) over ())::int as shard
      from specline.stream where stream_type = $1) s
    order by shard, organization_id desc, stream_id desc) ends`;
const begin = `insert into specline.rebuild (projection, place, operation_id, code_version, phase, position, events)
  select $1, 'next', $2, $4, 'load', $3, coalesce(sum(version), 0) from specline.stream where stream_type = $1`;
const shardsOf = `select shard, events::float8, rows::float8, after_organization as "afterOrganization", after_stream as "afterStream",
    last_organization as "lastOrganization", last_stream as "lastStream"
  from specline.rebuild_shard where projection = $1 order by shard`;
const streamsOf = `select organization_id as "organizationId", stream_id as "streamId", version::float8 from specline.stream
  where stream_type = $1 and (organization_id, stream_id) > ($2, $3) and (organization_id, stream_id) <= ($4, $5)
  order by organization_id, stream_id limit ${sizes.streams}`;
/** Compares where the shard is with where this process left it: of two that believe to have it, one goes on. */
const advance = `update specline.rebuild_shard s
  set after_organization = $6, after_stream = $7, events = s.events + $8, rows = s.rows + $9
  from specline.rebuild r where r.projection = s.projection and r.place = 'next' and r.operation_id = $3
    and s.projection = $1 and s.shard = $2 and s.after_organization = $4 and s.after_stream = $5`;

/**
 * Tables beside the live ones for this operation, empty and cut into shards; or those that an earlier run of it has made.
 */
export async function beginLoad({ database, model, operationId }: RebuildWork): Promise<Generation> {
  const position = await database.connected(finalPosition);
  return database.transaction(async (client) => {
    // Of two that believe to have the operation, the second finds what the first has made.
    await client.query('select pg_advisory_xact_lock(7312, hashtext($1))', [model.name]);
    const found = await generationAt(client, model, 'next', 'for update');
    if (found?.operationId === operationId && found.codeVersion === projectionVersion) return found;
    await discard(client, model);
    await createBeside(client, model.tables);
    await client.query(begin, [model.name, operationId, position, projectionVersion]);
    await client.query(cut, [model.name]);
    const made = await generationAt(client, model, 'next');
    if (!made) throw new Superseded();
    return made;
  });
}

/** Removes the tables that were being filled, and every trace of them. */
export async function discard(client: ClientBase, { name, tables }: RebuildWork['model']): Promise<void> {
  await client.query('delete from specline.rebuild_shard where projection = $1', [name]);
  await client.query(`delete from specline.rebuild where projection = $1 and place = 'next'`, [name]);
  await dropBeside(client, tables, 'next');
}

/** Fills the tables: shards side by side, each with its own progress, which is committed together with its rows. */
export async function load(work: RebuildWork, generation: Generation): Promise<void> {
  type ShardRow = Record<`${'after' | 'last'}${'Organization' | 'Stream'}`, string> & { shard: number; events: number };
  const rows = await work.database.query<ShardRow>(shardsOf, [work.model.name]);
  const shards = rows.map((row) => ({
    shard: row.shard,
    after: { organizationId: row.afterOrganization, streamId: row.afterStream },
    last: { organizationId: row.lastOrganization, streamId: row.lastStream },
  }));
  work.meter.begin(
    'load',
    generation.events,
    rows.reduce((sum, { events }) => sum + events, 0),
  );
  const lane = async () => {
    for (let shard = shards.shift(); shard; shard = shards.shift()) await loadShard(work, shard);
  };
  await Promise.all(Array.from({ length: work.lanes }, lane));
  const [moved] = await work.database.query<{ phase: string }>(
    `update specline.rebuild set phase = 'index' where projection = $1 and place = 'next' and operation_id = $2 returning phase`,
    [work.model.name, work.operationId],
  );
  if (!moved) throw new Superseded();
}

async function loadShard(work: RebuildWork, { shard, after, last }: Shard): Promise<void> {
  const { database, model, meter, signal, operationId } = work;
  const buffer = new CopyBuffer();
  let folded = { key: after, events: 0 };
  const commit = async () => {
    if (folded.key === after) return;
    const { key, events } = folded;
    const rows = buffer.rows;
    await database.transaction(async (client) => {
      const ids = [after.organizationId, after.streamId, key.organizationId, key.streamId];
      const { rowCount } = await client.query(advance, [model.name, shard, operationId, ...ids, events, rows]);
      if (rowCount !== 1) throw new Superseded();
      await buffer.flush(client, (table) => tableAt(table, 'next'));
    });
    after = key;
    folded = { key, events: 0 };
  };
  await database.connected(async (reader) => {
    for (;;) {
      const { streams, events: expected } = await nextStreams(reader, model.name, after, last);
      const end = streams.at(-1);
      if (!end) return;
      let found = 0;
      await foldHistory(
        reader,
        streams,
        model.begin,
        ({ stream, events, changes }) => {
          for (const change of changes) if ('put' in change) buffer.add(change.table, change.put);
          folded = { key: stream, events: folded.events + events };
          found += events;
        },
        async (events) => {
          signal.throwIfAborted();
          meter.add(events);
          if (buffer.size > sizes.characters) await commit();
        },
      );
      if (found < expected)
        throw new Error(`${expected} events are said to be in the streams up to ${end.streamId}, ${found} are`);
      await commit();
    }
  });
}

/** The streams that come next, about as many as make a transaction. */
async function nextStreams(
  client: ClientBase,
  type: string,
  after: Key,
  last: Key,
): Promise<{ streams: StreamStart[]; events: number }> {
  const values = [type, after.organizationId, after.streamId, last.organizationId, last.streamId];
  const { rows } = await client.query<Key & { version: number }>(streamsOf, values);
  let events = 0;
  const end = rows.findIndex(({ version }) => (events += version) > sizes.events);
  const streams = rows.slice(0, end < 0 ? rows.length : end + 1);
  return { streams: streams.map(({ organizationId, streamId }) => ({ organizationId, streamId, after: 0 })), events };
}

/** Indexes, statistics and locks for the loaded tables, once every row that was sent is counted in them. */
export async function finishLoad({ database, model, meter, operationId }: RebuildWork): Promise<void> {
  meter.begin('index');
  await database.transaction(async (client) => {
    const found = await generationAt(client, model, 'next', 'for update');
    if (found?.operationId !== operationId) throw new Superseded();
    if (found.phase === 'ready') return;
    await client.query(`set local maintenance_work_mem = '256MB'`);
    const counts = model.tables.map((table) => `(select count(*) from ${tableAt(table, 'next')})`);
    const { rows } = await client.query<{ sent: string; there: string }>(
      `select (select coalesce(sum(rows), 0) from specline.rebuild_shard where projection = $1) as "sent", ${counts.join(' + ')} as "there"`,
      [model.name],
    );
    const [count] = rows;
    if (Number(count?.sent) !== Number(count?.there)) {
      throw new Error(`${count?.there} rows are in the tables where ${count?.sent} were sent`);
    }
    await finishBeside(client, model.tables);
    await client.query(`update specline.rebuild set phase = 'ready' where projection = $1 and place = 'next'`, [
      model.name,
    ]);
    await client.query('delete from specline.rebuild_shard where projection = $1', [model.name]);
  });
}
