import { setTimeout } from 'node:timers/promises';
import type { WorkerDatabase } from '../event-store/worker-database.js';
import { wakeChannel } from './fan-out.subscription.js';

const reconnectPause = 1_000;

/** Lets a worker sleep until there is something to do: told by another process, by this one, or because it is time. */
export class WakeUp {
  private isAwake = false;
  private rouse: () => void = () => undefined;

  /** Somebody has something to do. */
  wake(): void {
    this.isAwake = true;
    this.rouse();
  }

  /** Until `wake`, or for so many milliseconds. What woke while nobody slept counts. */
  async sleep(milliseconds: number): Promise<void> {
    if (!this.isAwake) {
      const timer = new AbortController();
      const woken = new Promise<void>((resolve) => (this.rouse = resolve));
      await Promise.race([woken, setTimeout(milliseconds, undefined, { signal: timer.signal }).catch(() => undefined)]);
      timer.abort();
    }
    this.isAwake = false;
  }

  /** Listens to what the fan-out of any process tells, until the signal aborts. */
  async listen(database: WorkerDatabase, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const lost = new AbortController();
      const client = database.dedicated('');
      client.on('error', () => lost.abort());
      client.on('end', () => lost.abort());
      client.on('notification', () => this.wake());
      const either = AbortSignal.any([signal, lost.signal]);
      try {
        await client.connect();
        await client.query(`listen ${wakeChannel}`);
        this.wake();
        await setTimeout(2 ** 31 - 1, undefined, { signal: either });
      } catch {
        // Without it, the worker looks by itself once a second.
      }
      await client.end().catch(() => undefined);
      await setTimeout(reconnectPause, undefined, { signal }).catch(() => undefined);
    }
  }
}
