import { readFileSync } from 'node:fs';
import pg from 'pg';

const statement = readFileSync(new URL('../../bench/history.sql', import.meta.url), 'utf8');

/** Writes the history of many specs into a database, read models left empty (bench/history.sql). */
export async function writeHistory(
  databaseUrl: string,
  { streams, eventsPerStream }: { streams: number; eventsPerStream: number },
): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(statement, [streams, eventsPerStream]);
  await client.query('analyze specline.event, specline.stream');
  await client.end();
}
