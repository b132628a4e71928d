import { Worker } from 'node:worker_threads';
import type { OnModuleDestroy } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import type { EChartsCoreOption } from 'echarts/core';
import { Refusal } from '../../commands/refusals.js';

/** In pixels. */
export type ChartSize = { width: number; height: number };

export type PictureType = 'image/svg+xml' | 'image/png';

type Answer = { id: number; picture?: Uint8Array; error?: Error };
type Waiting = { resolve: (picture: Buffer) => void; reject: (error: Error) => void };

/** How many charts may wait: the last of them does so for a few seconds. */
const mostWaiting = 20;

/**
 * Draws charts, one at a time, in a thread of its own: a large one takes a second, in which nobody's write should wait.
 * The thread starts with the first chart.
 */
@Injectable()
export class ChartDrawer implements OnModuleDestroy {
  private worker?: Worker;
  private last = 0;
  private readonly waiting = new Map<number, Waiting>();

  /**
   * A picture of what an option of ECharts describes, which holds no function.
   * @throws Refusal `unavailable` when too many are asked for at once
   */
  draw(option: EChartsCoreOption, size: ChartSize, mediaType: PictureType): Promise<Buffer> {
    if (this.waiting.size >= mostWaiting) {
      throw new Refusal('unavailable', 'Too many charts are asked for at once.', { retryAfter: 5 });
    }
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.thread().postMessage({ id, option, size, mediaType });
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.worker?.terminate();
  }

  private thread(): Worker {
    if (this.worker) return this.worker;
    const worker = new Worker(new URL('./chart-worker.mjs', import.meta.url));
    worker.on('message', (answer: Answer) => this.settle(answer));
    // What ends the thread is told to those who wait for it, and the next chart starts another one.
    worker.on('error', (error: Error) => this.abandon(worker, error));
    worker.on('exit', () => this.abandon(worker, new Error('the thread that draws charts has ended')));
    worker.unref();
    return (this.worker = worker);
  }

  private settle({ id, picture, error }: Answer): void {
    const asked = this.waiting.get(id);
    this.waiting.delete(id);
    if (picture) asked?.resolve(Buffer.from(picture));
    else asked?.reject(error ?? new Error('nothing was drawn'));
  }

  private abandon(worker: Worker, error: Error): void {
    if (this.worker !== worker) return;
    this.worker = undefined;
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
