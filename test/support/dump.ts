import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';

/** The rows of every table but the migrations', as COPY writes them, and where the sequences stand. */
export type Dump = { tables: Map<string, Buffer>; sequences: Map<string, { last: string; called: boolean }> };

const tablesOf = `select c.relname as name from pg_class c
  where c.relnamespace = 'specline'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and c.relname <> 'migration'`;
const sequencesOf = `select c.relname as name from pg_class c
  where c.relnamespace = 'specline'::regnamespace and c.relkind = 'S'`;

async function connected<T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'dump' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const names = async (client: pg.Client, statement: string): Promise<string[]> =>
  (await client.query<{ name: string }>(statement)).rows.map(({ name }) => name);

/** What pg_dump does: one snapshot of all tables, taken while others go on writing, and the sequences as they are. */
export function dump(databaseUrl: string): Promise<Dump> {
  return connected(databaseUrl, async (client) => {
    await client.query('begin isolation level repeatable read read only');
    const tables = new Map<string, Buffer>();
    for (const name of await names(client, tablesOf)) {
      tables.set(name, await buffer(client.query(copyTo(`copy (select * from specline.${name}) to stdout`))));
    }
    const sequences: Dump['sequences'] = new Map();
    for (const name of await names(client, sequencesOf)) {
      const statement = `select last_value as last, is_called as called from specline.${name}`;
      const { rows } = await client.query<{ last: string; called: boolean }>(statement);
      if (rows[0]) sequences.set(name, rows[0]);
    }
    await client.query('commit');
    return { tables, sequences };
  });
}

/** Fills a database that has the schema already: what it held before is gone. */
export function restore({ tables, sequences }: Dump, databaseUrl: string): Promise<void> {
  return connected(databaseUrl, async (client) => {
    await client.query('begin');
    // As a superuser does it: history refuses to be emptied otherwise.
    await client.query('set local session_replication_role = replica');
    await client.query(`truncate ${[...tables.keys()].map((name) => `specline.${name}`).join()}`);
    for (const [name, rows] of tables) {
      await pipeline(Readable.from([rows]), client.query(copyFrom(`copy specline.${name} from stdin`)));
    }
    for (const [name, { last, called }] of sequences) {
      await client.query(`select setval('specline.${name}', $1, $2)`, [last, called]);
    }
    await client.query('commit');
  });
}
