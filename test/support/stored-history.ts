import pg from 'pg';
import { eventColumns } from '../../src/modules/event-store/event-store.js';
import type { RecordedEvent } from '../../src/modules/event-store/history.js';
import type { ProjectionTable, Row } from '../../src/modules/event-store/projection-tables.js';
import { columnName } from '../../src/modules/event-store/projection-tables.js';
import type { Seal } from '../../src/modules/audit/seal.js';
import { readModels } from '../../src/read-models.js';

/** The tables that the inline projections fill. */
export const projected: readonly ProjectionTable[] = readModels.flatMap(({ tables }) => tables);

export type StoredStream = { streamId: string; streamType: string; version: number; lastHash: string };
export type StoredCommand = { commandId: string; streamId: string; version: number; response: Record<string, unknown> };
export type StoredSnapshot = { streamId: string; version: number; hash: string; state: unknown };
export type Told = { streamId: string; version: number; seq: number };

export type LedgerEntry = { organizationId: string; position: number; seq: number; eventId: string; hash: string };

/** Everything that a database holds of history and of what follows from it, past row security. */
export type StoredHistory = {
  /** In the order of their positions. */
  events: RecordedEvent[];
  streams: StoredStream[];
  commands: StoredCommand[];
  snapshots: StoredSnapshot[];
  /** Rows of each projection by table, in camelCase, times as in events. */
  rows: Map<string, Row[]>;
  /** The ledgers' entries, by position, and their seals, by number. */
  entries: LedgerEntry[];
  seals: Seal[];
  /** What the recording subscription was told, in that order. */
  told: Told[];
  parked: string[];
  watermark: { position: number; taken: number };
};

/** Reads the whole of it in one snapshot. */
export async function readHistory(databaseUrl: string): Promise<StoredHistory> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'checker' });
  await client.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    const ask = async <R extends object>(text: string) => numbered((await client.query<R>(text)).rows);
    const rows = new Map<string, Row[]>();
    for (const table of projected) rows.set(table.name, await readRows(client, table));
    return {
      events: await ask<RecordedEvent>(`select ${eventColumns} from specline.event order by seq`),
      streams: await ask<StoredStream>(
        `select stream_id as "streamId", stream_type as "streamType", version, encode(last_hash, 'hex') as "lastHash"
          from specline.stream`,
      ),
      commands: await ask<StoredCommand>(
        `select command_id as "commandId", stream_id as "streamId", version, response from specline.command`,
      ),
      snapshots: await ask<StoredSnapshot>(
        `select stream_id as "streamId", version, encode(hash, 'hex') as hash, state from specline.snapshot`,
      ),
      rows,
      entries: await ask<LedgerEntry>(
        `select organization_id as "organizationId", position, seq, event_id as "eventId", encode(hash, 'hex') as hash
          from specline.ledger_entry order by position`,
      ),
      seals: await ask<Seal>(
        `select organization_id as "organizationId", number, size, encode(root, 'hex') as root,
            encode(previous, 'hex') as previous, key_id as "keyId", signature,
            to_char(sealed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "sealedAt"
          from specline.seal order by number`,
      ),
      told: await ask<Told>(
        `select stream_id as "streamId", version, seq from specline.diary where subscription = 'recorder' order by at`,
      ),
      parked: (await ask<{ one: string }>(`select stream_id || ': ' || error as one from specline.dead_letter`)).map(
        ({ one }) => one,
      ),
      watermark: (
        await ask<{ position: number; taken: number }>(
          `select w.position, case when s.is_called then s.last_value else 0 end as taken
            from specline.watermark w, specline.event_seq s`,
        )
      )[0] ?? { position: -1, taken: -1 },
    };
  } finally {
    await client.end();
  }
}

/** PostgreSQL's bigint comes as text unless the application has been loaded. */
function numbered<R extends object>(rows: R[]): R[] {
  for (const row of rows as Record<string, unknown>[]) {
    for (const name of ['version', 'seq', 'position', 'taken', 'number', 'size'])
      if (name in row) row[name] = Number(row[name]);
  }
  return rows;
}

async function readRows(client: pg.Client, { name, columns }: ProjectionTable): Promise<Row[]> {
  const { rows } = await client.query<{ row: Row }>(`select to_jsonb(t) as row from specline.${name} t`);
  return rows.map(({ row }) =>
    Object.fromEntries(
      Object.entries(columns).map(([field, type]) => {
        const value = row[columnName(field)];
        return [field, type === 'timestamptz' && value ? new Date(value as string).toISOString() : value];
      }),
    ),
  );
}

/** Things by what they have in common, in the order in which they come. */
export function grouped<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group) group.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return groups;
}
