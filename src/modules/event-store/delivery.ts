import { setTimeout } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { PoolClient } from 'pg';
import type { Shard } from './checkpoints.js';
import type { Checkpoints } from './checkpoints.js';
import { Fenced, streamKey } from './checkpoints.js';
import type { RecordedEvent } from './history.js';
import type { Subscription } from './subscription.js';
import { isPassing, Unavailable } from './subscription.js';
import type { WorkerDatabase } from './worker-database.js';

/** How often an event that fails alone is tried before its stream is parked, and the milliseconds before the second try. */
const poison = { attempts: 4, pause: 100 };

/** Hands the events of one shard to its subscription and moves the checkpoint; what cannot be handled is parked. */
export class Delivery {
  private readonly log: Logger;

  constructor(
    private readonly subscription: Subscription,
    private readonly shard: Shard,
    private readonly checkpoints: Checkpoints,
    private readonly database: WorkerDatabase,
    private readonly signal: AbortSignal,
  ) {
    this.log = new Logger(`${shard.subscription}/${shard.shard}`);
  }

  /**
   * Delivers events, after which the checkpoint stands at `end`. A batch that fails is halved until the event that does
   * it stands alone; its stream is parked then.
   * @throws Fenced when somebody else owns the shard; what passes by itself, to be tried again from the checkpoint
   */
  async deliver(events: readonly RecordedEvent[], end: number): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.handle(events, end);
      } catch (error) {
        if (error instanceof Fenced || isPassing(error) || this.signal.aborted) throw error;
        if (events.length > 1) {
          const half = events.slice(0, events.length / 2);
          await this.deliver(half, half.at(-1)?.seq ?? end);
          return await this.deliver(events.slice(half.length), end);
        }
        const reason = reasonOf(error);
        if (attempt === poison.attempts) return await this.park(events, end, reason);
        await this.checkpoints.fail(this.shard, reason);
        await setTimeout(poison.pause * 2 ** (attempt - 1), undefined, { signal: this.signal });
      }
    }
  }

  /** Moves the checkpoint where there is nothing to do on the way. */
  note(end: number): Promise<void> {
    return this.moving(end, () => Promise.resolve());
  }

  private async handle(events: readonly RecordedEvent[], end: number): Promise<void> {
    const { subscription } = this;
    if (!subscription.send) {
      return this.moving(end, async (client, parks) => {
        const free = parks ? await this.divert(client, events) : events;
        if (free.length > 0) await subscription.apply?.(free, client);
      });
    }
    const parked = await this.checkpoints.parked(subscription.name, events);
    const free = events.filter((event) => !parked.has(streamKey(event)));
    if (free.length > 0) await subscription.send(free, this.signal);
    await this.moving(end, async (client, parks) => {
      const still = parks ? await this.divert(client, events) : events;
      if (still.length > free.length) throw new Unavailable('a stream was parked when this was read, and is not now');
    });
  }

  /** Events of parked streams are put behind those that are parked already. @returns the others */
  private async divert(client: PoolClient, events: readonly RecordedEvent[]): Promise<readonly RecordedEvent[]> {
    const parked = await this.checkpoints.parked(this.subscription.name, events, client);
    const diverted = events.filter((event) => parked.has(streamKey(event)));
    await this.checkpoints.park(client, this.subscription.name, diverted, 'an earlier event of the stream is parked');
    return events.filter((event) => !parked.has(streamKey(event)));
  }

  private async park(events: readonly RecordedEvent[], end: number, reason: string): Promise<void> {
    await this.moving(end, (client) => this.checkpoints.park(client, this.subscription.name, events, reason));
    for (const event of events)
      this.log.error(`parked ${streamKey(event)} from version ${event.version} on: ${reason}`);
  }

  /** The checkpoint is locked first, so that two owners never do the same at the same time. */
  private async moving(end: number, work: (client: PoolClient, parks: boolean) => Promise<void>): Promise<void> {
    await this.database.transaction(async (client) => {
      await work(client, await this.checkpoints.move(client, this.shard, end));
    });
    this.shard.position = end;
  }
}

/** An error in one line that fits a column. */
export const reasonOf = (error: unknown): string =>
  (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).replaceAll('\u0000', '').slice(0, 2000);
