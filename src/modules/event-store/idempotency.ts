import { Injectable } from '@nestjs/common';
import type { Caller, Outcome } from '../../commands/command.js';
import { Refusal } from '../../commands/refusals.js';
import type { CommandRecord } from './event-store.js';
import { EventStore } from './event-store.js';

/** Thrown to leave a decision that was made before: it carries the first answer. */
class Replayed extends Error {
  constructor(readonly outcome: Outcome) {
    super('answered before');
  }
}

/**
 * Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): the first answer is stored in the transaction of its
 * events. Most requests never look it up: the append itself meets the earlier record. Only what would not reach the
 * append (a refusal, a stale If-Match, no change, a creation) looks first.
 */
@Injectable()
export class Idempotency {
  private readonly inFlight = new Set<string>();

  constructor(private readonly store: EventStore) {}

  async once(caller: Caller, run: () => Promise<Outcome>): Promise<Outcome> {
    if (!caller.idempotency) return run();
    const { commandId } = caller.idempotency;
    if (this.inFlight.has(commandId)) {
      throw new Refusal('idempotency_key_in_flight', 'Wait for its answer, or ask again in a second.', {
        retryAfter: 1,
      });
    }
    this.inFlight.add(commandId);
    try {
      return await run();
    } catch (error) {
      if (error instanceof Replayed) return error.outcome;
      const earlier = error instanceof Refusal ? await this.earlier(caller) : undefined;
      if (earlier) return earlier;
      throw error;
    } finally {
      this.inFlight.delete(commandId);
    }
  }

  /** Leaves the decision under way when this key was answered before. */
  async replayEarlier(caller: Caller): Promise<void> {
    const earlier = await this.earlier(caller);
    if (earlier) throw new Replayed(earlier);
  }

  /** The first answer again; refuses the same key with another request. */
  replay(caller: Caller, { response, seq, requestHash }: CommandRecord): Outcome {
    if (caller.idempotency && requestHash !== caller.idempotency.requestHash) {
      throw new Refusal('idempotency_key_reused', 'Use a new key for a new request: this one belongs to another.');
    }
    const { tag, ...receipt } = response as { tag: number | null; version: number };
    return { receipt: { ...receipt, seq: seq ?? 0 }, tag, replayed: true };
  }

  private async earlier(caller: Caller): Promise<Outcome | undefined> {
    if (!caller.idempotency) return undefined;
    const record = await this.store.commandRecord(caller.organizationId, caller.idempotency.commandId);
    return record && this.replay(caller, record);
  }
}
