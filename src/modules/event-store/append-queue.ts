import { Injectable } from '@nestjs/common';
import type { AppendItem } from './append-call.js';
import { appendCall } from './append-call.js';
import type { Claim } from './claims.js';
import { Database } from './database.js';
import { Watermark } from './watermark.js';

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

const appendClaiming = {
  name: 'append-claiming',
  text: 'select * from specline.append_claiming($1, $2, $3, $4, $5, $6, $7, $8)',
};
const append = { name: 'append', text: 'select * from specline.append($1, $2, $3, $4, $5, $6)' };
/** A write that takes longer than `slowAfter` milliseconds (a large import) holds nobody up: others go beside it. */
const batch = { items: 128, bytes: 4 * 1024 * 1024, inFlight: 4, slowAfter: 10 };

/**
 * Group commit: what waits while a write is under way goes to the database together, in one call and one commit, each
 * item with its own verdict. Nobody waits for company: a lone append is sent at once. Organizations take turns in a
 * batch, so that the many appends of one do not hold up the few of another.
 */
@Injectable()
export class AppendQueue {
  /** What waits, by organization: the one whose turn it is comes first. */
  private readonly lanes = new Map<string, Waiting[]>();
  private waiting = 0;
  private writing = 0;
  private slow = 0;
  private scheduled = false;

  constructor(
    private readonly database: Database,
    private readonly watermark: Watermark,
  ) {}

  append(item: AppendItem): Promise<AppendVerdict> {
    if (item.claim) return this.appendClaiming(item, item.claim);
    const bytes = item.events.reduce((sum, { statement }) => sum + statement.length, 0);
    return new Promise((resolve, reject) => {
      const lane = this.lanes.get(item.organizationId);
      if (lane) lane.push({ item, bytes, resolve, reject });
      else this.lanes.set(item.organizationId, [{ item, bytes, resolve, reject }]);
      this.waiting++;
      if (this.scheduled) return;
      this.scheduled = true;
      setImmediate(() => {
        this.scheduled = false;
        this.pump();
      });
    });
  }

  /** Alone: it may have to wait for another one with the same claim. */
  private async appendClaiming(item: AppendItem, { name, seen }: Claim, isRetry = false): Promise<AppendVerdict> {
    try {
      const rows = await this.database.call<VerdictRow>(appendClaiming, [name, seen, ...appendCall([item])]);
      const row = rows.at(-1);
      this.watermark.nudge();
      if (!row) throw new Error(`the append function gave no verdict on ${item.streamId}`);
      return verdictOf(row);
    } catch (error) {
      if (isRetry || !isLost(error)) throw error;
      return this.appendClaiming(item, { name, seen }, true);
    }
  }

  private pump(): void {
    while (this.waiting > 0 && this.hasRoom()) {
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
    return quick === 0 ? this.writing < batch.inFlight : this.waiting >= batch.items && quick < 2;
  }

  /** A batch bounded in count and bytes, in one order for everybody, so that two batches cannot wait for each other. */
  private take(): Waiting[] {
    const taken: Waiting[] = [];
    const streams = new Set<string>();
    let bytes = 0;
    for (let before = -1; before < taken.length && taken.length < batch.items;) {
      before = taken.length;
      for (const [organizationId, lane] of [...this.lanes]) {
        const [next] = lane;
        if (!next || taken.length === batch.items) break;
        // The verdict on the second append to a stream depends on the first: it goes in a later batch.
        if (streams.has(next.item.streamId) || (taken.length > 0 && bytes + next.bytes > batch.bytes)) continue;
        taken.push(next);
        streams.add(next.item.streamId);
        bytes += next.bytes;
        lane.shift();
        this.lanes.delete(organizationId);
        if (lane.length > 0) this.lanes.set(organizationId, lane);
      }
    }
    this.waiting -= taken.length;
    return taken.sort((a, b) => (a.item.streamId < b.item.streamId ? -1 : 1));
  }

  private async write(waiting: Waiting[], isRetry = false): Promise<void> {
    try {
      const rows = await this.database.call<VerdictRow>(append, appendCall(waiting.map(({ item }) => item)));
      this.watermark.nudge();
      // Of one stream there is one item in a batch, whoever's it is.
      const verdicts = new Map(rows.map((row) => [row.stream_id, row]));
      for (const { item, resolve, reject } of waiting) {
        const row = verdicts.get(item.streamId);
        if (row) resolve(verdictOf(row));
        else reject(new Error(`the append function gave no verdict on ${item.streamId}`));
      }
    } catch (error) {
      // One bad item rejects the whole statement: the others are written alone. A lost connection tells nothing of what
      // became of the write. Sending again is safe: a commit that had happened answers as a duplicate of its command id.
      if (waiting.length > 1 || (!isRetry && isLost(error))) for (const one of waiting) await this.write([one], true);
      else waiting[0]?.reject(error);
    }
  }
}

/** Not an answer of the database to the statement (an SQLSTATE) but the end of the connection that it was sent on. */
const isLost = (error: unknown): boolean => !/^(?!08|57P0)[0-9A-Z]{5}$/.test((error as { code?: string }).code ?? '');

function verdictOf({ status, version, seq, response, request_hash }: VerdictRow): AppendVerdict {
  if (status !== 'duplicate') return { status, version, seq };
  return { status, version, seq, response: response ?? {}, requestHash: request_hash?.toString('hex') ?? null };
}
