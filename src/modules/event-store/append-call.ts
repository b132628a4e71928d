import type { Claim } from './claims.js';
import type { Row, RowChange } from './projection-tables.js';
import { lastChanges } from './projection-tables.js';

/** An event as its canonical JSON, with its place in the stream's chain. */
export type ChainedEvent = { statement: string; previousHash: string; hash: string };

/** One command's outcome on its way to the database. Without events only its idempotency record is written. */
export type AppendItem = {
  organizationId: string;
  streamId: string;
  streamType: string;
  /** The stream's version as the decision saw it; 0 for a stream that must not exist yet. */
  expected: number;
  commandId: string;
  /** SHA-256 of the request that carried an Idempotency-Key, hex. */
  requestHash: string | null;
  response: object;
  events: readonly ChainedEvent[];
  rows: readonly RowChange[];
  /** What it rests on beyond its stream: compared under a lock, and moved on with the append. */
  claim?: Claim;
};

/**
 * The arguments of specline.append for a batch. The text of an event that was hashed is the text that is stored, and
 * what the database can find in it is not sent again: this is the greater part of what a write costs.
 */
export function appendCall(
  batch: readonly AppendItem[],
): [items: string, events: string, rows: string, begins: number, advances: number, wanted: number] {
  let begins = 0;
  let advances = 0;
  const items: string[] = [];
  const events: string[] = [];
  const rows = new Map<string, Map<string, string[]>>();
  batch.forEach((one, item) => {
    const { organizationId, streamId, streamType, expected, commandId, requestHash, response } = one;
    const chained = one.events;
    const previous = chained[0]?.previousHash;
    const last = chained.at(-1)?.hash;
    if (expected > 0) advances++;
    else begins++;
    items.push(
      `{"item":${item},"organizationId":"${organizationId}","streamId":"${streamId}","streamType":"${streamType}",` +
        `"expected":${expected},"added":${chained.length},"commandId":"${commandId}",` +
        `${requestHash ? `"requestHash":"${requestHash}",` : ''}${last ? `"previousHash":"${previous}","lastHash":"${last}",` : ''}` +
        `"response":${JSON.stringify(response)}}`,
    );
    for (const { statement, previousHash, hash } of chained) {
      events.push(numbered(item, `{"previousHash":"${previousHash}","hash":"${hash}",${statement.slice(1)}`));
    }
    for (const change of chained.length > 1 ? lastChanges(one.rows) : one.rows) addRow(rows, item, change);
  });
  const tables = [...rows].map(([table, kinds]) => {
    const lists = [...kinds].map(([kind, list]) => `"${kind}":[${list.join()}]`);
    return `"${table}":{${lists.join()}}`;
  });
  const texts = [`[${items.join()}]`, `[${events.join()}]`, `{${tables.join()}}`] as const;
  return [...texts, begins, advances, events.length];
}

/** An object's JSON with the item it belongs to as its first member. */
const numbered = (item: number, json: string): string => `{"item":${item},${json.slice(1)}`;

function addRow(rows: Map<string, Map<string, string[]>>, item: number, change: RowChange): void {
  const { table } = change;
  const kinds = rows.get(table.name) ?? new Map<string, string[]>();
  rows.set(table.name, kinds);
  const kind = 'drop' in change ? 'drop' : (change.only ?? 'put');
  const list = kinds.get(kind) ?? [];
  kinds.set(kind, list);
  if ('drop' in change) list.push(numbered(item, JSON.stringify(change.drop)));
  else if (change.only === undefined) list.push(numbered(item, JSON.stringify(change.put)));
  else list.push(partOf(item, change.put, table.sent(change.only)));
}

/** Some members of a row, as JSON; those that are null are left out, which says the same. */
function partOf(item: number, row: Row, fields: readonly string[]): string {
  let json = `{"item":${item}`;
  for (const field of fields) {
    const value = row[field];
    if (value !== null && value !== undefined) json += `,"${field}":${JSON.stringify(value)}`;
  }
  return `${json}}`;
}
