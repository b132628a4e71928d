import { setTimeout } from 'node:timers/promises';
import type { ClientBase } from 'pg';

const lastPosition = `select case when is_called then last_value else 0 end::text as "position" from specline.event_seq`;
/** Appenders in flight: whoever holds the lock that the append function takes before it takes a position. */
const appenders = `select virtualtransaction || '/' || coalesce(pid, 0) as "appender" from pg_locks
  where locktype = 'advisory' and classid = 7311 and objid = 0 and objsubid = 2 and granted
    and database = (select oid from pg_database where datname = current_database())`;

/** The last position of the history that was given out, committed or not. */
export async function positionNow(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ position: string }>(lastPosition);
  return Number(rows[0]?.position ?? 0);
}

/**
 * A position up to which history is final: every event at or before it is committed, or never will be. It is the last
 * position given out, after everybody who was appending then has ended; nobody is held up.
 */
export async function finalPosition(client: ClientBase): Promise<number> {
  const position = await positionNow(client);
  const holders = async () =>
    (await client.query<{ appender: string }>(appenders)).rows.map(({ appender }) => appender);
  for (let open = await holders(); open.length > 0;) {
    await setTimeout(5);
    const still = new Set(await holders());
    open = open.filter((appender) => still.has(appender));
  }
  return position;
}
