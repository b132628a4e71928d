import { Injectable } from '@nestjs/common';
import { EventSchemas } from '../../events/event-schemas.js';
import type { PoolClient } from 'pg';
import type { Statement } from './database.js';
import { eventColumns } from './event-store.js';
import type { RecordedEvent } from './history.js';
import { inPresentSchema } from './history.js';
import type { EventPosition, Subscription } from './subscription.js';
import { WorkerDatabase } from './worker-database.js';

/** A shard of a subscription as its owner holds it: what it moves is compared with the epoch. */
export type Shard = { subscription: string; shard: number; shards: number; position: number; epoch: number };

/** Somebody else owns the shard: what was done in the transaction is undone. */
export class Fenced extends Error {
  override readonly name = 'Fenced';
}

/** Events of a shard in order, and the final position up to which there are no others. */
export type Batch = { events: RecordedEvent[]; end: number };

const positionColumns = `organization_id as "organizationId", stream_id as "streamId", version, seq,
  event_id as "eventId", encode(hash, 'hex') as "hash"`;
/** Positions that one read looks through where some events are none of the reader's: it must come to its end. */
export const reach = 100_000;
/** The watermark is read in the statement that reads the events: what is seen up to it is whole. */
const readAfter = (columns: string, among: string) => `select w.position as "end", e.*
  from (select case when $5 then least(position, $1 + ${reach}) else position end as position
    from specline.watermark) w left join lateral (
    select ${columns} from specline.event
    where seq > $1 and seq <= w.position
      and ($3 = 1 or get_byte(uuid_send(stream_id), 15) % $3 = $4) and ($6::text[] is null or type = any ($6)) and ${among}
    order by seq limit $2) e on true`;
const readingOf = ({ name, reads, among }: Subscription): Statement => {
  const columns = reads === 'positions' ? positionColumns : eventColumns;
  return { name: `checkpoint.read.${name}`, text: readAfter(columns, among ?? 'true') };
};
const readOne = (columns: string) =>
  `select ${columns} from specline.event where organization_id = $1 and stream_id = $2 and version = $3`;
const readEvent = { name: 'checkpoint.read-event', text: readOne(eventColumns) };
const readPosition = { name: 'checkpoint.read-position', text: readOne(positionColumns) };
const move = {
  name: 'checkpoint.move',
  text: `update specline.checkpoint set position = $4, lease_until = greatest(lease_until, clock_timestamp() + $5::interval),
      error = null, failed_at = null
    where subscription = $1 and shard = $2 and epoch = $3 and position = $6
    returning exists (select from specline.dead_letter where subscription = $1 and discarded_at is null) as "parks"`,
};
const fail = {
  name: 'checkpoint.fail',
  text: `update specline.checkpoint set error = $4, failed_at = clock_timestamp()
    where subscription = $1 and shard = $2 and epoch = $3`,
};
const parked = {
  name: 'checkpoint.parked',
  text: `select distinct organization_id || '/' || stream_id as "stream" from specline.dead_letter
    where subscription = $1 and discarded_at is null
      and (organization_id, stream_id) in (select * from unnest($2::uuid[], $3::uuid[]))`,
};
const park = {
  name: 'checkpoint.park',
  text: `insert into specline.dead_letter (subscription, organization_id, stream_id, version, seq, error)
    select $1, * from unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[], $6::text[])
    on conflict (subscription, organization_id, stream_id, version)
      do update set error = excluded.error, parked_at = excluded.parked_at, discarded_at = null, reason = null`,
};

/** How long an owner keeps a shard without saying so again. */
export const shardLease = '6 seconds';

export const streamKey = ({ organizationId, streamId }: EventPosition): string => `${organizationId}/${streamId}`;

/** What a shard reads, and how its checkpoint moves. */
@Injectable()
export class Checkpoints {
  constructor(
    private readonly database: WorkerDatabase,
    private readonly schemas: EventSchemas,
  ) {}

  /**
   * What comes after a position, at most a batch of it, and nothing that is not final.
   * @throws UnknownEventSchema when a later program wrote some of it: a newer process has to go on from there
   */
  async read(subscription: Subscription, { shard, shards, position }: Shard): Promise<Batch> {
    const { batch, types, among, reads } = subscription;
    const isPicky = types !== undefined || among !== undefined;
    const values = [position, batch, shards, shard, isPicky, types ? [...types] : null];
    const rows = await this.database.query<RecordedEvent & { end: number }>(readingOf(subscription), values);
    const end = rows[0]?.end ?? position;
    const stored = rows.filter(({ seq }) => seq !== null);
    for (const event of stored) delete (event as { end?: number }).end;
    const events = reads === 'positions' ? stored : stored.map((event) => inPresentSchema(event, this.schemas));
    const last = events.at(-1);
    return { events, end: last && events.length >= batch ? last.seq : Math.max(end, position) };
  }

  /** One event, as the subscription reads events. */
  async readOne(
    client: PoolClient,
    { reads }: Subscription,
    { organizationId, streamId, version }: Pick<EventPosition, 'organizationId' | 'streamId' | 'version'>,
  ): Promise<RecordedEvent> {
    const statement = reads === 'positions' ? readPosition : readEvent;
    const { rows } = await client.query<RecordedEvent>({ ...statement, values: [organizationId, streamId, version] });
    if (!rows[0]) throw new Error(`there is no version ${version} of the stream ${streamId}`);
    return reads === 'positions' ? rows[0] : inPresentSchema(rows[0], this.schemas);
  }

  /**
   * Moves a checkpoint, and so locks it until the transaction ends.
   * @returns whether the subscription has parked streams
   * @throws Fenced when somebody else owns the shard
   */
  async move(client: PoolClient, { subscription, shard, epoch, position }: Shard, end: number): Promise<boolean> {
    const values = [subscription, shard, epoch, end, shardLease, position];
    const { rows } = await client.query<{ parks: boolean }>({ ...move, values });
    if (!rows[0]) throw new Fenced(`${subscription}/${shard} has another owner than that of epoch ${epoch}`);
    return rows[0].parks;
  }

  /** Which streams of these events are parked, by streamKey. */
  async parked(subscription: string, events: readonly EventPosition[], client?: PoolClient): Promise<Set<string>> {
    const streams = [...new Map(events.map((event) => [streamKey(event), event])).values()];
    const values = [subscription, streams.map((one) => one.organizationId), streams.map((one) => one.streamId)];
    const rows = client
      ? (await client.query<{ stream: string }>({ ...parked, values })).rows
      : await this.database.query<{ stream: string }>(parked, values);
    return new Set(rows.map(({ stream }) => stream));
  }

  /** Puts events aside, so that the rest can go on. */
  async park(client: PoolClient, subscription: string, events: readonly EventPosition[], error: string): Promise<void> {
    if (events.length === 0) return;
    const column = <K extends keyof EventPosition>(name: K) => events.map((event) => event[name]);
    const keys = [column('organizationId'), column('streamId'), column('version'), column('seq')];
    await client.query({ ...park, values: [subscription, ...keys, events.map(() => error)] });
  }

  /** Notes why a shard does not move. */
  async fail({ subscription, shard, epoch }: Shard, error: string): Promise<void> {
    await this.database.query(fail, [subscription, shard, epoch, error]);
  }
}
