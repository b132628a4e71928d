import { setTimeout } from 'node:timers/promises';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { Injectable, Logger } from '@nestjs/common';
import { newId } from '../../commands/ids.js';
import type { Shard } from './checkpoints.js';
import { Checkpoints, shardLease } from './checkpoints.js';
import { Foreground } from './foreground.js';
import { reasonOf } from './delivery.js';
import { ShardRunner } from './shard-runner.js';
import { Subscriptions } from './subscriptions.js';
import { Watermark } from './watermark.js';
import { WorkerDatabase } from './worker-database.js';

const claim = {
  name: 'workers.claim',
  text: 'select * from specline.claim_shards($1, $2::interval, $3)',
};
const leave = {
  name: 'workers.leave',
  text: `with gone as (delete from specline.worker where worker_id = $1)
    update specline.checkpoint set owner = null, lease_until = '-infinity' where owner = $1`,
};
/** Milliseconds between two heartbeats: several of them may fail before a lease ends. */
const heartbeat = 1_500;
/** Milliseconds that a batch under way may still take when the process ends. */
const patience = 5_000;

/** Background work of one process: it takes part in moving the watermark, and runs its share of the subscriptions. */
@Injectable()
export class Workers implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly id = newId();
  private readonly log = new Logger('Workers');
  private readonly ending = new AbortController();
  private readonly runners = new Map<string, ShardRunner>();
  private beating: Promise<void> | undefined;

  constructor(
    private readonly watermark: Watermark,
    private readonly subscriptions: Subscriptions,
    private readonly checkpoints: Checkpoints,
    private readonly database: WorkerDatabase,
    private readonly foreground: Foreground,
  ) {}

  onApplicationBootstrap(): void {
    this.watermark.start(true);
    if (this.subscriptions.all().length > 0) this.beating = this.beat();
  }

  /** Finishes the batches under way, and lets other processes have the shards at once. */
  async onModuleDestroy(): Promise<void> {
    this.ending.abort();
    await this.beating;
    const ended = Promise.all([...this.runners.values()].map((runner) => runner.stop()));
    // A batch that does not end is cut off with the process: whoever takes over will do it again.
    await Promise.race([ended, setTimeout(patience, undefined, { ref: false })]);
    if (this.beating) await this.database.query(leave, [this.id]).catch(() => undefined);
    await this.watermark.stop();
  }

  private async beat(): Promise<void> {
    const { signal } = this.ending;
    let failing = false;
    while (!signal.aborted) {
      try {
        await this.claim();
        failing = false;
      } catch (error) {
        if (!failing) this.log.warn(`does not run its share: ${reasonOf(error)}`);
        failing = true;
      }
      await setTimeout(heartbeat, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Runs what the database says this process owns, and nothing else. */
  private async claim(): Promise<void> {
    const wanted = this.subscriptions.all().map(({ name, shards }) => ({ name, shards }));
    const moved = new Map([...this.runners].map(([key, { position }]) => [key, position]));
    const held = await this.database.query<Shard>(claim, [this.id, shardLease, JSON.stringify(wanted)]);
    const owned = new Map(held.map((shard) => [`${shard.subscription}/${shard.shard}`, shard]));
    // Where a runner stood is committed: a database that knows nothing of it was restored to an earlier time.
    const isBehind = (key: string) => (owned.get(key)?.position ?? 0) < (moved.get(key) ?? 0);
    const lost = [...this.runners].filter(([key, runner]) => !runner.worksOn(owned.get(key)) || isBehind(key));
    const ended = Promise.all(lost.map(([key, runner]) => runner.stop().then(() => this.runners.delete(key))));
    // One that cannot end its batch keeps only its own shard waiting, until a later heartbeat.
    await Promise.race([ended, setTimeout(100)]);
    if (this.ending.signal.aborted) return;
    const { watermark, checkpoints, database, foreground } = this;
    const tools = { watermark, checkpoints, database, foreground };
    for (const [key, shard] of owned) {
      const subscription = this.subscriptions.named(shard.subscription);
      if (subscription.shards === shard.shards && !this.runners.has(key))
        this.runners.set(key, new ShardRunner(subscription, shard, tools));
    }
    const changed = held.find((shard) => this.subscriptions.named(shard.subscription).shards !== shard.shards);
    if (changed)
      throw new Error(`${changed.subscription} has ${changed.shards} shards, and cannot have another number`);
  }
}
