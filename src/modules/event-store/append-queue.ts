import { Injectable } from '@nestjs/common';
import { Database } from './database.js';
import type { RowChange } from './projection-tables.js';
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
};

export type AppendVerdict =
  | { status: 'appended'; version: number; seq: number | null }
  | { status: 'conflict'; version: number }
  | { status: 'duplicate'; version: number; seq: number | null; response: object; requestHash: string | null };

type VerdictRow = {
  organization_id: string;
  stream_id: string;
  status: AppendVerdict['status'];
  version: number;
  seq: number | null;
  response: object | null;
  request_hash: Buffer | null;
};
type Waiting = {
  item: AppendItem;
  bytes: number;
  resolve: (verdict: AppendVerdict) => void;
  reject: (error: unknown) => void;
};

const append = { name: 'append', text: 'select * from specline.append($1, $2, $3)' };
/** A write that takes longer than `slowAfter` milliseconds (a large import) holds nobody up: others go beside it. */
const batch = { items: 64, bytes: 4 * 1024 * 1024, inFlight: 4, slowAfter: 10 };

/**
 * Group commit: what waits while a write is under way goes to the database together, in one call and one commit, each
 * item with its own verdict. Nobody waits for company: a lone append is sent at once.
 */
@Injectable()
export class AppendQueue {
  private readonly waiting: Waiting[] = [];
  private writing = 0;
  private slow = 0;
  private scheduled = false;

  constructor(private readonly database: Database) {}

  append(item: AppendItem): Promise<AppendVerdict> {
    const bytes = item.events.reduce((sum, { statement }) => sum + statement.length, 0);
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, bytes, resolve, reject });
      if (this.scheduled) return;
      this.scheduled = true;
      setImmediate(() => {
        this.scheduled = false;
        this.pump();
      });
    });
  }

  private pump(): void {
    while (this.waiting.length > 0 && this.hasRoom()) {
      this.writing++;
      let isSlow = false;
      const timer = setTimeout(() => {
        isSlow = true;
        this.slow++;
        this.pump();
      }, batch.slowAfter);
      void this.write(this.take()).finally(() => {
        clearTimeout(timer);
        this.writing--;
        if (isSlow) this.slow--;
        this.pump();
      });
    }
  }

  /** One quick write at a time: what comes meanwhile makes the next one larger, and so cheaper for each. */
  private hasRoom(): boolean {
    const quick = this.writing - this.slow;
    return quick === 0 ? this.writing < batch.inFlight : this.waiting.length >= batch.items && quick < 2;
  }

  /** A batch bounded in count and bytes, in one order for everybody, so that two batches cannot wait for each other. */
  private take(): Waiting[] {
    let bytes = 0;
    const fits = this.waiting.findIndex(
      (one, at) => at === batch.items || ((bytes += one.bytes) > batch.bytes && at > 0),
    );
    const taken = this.waiting.splice(0, fits < 0 ? this.waiting.length : fits);
    return taken.sort((a, b) => (a.item.streamId < b.item.streamId ? -1 : 1));
  }

  private async write(waiting: Waiting[]): Promise<void> {
    try {
      const rows = await this.database.call<VerdictRow>(append, parameters(waiting));
      const verdicts = new Map(rows.map((row) => [`${row.organization_id}/${row.stream_id}`, row]));
      for (const { item, resolve, reject } of waiting) {
        const row = verdicts.get(`${item.organizationId}/${item.streamId}`);
        if (row) resolve(verdictOf(row));
        else reject(new Error(`the append function gave no verdict on ${item.streamId}`));
      }
    } catch (error) {
      // One bad item rejects the whole statement: the others are written alone. Sending again is safe, since a
      // commit that had happened after all answers as a duplicate of its command id.
      if (waiting.length === 1) waiting[0]?.reject(error);
      else for (const one of waiting) await this.write([one]);
    }
  }
}

function parameters(waiting: readonly Waiting[]): [items: string, events: string, rows: string] {
  const rows = new Map<string, { put: string[]; drop: string[] }>();
  const items: string[] = [];
  const events: string[] = [];
  waiting.forEach(({ item: one }, item) => {
    const { events: chained, rows: changes, ...said } = one;
    items.push(JSON.stringify({ item, ...said, added: chained.length, lastHash: chained.at(-1)?.hash }));
    // The text that was hashed is the text that is stored: nothing is written down twice.
    for (const { statement, previousHash, hash } of chained) {
      events.push(numbered(item, `{"previousHash":"${previousHash}","hash":"${hash}",${statement.slice(1)}`));
    }
    for (const change of lastChanges(changes)) {
      const table = rows.get(change.table.name) ?? { put: [], drop: [] };
      rows.set(change.table.name, table);
      if ('put' in change) table.put.push(numbered(item, JSON.stringify(change.put)));
      else table.drop.push(numbered(item, JSON.stringify(change.drop)));
    }
  });
  const tables = [...rows].map(([name, { put, drop }]) => {
    const lists = [put.length > 0 && `"put":[${put.join()}]`, drop.length > 0 && `"drop":[${drop.join()}]`];
    return `"${name}":{${lists.filter(Boolean).join()}}`;
  });
  return [`[${items.join()}]`, `[${events.join()}]`, `{${tables.join()}}`];
}

/** An object's JSON with the item it belongs to as its first member. */
const numbered = (item: number, json: string): string => `{"item":${item},${json.slice(1)}`;

function verdictOf({ status, version, seq, response, request_hash }: VerdictRow): AppendVerdict {
  if (status !== 'duplicate') return { status, version, seq };
  return { status, version, seq, response: response ?? {}, requestHash: request_hash?.toString('hex') ?? null };
}
