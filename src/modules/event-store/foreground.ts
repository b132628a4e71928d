import type { EventLoopUtilization } from 'node:perf_hooks';
import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';

/** From which share of its time on a thread is busy, and for how many milliseconds one looks where both share a thread. */
const alone = { busy: 0.25, every: 50 };
const together = { busy: 0.7, look: 5 };

/** What callers wait for. Background work that can wait gives way to it. */
export abstract class Foreground {
  /** Whether the process is busy with it at present. */
  abstract isBusy(): Promise<boolean>;
}

/** On the thread that also does the background work: what that does itself while it looks is nothing. */
export class OwnForeground extends Foreground {
  override async isBusy(): Promise<boolean> {
    const before = performance.eventLoopUtilization();
    await setTimeout(together.look);
    return performance.eventLoopUtilization(before).utilization >= together.busy;
  }
}

/** A thread of its own, which says in memory that both share which percentage of its time it is busy. */
export class OtherForeground extends Foreground {
  private readonly share: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    super();
    this.share = new Int32Array(memory);
  }

  override isBusy(): Promise<boolean> {
    return Promise.resolve(Atomics.load(this.share, 0) >= 100 * alone.busy);
  }

  /**
   * On the thread in question: says how busy it is, from now on.
   * @returns the memory to hand to others
   */
  static publish(): SharedArrayBuffer {
    const share = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    let before: EventLoopUtilization = performance.eventLoopUtilization();
    setInterval(() => {
      const now = performance.eventLoopUtilization();
      Atomics.store(share, 0, 100 * performance.eventLoopUtilization(now, before).utilization);
      before = now;
    }, alone.every).unref();
    return share.buffer;
  }
}
