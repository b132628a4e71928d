import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { Checkpoints } from './checkpoints.js';
import { reasonOf } from './delivery.js';
import type { Subscription } from './subscription.js';
import { isPassing } from './subscription.js';
import { Subscriptions } from './subscriptions.js';
import { WorkerDatabase } from './worker-database.js';

/** Which stream of which subscription. */
export type ParkedKey = { subscription: string; organizationId: string; streamId: string };

/** A stream that a subscription could not go on with: its events wait from the first version on. */
export type ParkedStream = ParkedKey & {
  firstVersion: number;
  lastVersion: number;
  events: number;
  /** What happened when the first of them was last tried. */
  error: string;
  parkedAt: string;
};

/** How far a replay came; `error` is why it ended before the last event. */
export type Replay = { replayed: number; left: number; error: string | null };

const letters = `from specline.dead_letter d
  where d.subscription = $1 and d.organization_id = $2 and d.stream_id = $3 and d.discarded_at is null`;
const list = {
  name: 'dead-letters.list',
  text: `select subscription, organization_id as "organizationId", stream_id as "streamId", min(version) as "firstVersion",
      max(version) as "lastVersion", count(*) as "events", (array_agg(error order by version))[1] as "error",
      to_char(min(parked_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "parkedAt"
    from specline.dead_letter where discarded_at is null and ($1::text is null or subscription = $1)
    group by subscription, organization_id, stream_id order by min(parked_at) limit $2`,
};
/** As a batch does: who holds this row is the only one to work on the stream. */
const lockShard = {
  name: 'dead-letters.lock',
  text: `select from specline.checkpoint
    where subscription = $1 and shard = get_byte(uuid_send($2::uuid), 15) % shards for update`,
};
const first = { name: 'dead-letters.first', text: `select d.version ${letters} order by d.version limit 1` };
const count = { name: 'dead-letters.count', text: `select count(*) as "left" ${letters}` };
const remove = {
  name: 'dead-letters.remove',
  text: `delete from specline.dead_letter
    where subscription = $1 and organization_id = $2 and stream_id = $3 and version = $4`,
};
const note = {
  name: 'dead-letters.note',
  text: `update specline.dead_letter set error = $4
    where subscription = $1 and organization_id = $2 and stream_id = $3 and version = (select min(d.version) ${letters})`,
};
const discard = {
  name: 'dead-letters.discard',
  text: `update specline.dead_letter d set discarded_at = clock_timestamp(), reason = $5
    where subscription = $1 and organization_id = $2 and stream_id = $3 and version <= $4 and discarded_at is null`,
};

/** What operators do about parked streams. Any process that has the subscription can do it. */
@Injectable()
export class DeadLetters {
  constructor(
    private readonly subscriptions: Subscriptions,
    private readonly checkpoints: Checkpoints,
    private readonly database: WorkerDatabase,
  ) {}

  /** Parked streams, the longest parked first; of one subscription or of all. */
  list(subscription?: string, limit = 1000): Promise<ParkedStream[]> {
    return this.database.query<ParkedStream>(list, [subscription ?? null, limit]);
  }

  /**
   * Hands the events of a parked stream to its subscription in order, each in a transaction of its own. Behind the last
   * of them the stream goes on like any other; the first that fails again ends the replay.
   * @throws Error when this program has no such subscription; what passes by itself, such as Unavailable
   */
  async replay(key: ParkedKey): Promise<Replay> {
    const subscription = this.subscriptions.named(key.subscription);
    for (let replayed = 0; ; replayed++) {
      let isDone: boolean;
      try {
        isDone = await this.database.transaction((client) => this.replayFirst(client, subscription, key));
      } catch (error) {
        if (isPassing(error)) throw error;
        await this.database.query(note, [...valuesOf(key), reasonOf(error)]);
        return { replayed, left: await this.left(key), error: reasonOf(error) };
      }
      if (isDone) return { replayed, left: 0, error: null };
    }
  }

  /**
   * Gives up a parked stream's events up to a version; what comes behind stays parked, or goes on when nothing does.
   * They stay written down with the reason.
   * @returns how many
   */
  async discard(key: ParkedKey, upToVersion: number, reason: string): Promise<number> {
    return this.database.transaction(async (client) => {
      await this.lock(client, key);
      const { rowCount } = await client.query({ ...discard, values: [...valuesOf(key), upToVersion, reason] });
      return rowCount ?? 0;
    });
  }

  /** @returns true when nothing is parked any longer */
  private async replayFirst(client: PoolClient, subscription: Subscription, key: ParkedKey): Promise<boolean> {
    await this.lock(client, key);
    const { rows } = await client.query<{ version: number }>({ ...first, values: valuesOf(key) });
    const [letter] = rows;
    if (!letter) return true;
    const event = await this.checkpoints.readOne(client, subscription, { ...key, version: letter.version });
    if (subscription.send) await subscription.send([event], AbortSignal.timeout(10_000));
    else await subscription.apply?.([event], client);
    await client.query({ ...remove, values: [...valuesOf(key), letter.version] });
    return false;
  }

  private async lock(client: PoolClient, { subscription, streamId }: ParkedKey): Promise<void> {
    await client.query({ ...lockShard, values: [subscription, streamId] });
  }

  private async left(key: ParkedKey): Promise<number> {
    const [row] = await this.database.query<{ left: number }>(count, valuesOf(key));
    return row?.left ?? 0;
  }
}

const valuesOf = ({ subscription, organizationId, streamId }: ParkedKey) => [subscription, organizationId, streamId];
