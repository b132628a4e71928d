import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { WorkerDatabase } from '../event-store/worker-database.js';

/** Milliseconds between two looks at the watermark while anybody waits, and after one that failed. */
const pace = { look: 50, failed: 1000 } as const;
/** Of a longer stretch of history everybody who waits looks for himself. */
const longestStretch = 10_000;

const position = { name: 'feed.watermark', text: `select position from specline.watermark` };
const given = {
  name: 'feed.last-position',
  text: `select case when is_called then last_value else 0 end as position from specline.event_seq`,
};
const writers = {
  name: 'feed.organizations',
  text: `select distinct organization_id as "organizationId" from specline.event where seq > $1 and seq <= $2`,
};

type Waiter = { organizationId: string; wake: () => void };

/**
 * Up to where history is final, and the wish to be told when it goes on for an organization. However many wait, a process
 * looks once for all of them; while nobody does, it does not look.
 */
@Injectable()
export class FeedPulse {
  private readonly waiting = new Set<Waiter>();
  private isLooking = false;
  /** Up to where those who wait were told of everything. */
  private seen = 0;

  constructor(private readonly database: WorkerDatabase) {}

  /** The last final position of all of history. */
  async final(): Promise<number> {
    const [watermark] = await this.database.query<{ position: number }>(position);
    return watermark?.position ?? 0;
  }

  /** Whether history ever came to a position: it may not be final yet. */
  async hasReached(after: number): Promise<boolean> {
    if (after <= (await this.final())) return true;
    const [last] = await this.database.query<{ position: number }>(given);
    return after <= (last?.position ?? 0);
  }

  /**
   * Resolves when an organization may have final events beyond a position, or when the signal aborts.
   * @param after a final position: the caller has read everything up to it
   */
  next(organizationId: string, after: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    // What became final since the caller looked was announced before it waited.
    if (this.isLooking && this.seen > after) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        this.waiting.delete(waiter);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const waiter = { organizationId, wake };
      this.waiting.add(waiter);
      signal.addEventListener('abort', wake);
      if (!this.isLooking) void this.look(after);
    });
  }

  private async look(from: number): Promise<void> {
    this.isLooking = true;
    this.seen = from;
    while (this.waiting.size > 0) {
      try {
        const end = await this.final();
        if (end > this.seen) await this.announce(this.seen, end);
        await pause(pace.look, undefined, { ref: false });
      } catch {
        // Whoever waits learns of it from a read of his own.
        await pause(pace.failed, undefined, { ref: false });
      }
    }
    this.isLooking = false;
  }

  /** In one turn: nobody can begin to wait between having been passed over and what was seen being noted. */
  private async announce(from: number, end: number): Promise<void> {
    const isLong = end - from > longestStretch;
    const rows = isLong ? [] : await this.database.query<{ organizationId: string }>(writers, [from, end]);
    const wrote = new Set(rows.map(({ organizationId }) => organizationId));
    this.seen = end;
    for (const waiter of [...this.waiting]) if (isLong || wrote.has(waiter.organizationId)) waiter.wake();
  }
}
