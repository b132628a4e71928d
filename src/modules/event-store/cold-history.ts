import { Injectable } from '@nestjs/common';
import { WorkerDatabase } from './worker-database.js';

const candidates = {
  name: 'cold-history.candidates',
  text: `select organization_id as "organizationId", stream_id as "streamId"
    from specline.archived_streams($1::timestamptz, $2)`,
};
const move = {
  name: 'cold-history.move',
  text: 'select specline.move_to_cold($1, $2, $3::timestamptz)::float8 as "moved"',
};
const analyze = { name: 'cold-history.analyze', text: 'select specline.analyze_cold()' };
const status = {
  name: 'cold-history.status',
  text: `select count(*)::float8 as streams, coalesce(sum(events), 0)::float8 as events, max(moved_at) as "lastMovedAt"
    from specline.cold_stream`,
};
/** How many streams are looked up at once. */
const batch = 100;

/** What was moved. */
export type Moved = { streams: number; events: number };
/** What is apart, and when something was moved last. */
export type ColdStatus = { streams: number; events: number; lastMovedAt: Date | null };

/** Moves the history of archived specs to where it is kept apart (ADR 25): a stream in a transaction, each once. */
@Injectable()
export class ColdHistory {
  constructor(private readonly database: WorkerDatabase) {}

  /**
   * Moves what was archived before a time and is not on hold. Another process may do so at the same time.
   * @param stop ends it between two streams
   */
  async move(before: Date, stop = new AbortController().signal): Promise<Moved> {
    const moved = await this.moveAll(before, stop);
    if (moved.events > 0) await this.database.query(analyze);
    return moved;
  }

  private async moveAll(before: Date, stop: AbortSignal): Promise<Moved> {
    const all: Moved = { streams: 0, events: 0 };
    for (;;) {
      type Candidate = { organizationId: string; streamId: string };
      const found = await this.database.query<Candidate>(candidates, [before, batch]);
      let streams = 0;
      for (const { organizationId, streamId } of found) {
        if (stop.aborted) return all;
        const values = [organizationId, streamId, before];
        const [{ moved } = { moved: 0 }] = await this.database.query<{ moved: number }>(move, values);
        // Somebody writes to it, or another process moves it: it is left to the next time.
        if (moved > 0) streams++;
        all.events += moved;
      }
      all.streams += streams;
      if (found.length < batch || streams === 0) return all;
    }
  }

  async status(): Promise<ColdStatus> {
    const [found] = await this.database.query<ColdStatus>(status);
    if (!found) throw new Error('a count is a row');
    return found;
  }
}
