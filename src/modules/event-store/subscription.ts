import type { PoolClient } from 'pg';
import type { RecordedEvent } from './history.js';

/** An event without what it says: where it stands, and its hash. */
export type EventPosition = Pick<RecordedEvent, 'organizationId' | 'streamId' | 'version' | 'seq' | 'eventId' | 'hash'>;

/**
 * Somebody who is told what happened, in the order of history, from its first event on. A feature's
 * `x.subscription.ts` extends this, says either `apply` or `send`, and registers itself with Subscriptions in
 * onModuleInit. What cannot be handled parks its stream (dead-letters.ts): nothing is ever skipped.
 */
export abstract class Subscription<E extends EventPosition = RecordedEvent> {
  /** Names the checkpoint: never changed. */
  abstract readonly name: string;
  /** The work is shared between processes by stream, in so many parts: never changed either. */
  readonly shards: number = 1;
  /** How many events it takes at once, at most. */
  readonly batch: number = 500;
  /** Milliseconds in which events may gather between two batches. */
  readonly pause: number = 0;
  /** Gives way to requests: while this process is busy it rests far longer than it works, and so falls behind. */
  readonly givesWay: boolean = false;
  /** Only events of these types; all of them without it. */
  readonly types?: ReadonlySet<string>;
  /** Only events for which this holds, a condition on their columns in which $1 is the position it reads after. */
  readonly among?: string;
  /** `positions` spares reading what the events say. */
  readonly reads: 'events' | 'positions' = 'events';

  /** Effects in this database, in the transaction that moves the checkpoint: exactly once. */
  apply?(events: readonly E[], client: PoolClient): Promise<void>;
  /**
   * Effects elsewhere, before the checkpoint moves: at least once. The signal aborts when the process ends or has lost
   * the shard.
   * @throws Unavailable when it is the destination that failed, and not an event
   */
  send?(events: readonly E[], signal: AbortSignal): Promise<void>;
}

/** The destination cannot be reached: no event is to blame, so none is parked, and all of them are tried again. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

/** PostgreSQL's classes of errors that are about the server, the connection, the schema or other transactions. */
const notOfAnEvent = /^(08|25006|40|42|53|55|57P|58|XX00[12])/;
const ofConnections = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)/;

/** Whether trying the same again can help without anything being wrong with an event. */
export function isPassing(error: unknown): boolean {
  if (error instanceof Unavailable) return true;
  const { code, message } = error as { code?: unknown; message?: string };
  if (typeof code === 'string' && (notOfAnEvent.test(code) || ofConnections.test(code))) return true;
  return /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/.test(
    message ?? '',
  );
}
