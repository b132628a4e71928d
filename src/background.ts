import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { OtherForeground } from './modules/event-store/foreground.js';

/** What a thread for background work is told. */
export type BackgroundWork = { databaseUrl: string; masterKey: Uint8Array; foreground: SharedArrayBuffer };

/** Milliseconds before a thread that failed is followed by another: at first, and at most. */
const pause = { first: 1_000, atMost: 30_000 };

/**
 * Background work on a thread of its own (ADR 28), so that requests do not wait for it. One that fails is followed by
 * another, and what it had begun is done again, as after the end of a process.
 */
export class Background {
  private readonly ending = new AbortController();
  private readonly foreground = OtherForeground.publish();
  private readonly ended: Promise<void>;

  constructor(
    private readonly databaseUrl: string,
    private readonly masterKey: Buffer,
  ) {
    this.ended = this.run();
  }

  /** Resolves when what was under way is finished. */
  async stop(): Promise<void> {
    this.ending.abort();
    await this.ended;
  }

  private async run(): Promise<void> {
    const { signal } = this.ending;
    for (let wait = pause.first; !signal.aborted; wait = Math.min(wait * 2, pause.atMost)) {
      const began = performance.now();
      const reason = await this.runOnce(signal);
      if (signal.aborted) return;
      if (performance.now() - began > pause.atMost) wait = pause.first;
      process.stderr.write(`Background work ended (${reason}) and begins again in ${wait} ms\n`);
      await setTimeout(wait, undefined, { signal }).catch(() => undefined);
    }
  }

  /** @returns why the thread ended */
  private runOnce(signal: AbortSignal): Promise<string> {
    const { databaseUrl, masterKey, foreground } = this;
    const workerData: BackgroundWork = { databaseUrl, masterKey, foreground };
    const thread = new Worker(new URL('./background-thread.js', import.meta.url), { workerData });
    const end = () => thread.postMessage('end');
    signal.addEventListener('abort', end);
    return new Promise<string>((resolve) => {
      let reason = 'it ended by itself';
      thread.once('error', (error: Error) => (reason = error.message));
      thread.once('exit', () => resolve(reason));
    }).finally(() => signal.removeEventListener('abort', end));
  }
}
