import type { Type } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import { newId } from '../../commands/ids.js';
import type { Caller, DomainCommand, Facts, Outcome } from '../../commands/command.js';
import { Refusal } from '../../commands/refusals.js';
import { eventSchemas } from '../../events/event-schemas.js';
import { isPast, staleSince } from './concurrency.js';
import type { Catalog, Decider, EventOf, Projection } from './decider.js';
import { decide, evolve, wireNames } from './decider.js';
import type { Stream } from './event-store.js';
import { EventStore } from './event-store.js';
import type { ChainedEvent } from './append-call.js';
import { chainHash, genesisHash, stateEvent } from './history.js';
import { Idempotency } from './idempotency.js';
import type { RowChange } from './projection-tables.js';
import type { Head } from './streams.js';
import { Streams } from './streams.js';

/** Gathers what a rule must know from outside its stream; asked anew each time the rule is. */
export type FactsSource = {
  /** @param soFar what earlier commands of the same request came to: not yet in any table */
  gather(command: DomainCommand, version: number, soFar: readonly { data: object }[]): Promise<Facts>;
};

/** What a decision has come to so far: the state after its events, and what will be appended. */
type Draft<S, E extends Catalog> = {
  head: Head<S>;
  state: S;
  hash: string;
  decided: EventOf<E>[];
  events: ChainedEvent[];
  recordedAt: string;
  rows: RowChange[];
};

/** How often one command is decided anew after losing to writers of other processes. */
const attempts = 10;

