import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { ChainEnd } from './chain.js';
import type { Catalog, Decider, EventOf } from './decider.js';
import { eventContext, evolve } from './decider.js';
import type { Stream } from './event-store.js';
import type { RecordedEvent } from './history.js';

/** Where a stream ends, and the state folded up to there. */
export type Head<State> = ChainEnd & {
  state: State;
  /** The position of its last event. */
  seq: number;
  /** The version of its last snapshot; 0 before the first. */
  snapshot: number;
};

/** Streams are cached by organization, type and id: an id alone, learned elsewhere, must open nothing. */
export const cacheKey = ({ organizationId, type, id }: Stream): string => `${organizationId}/${type}/${id}`;

/** Where a stream ends after one more of its events. */
export function folded<S, C extends Catalog, E extends Catalog>(
  decider: Decider<S, C, E>,
  { state: before, snapshot }: Head<S>,
  recorded: RecordedEvent,
): Head<S> {
  const { type, payload, version, seq, hash, recordedAt } = recorded;
  const state = evolve(decider, before, { type, data: payload } as EventOf<E>, eventContext(recorded));
  return { state, version, seq, hash, recordedAt, snapshot };
}

/**
 * Folded states of streams in use, bounded by bytes, as each stream type estimates them, and one queue a stream. A cached
 * state is only ever a guess: the append compares the version it was decided on, so another process can make it useless
 * but not wrong.
 */
@Injectable()
export class Streams {
  private readonly heads = new LRUCache<string, Head<unknown>>({
    maxSize: 128 * 1024 * 1024,
  });
  private readonly queues = new Map<string, Promise<unknown>>();

  head<State>(key: string): Head<State> | undefined {
    return this.heads.get(key) as Head<State> | undefined;
  }

  keep<State>(key: string, head: Head<State>, bytes: number): void {
    this.heads.set(key, head, { size: bytes });
  }

  forget(key: string): void {
    this.heads.delete(key);
  }

  /** Runs the tasks of one stream one after another, so that writers of this process do not lose races to each other. */
  inTurn<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.queues.get(key);
    const turn = before ? before.then(task, task) : task();
    this.queues.set(key, turn);
    const done = () => {
      if (this.queues.get(key) === turn) this.queues.delete(key);
    };
    turn.then(done, done);
    return turn;
  }
}
