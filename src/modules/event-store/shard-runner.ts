import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Checkpoints, Shard } from './checkpoints.js';
import { Fenced } from './checkpoints.js';
import type { Foreground } from './foreground.js';
import { Delivery, reasonOf } from './delivery.js';
import type { Subscription } from './subscription.js';
import type { Watermark } from './watermark.js';
import type { WorkerDatabase } from './worker-database.js';

/** What a runner works with. */
export type RunnerTools = {
  watermark: Watermark;
  checkpoints: Checkpoints;
  database: WorkerDatabase;
  foreground: Foreground;
};

/** Milliseconds: between tries of what fails, at first and at most; before an empty stretch of history is noted. */
const pace = { retry: 100, retryAtMost: 5_000, note: 100 };

/**
 * How many times as long as it worked, and how many milliseconds at most, one rests that gives way; and how many it may
 * fall behind by that, in a process that is never idle.
 */
const givingWay = { times: 19, atMost: 3_000, behind: 30_000 };

/** Takes the events of one shard to its subscription, as long as this process owns the shard: one batch at a time. */
export class ShardRunner {
  private readonly ending = new AbortController();
  private readonly delivery: Delivery;
  private readonly log: Logger;
  private readonly ended: Promise<void>;
  /** Up to where history was read; from the checkpoint on it held nothing for the subscription. */
  private readTo: number;
  private notedAt = 0;
  /** Milliseconds that the last batch took, and when its last event was recorded. */
  private worked = 0;
  private recordedAt = Infinity;
  private failures = 0;

  constructor(
    private readonly subscription: Subscription,
    private readonly shard: Shard,
    private readonly tools: RunnerTools,
  ) {
    this.log = new Logger(`${shard.subscription}/${shard.shard}`);
    this.delivery = new Delivery(subscription, shard, tools.checkpoints, tools.database, this.ending.signal);
    this.readTo = shard.position;
    this.ended = this.run();
  }

  /** Where the checkpoint stands, as far as this process moved it. */
  get position(): number {
    return this.shard.position;
  }

  /** Whether it works on the shard as the database knows it: an owner of another epoch does not. */
  worksOn(owned: Shard | undefined): boolean {
    return owned?.epoch === this.shard.epoch && !this.ending.signal.aborted;
  }

  /** Finishes the batch under way, and no other. */
  async stop(): Promise<void> {
    this.ending.abort();
    await this.ended;
  }

  private async run(): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      try {
        const isFull = await this.step(signal);
        this.failures = 0;
        if (this.subscription.givesWay) await this.giveWay();
        if (!isFull && this.subscription.pause > 0) await this.rest(this.subscription.pause);
      } catch (error) {
        if (error instanceof Fenced) this.ending.abort();
        else if (!signal.aborted) await this.failed(error);
      }
    }
  }

  /** @returns whether there may be another batch waiting */
  private async step(signal: AbortSignal): Promise<boolean> {
    const { watermark, checkpoints } = this.tools;
    const idle =
      this.readTo > this.shard.position ? AbortSignal.any([signal, AbortSignal.timeout(this.untilNote())]) : signal;
    let isFull = false;
    if (await watermark.waitFor(this.readTo + 1, idle)) {
      const began = performance.now();
      const { events, end } = await checkpoints.read(this.subscription, { ...this.shard, position: this.readTo });
      if (events.length > 0) await this.moved(() => this.delivery.deliver(events, end));
      this.readTo = end;
      isFull = events.length >= this.subscription.batch;
      this.worked = performance.now() - began;
      this.recordedAt = Date.parse(events.at(-1)?.recordedAt ?? '') || Infinity;
    }
    if (!signal.aborted && this.readTo > this.shard.position && this.untilNote() === 0) {
      await this.moved(() => this.delivery.note(this.readTo));
    }
    return isFull;
  }

  /** Leaves this process, and the database, to what callers wait for. */
  private async giveWay(): Promise<void> {
    if (Date.now() - this.recordedAt > givingWay.behind || !(await this.tools.foreground.isBusy())) return;
    await this.rest(Math.min(this.worked * givingWay.times, givingWay.atMost));
  }

  private async moved(move: () => Promise<void>): Promise<void> {
    await move();
    this.notedAt = performance.now();
  }

  /** Milliseconds until the checkpoint may be moved past events that are none of the subscription's. */
  private untilNote(): number {
    return Math.max(0, Math.ceil(this.notedAt + pace.note - performance.now()));
  }

  private async failed(error: unknown): Promise<void> {
    const reason = reasonOf(error);
    if (this.failures === 0) this.log.warn(`tries again: ${reason}`);
    // Some of a batch may have been delivered, and without a database not even this can be said.
    this.readTo = this.shard.position;
    await this.tools.checkpoints.fail(this.shard, reason).catch(() => undefined);
    await this.rest(Math.min(pace.retry * 2 ** this.failures++, pace.retryAtMost));
  }

  private rest(milliseconds: number): Promise<void> {
    return setTimeout(milliseconds, undefined, { signal: this.ending.signal }).catch(() => undefined);
  }
}