/** Load -> fold -> gather facts -> decide -> append: the same way for every command of every stream type. */
export function DeciderHandler<S, C extends Catalog, E extends Catalog>(
  decider: Decider<S, C, E>,
  project: Projection<S, E>,
  factsSource: Type<FactsSource>,
): Type<{ execute(command: DomainCommand): Promise<Outcome> }> {
  const names = wireNames(decider.commands);
  const streamOf = ({ caller, streamId }: DomainCommand): Stream => {
    return { organizationId: caller.organizationId, type: decider.streamType, id: streamId };
  };
  /** Streams are cached by organization, type and id: an id alone, learned elsewhere, must open nothing. */
  const keyOf = ({ caller, streamId }: DomainCommand): string =>
    `${caller.organizationId}/${decider.streamType}/${streamId}`;

  @Injectable()
  class Handler {
    constructor(
      @Inject(EventStore) private readonly store: EventStore,
      @Inject(Streams) private readonly streams: Streams,
      @Inject(Idempotency) private readonly idempotency: Idempotency,
      @Inject(factsSource) private readonly facts: FactsSource,
    ) {}

    execute(command: DomainCommand): Promise<Outcome> {
      return this.idempotency.once(command.caller, () =>
        this.streams.inTurn(keyOf(command), () => this.perform(command)),
      );
    }

    private async perform(command: DomainCommand): Promise<Outcome> {
      for (let attempt = 1; attempt <= attempts; attempt++) {
        const cached = this.streams.head<S>(keyOf(command));
        const head = cached ?? (await this.load(command));
        try {
          const outcome = await this.attempt(command, head, cached !== undefined);
          if (outcome) return outcome;
        } catch (error) {
          // A refusal is not compared with the stream's version by an append: what it rests on is made sure of here.
          if (!cached || !(error instanceof Refusal) || (await this.isCurrent(command, head))) throw error;
        }
        this.streams.forget(keyOf(command));
      }
      throw new Refusal('write_contention', `Other writers won ${attempts} times in a row; try again.`, {
        retryAfter: 1,
      });
    }

    private async isCurrent(command: DomainCommand, head: Head<S>): Promise<boolean> {
      return (await this.store.version(streamOf(command))) === head.version;
    }

    /** The outcome, or nothing when another process wrote to the stream since it was read. */
    private async attempt(command: DomainCommand, head: Head<S>, isGuess: boolean): Promise<Outcome | undefined> {
      const { caller } = command;
      // If-Match is sent to change what is there: nothing comes into being by it.
      if (head.version === 0 && caller.ifMatch !== undefined) throw new Refusal('not_found', 'There is no such thing.');
      await this.checkPrecondition(command, head);
      if (head.version === 0) await this.idempotency.replayEarlier(caller);

      const draft = await this.decide(command, head);
      const { state, decided, events, rows } = draft;
      if (decided.length === 0) {
        await this.idempotency.replayEarlier(caller);
        if (isGuess && !(await this.isCurrent(command, head))) return undefined;
      }

      const version = head.version + events.length;
      const response = { ...decider.receipt(state, decided, command.streamId), version };
      const outcome = (seq: number): Outcome => {
        return { receipt: { ...response, seq }, tag: decider.tag(state, version, command), replayed: false };
      };
      if (events.length === 0 && !caller.idempotency) return outcome(head.seq);

      const verdict = await this.store.append({
        organizationId: caller.organizationId,
        streamId: command.streamId,
        streamType: decider.streamType,
        expected: head.version,
        commandId: commandIdOf(command),
        requestHash: caller.idempotency?.requestHash ?? null,
        response: { ...response, tag: decider.tag(state, version, command) },
        events,
        rows,
      });
      if (verdict.status === 'conflict') return undefined;
      if (verdict.status === 'duplicate') return this.idempotency.replay(caller, verdict);
      const seq = verdict.seq ?? head.seq;
      if (events.length > 0) {
        this.keep(command, { state, version, seq, hash: draft.hash, recordedAt: draft.recordedAt });
      }
      return outcome(seq);
    }

    /** Each step is decided on what the ones before it came to. */
    private async decide(command: DomainCommand, head: Head<S>): Promise<Draft<S, E>> {
      const { state, hash, recordedAt } = head;
      const draft: Draft<S, E> = { head, state, hash, recordedAt, decided: [], events: [], rows: [] };
      for (const step of command.steps) {
        const asked = step.from(command.caller);
        Object.assign(asked, { facts: await this.facts.gather(asked, head.version, draft.decided) });
        for (const event of decide(decider, names, draft.state, asked)) this.write(draft, event, command);
      }
      return draft;
    }

    private keep(command: DomainCommand, head: Head<S>): void {
      this.streams.keep(keyOf(command), head, decider.bytes(head.state));
    }

    private async checkPrecondition(command: DomainCommand, head: Head<S>): Promise<void> {
      const tag = decider.tag(head.state, head.version, command);
      const since = staleSince(command.caller.ifMatch, tag, head.version);
      if (since === undefined || (command.merges && isPast(command.caller.ifMatch, head.version))) return;
      const changes = await this.store.read(streamOf(command), since, head.version, 1000);
      const touching = changes.filter(({ type, payload }) =>
        decider.touches({ type, data: payload } as EventOf<E>, command),
      );
      throw new Refusal('stale_version', `It is at ${tag} now; read it again, or send If-Match: * to overwrite.`, {
        currentETag: `"${tag}"`,
        changes: touching.slice(-100).map(({ version, type, recordedAt, metadata }) => {
          return { version, type, recordedAt, actor: metadata.actor };
        }),
      });
    }

    private async load(command: DomainCommand): Promise<Head<S>> {
      const history = await this.store.read(streamOf(command));
      const start: Head<S> = { state: decider.initial, version: 0, seq: 0, hash: genesisHash, recordedAt: '' };
      const head = history.reduce((before, recorded) => {
        const { type, payload, version, seq, hash, recordedAt } = recorded;
        const event = { type, data: payload } as EventOf<E>;
        const context = { ...recorded, at: recordedAt, actor: recorded.metadata.actor };
        return { state: evolve(decider, before.state, event, context), version, seq, hash, recordedAt };
      }, start);
      if (head.version > 0) this.keep(command, head);
      return head;
    }

    /** Adds an event to what will be appended: folded, projected, hashed onto the chain. */
    private write(draft: Draft<S, E>, event: EventOf<E>, command: DomainCommand): void {
      const { organizationId, actor, now } = command.caller;
      const time = now.toISOString();
      // Time never runs backwards within a stream, whatever the clocks of its writers say.
      draft.recordedAt = time > draft.head.recordedAt ? time : draft.head.recordedAt;
      const at = { organizationId, streamId: command.streamId, version: draft.head.version + draft.events.length + 1 };
      const context = { ...at, at: draft.recordedAt, actor };
      const statement = stateEvent({
        ...at,
        eventId: newId(),
        type: event.type,
        schemaVersion: eventSchemas.versionOf(event.type),
        payload: event.data,
        metadata: metadataOf(command, names),
        commandId: commandIdOf(command),
        recordedAt: draft.recordedAt,
      });
      const previousHash = draft.hash;
      draft.hash = chainHash(previousHash, statement);
      draft.state = evolve(decider, draft.state, event, context);
      draft.decided.push(event);
      draft.events.push({ statement, previousHash, hash: draft.hash });
      draft.rows.push(...project(draft.state, event, context));
    }
  }
  return Handler;
}

const commandIds = new WeakMap<Caller, string>();

/** One id a request, the same on every attempt: a write whose answer got lost is recognised when it is sent again. */
function commandIdOf({ caller }: DomainCommand): string {
  if (caller.idempotency) return caller.idempotency.commandId;
  const id = commandIds.get(caller) ?? newId();
  commandIds.set(caller, id);
  return id;
}

function metadataOf(command: DomainCommand, names: ReadonlyMap<unknown, string>) {
  const { actor, requestId, traceparent } = command.caller;
  const name = names.get(command.constructor) ?? command.steps.map((step) => names.get(step.constructor)).join(' ');
  return { actor, command: name, correlationId: requestId, ...(traceparent && { traceparent }) };
}
