import { setTimeout } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Subscription } from './subscription.js';
import { WorkerDatabase } from './worker-database.js';
import type { SubscriptionStatus } from './worker-status.view.js';

const status = {
  name: 'subscriptions.status',
  text: `select c.subscription as "name",
      (select count(distinct (d.organization_id, d.stream_id)) from specline.dead_letter d
        where d.subscription = c.subscription and d.discarded_at is null) as "parkedStreams",
      (select count(*) from specline.dead_letter d
        where d.subscription = c.subscription and d.discarded_at is null) as "parkedEvents",
      json_agg(json_build_object('shard', c.shard, 'position', c.position,
        'lagEvents', greatest(0, w.position - c.position), 'epoch', c.epoch,
        'owner', case when c.lease_until > clock_timestamp() then c.owner end,
        'error', c.error, 'failedAt', c.failed_at) order by c.shard) as "shards"
    from specline.checkpoint c, specline.watermark w group by c.subscription order by c.subscription`,
};
const reached = {
  name: 'subscriptions.reached',
  text: 'select min(position) as "position" from specline.checkpoint where subscription = $1',
};
const lastTaken = {
  name: 'subscriptions.last-taken',
  text: 'select case when is_called then last_value else 0 end as "seq" from specline.event_seq',
};

/** Who follows history in this program, and how far the checkpoints are, whichever process moves them. */
@Injectable()
export class Subscriptions {
  private readonly registered = new Map<string, Subscription>();
  /** One look at a checkpoint serves all who wait for it. */
  private readonly looks = new Map<string, Promise<number>>();

  constructor(private readonly database: WorkerDatabase) {}

  /** Called by a subscription in onModuleInit, before any worker starts. */
  register(subscription: Subscription): void {
    const { name, shards } = subscription;
    if (this.registered.has(name)) throw new Error(`there are two subscriptions ${name}`);
    if (!subscription.apply === !subscription.send)
      throw new Error(`the subscription ${name} needs either apply or send`);
    if (!Number.isInteger(shards) || shards < 1) throw new Error(`the subscription ${name} has ${shards} shards`);
    this.registered.set(name, subscription);
  }

  all(): Subscription[] {
    return [...this.registered.values()];
  }

  /** @throws Error when this program has no such subscription */
  named(name: string): Subscription {
    const subscription = this.registered.get(name);
    if (!subscription) throw new Error(`there is no subscription ${name}`);
    return subscription;
  }

  /**
   * Waits until a subscription has passed a position, so that a caller can read its own write from what it fills.
   * Passed are parked events as well.
   * @returns whether it did so in time
   * @throws AbortError when the signal aborts: whoever waits in a process that ends would wait for what has ended already
   */
  async waitFor(name: string, seq: number, timeoutMilliseconds: number, signal?: AbortSignal): Promise<boolean> {
    const until = performance.now() + timeoutMilliseconds;
    for (let pause = 10; (await this.look(name)) < seq; pause = Math.min(pause * 1.5, 100)) {
      const left = until - performance.now();
      if (left <= 0) return false;
      await setTimeout(Math.min(pause, left), undefined, { signal });
    }
    return true;
  }

  /** Waits until a subscription has passed everything that was written before this was called. */
  async catchUp(name: string, timeoutMilliseconds: number, signal?: AbortSignal): Promise<boolean> {
    const [last] = await this.database.query<{ seq: number }>(lastTaken);
    return this.waitFor(name, last?.seq ?? 0, timeoutMilliseconds, signal);
  }

  status(): Promise<SubscriptionStatus[]> {
    return this.database.query<SubscriptionStatus>(status);
  }

  private look(name: string): Promise<number> {
    const look =
      this.looks.get(name) ??
      this.database
        .query<{ position: number | null }>(reached, [name])
        .then(([row]) => row?.position ?? 0)
        .finally(() => this.looks.delete(name));
    this.looks.set(name, look);
    return look;
  }
}
