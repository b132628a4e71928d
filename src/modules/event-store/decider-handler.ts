import type { Type } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import type { Caller, DomainCommand, Outcome } from '../../commands/command.js';
import { Refusal } from '../../commands/refusals.js';
import { EventSchemas } from '../../events/event-schemas.js';
import { personalFields } from '../../events/personal.js';
import { isPast, staleSince } from './concurrency.js';
import type { Catalog, Decider, EventOf, Projection } from './decider.js';
import { decide, evolve, wireNames } from './decider.js';
import type { Stream } from './event-store.js';
import { EventStore } from './event-store.js';
import type { ChainedEvent } from './append-call.js';
import { AppendQueue } from './append-queue.js';
import type { ChainEnd } from './chain.js';
import { beginning, chainOn } from './chain.js';
import type { Claim } from './claims.js';
import { claimOf, Claims } from './claims.js';
import { commandIdOf, metadataOf } from './command-record.js';
import type { FactsSource } from './facts-source.js';
import { Idempotency } from './idempotency.js';
import { PersonalData } from './personal-data.js';
import type { RowChange } from './projection-tables.js';
import { Snapshots } from './snapshots.js';
import type { Head } from './streams.js';
import { folded, cacheKey, Streams } from './streams.js';

/** What a decision has come to so far: the state after its events, and what will be appended. */
type Draft<S, E extends Catalog> = {
  state: S;
  end: ChainEnd;
  decided: EventOf<E>[];
  events: ChainedEvent[];
  rows: RowChange[];
  claim?: Claim;
};

/** How often one command is decided anew after losing to writers of other processes. */
const attempts = 30;

/** Load -> fold -> gather facts -> decide -> append: the same way for every command of every stream type. */
export function DeciderHandler<S, C extends Catalog, E extends Catalog>(
  decider: Decider<S, C, E>,
  project: Projection<S, E>,
  factsSource: Type<FactsSource>,
): Type<{ execute(command: DomainCommand): Promise<Outcome> }> {
  const names = wireNames(decider.commands);
  const origin: Head<S> = { ...beginning, state: decider.initial, seq: 0, snapshot: 0 };
  const streamOf = ({ caller, streamId }: DomainCommand): Stream => {
    return { organizationId: caller.organizationId, type: decider.streamType, id: streamId };
  };

  @Injectable()
  class Handler {
    constructor(
      @Inject(EventStore) private readonly store: EventStore,
      @Inject(AppendQueue) private readonly queue: AppendQueue,
      @Inject(Snapshots) private readonly snapshots: Snapshots,
      @Inject(Streams) private readonly streams: Streams,
      @Inject(Idempotency) private readonly idempotency: Idempotency,
      @Inject(PersonalData) private readonly personal: PersonalData,
      @Inject(EventSchemas) private readonly schemas: EventSchemas,
      @Inject(factsSource) private readonly facts: FactsSource,
      @Inject(Claims) private readonly claims: Claims,
    ) {}

    execute(command: DomainCommand): Promise<Outcome> {
      // Made once: to hash so long a text for each look into a map costs as much as the look.
      const key = cacheKey(streamOf(command));
      const inTurn = () => this.streams.inTurn(key, () => this.perform(command, key));
      return command.simulates ? inTurn() : this.idempotency.once(command.caller, inTurn);
    }

    /** Those with one claim take turns as well: whoever waits for it holds nothing that the others need. */
    private perform(command: DomainCommand, key: string): Promise<Outcome> {
      const claim = claimOf(this.facts, command);
      if (claim === undefined) return this.settle(command, key);
      return this.streams.inTurn(`${command.caller.organizationId}/claim/${claim}`, () => this.settle(command, key));
    }

    private async settle(command: DomainCommand, key: string): Promise<Outcome> {
      const cached = this.streams.head<S>(key);
      let head = cached ?? (await this.load(command, key));
      let isGuess = cached !== undefined;
      for (let attempt = 1; attempt <= attempts; attempt++) {
        try {
          const outcome = await this.attempt(command, key, head, isGuess);
          if (outcome) return outcome;
        } catch (error) {
          // A refusal is not compared with the stream's version by an append: what it rests on is made sure of here.
          if (!(error instanceof Refusal)) throw error;
          if (!isGuess || (await this.isCurrent(command, head))) {
            throw await this.personal.revealRefusal(command.caller.organizationId, error, command);
          }
        }
        head = await this.load(command, key, head);
        isGuess = false;
      }
      throw new Refusal('write_contention', `Other writers won ${attempts} times in a row; try again.`, {
        retryAfter: 1,
      });
    }

    private isCurrent(command: DomainCommand, head: Head<S>): Promise<boolean> {
      return this.store.endsAt(streamOf(command), head);
    }

    /** The outcome, or nothing when another process wrote to the stream since it was read. */
    private async attempt(command: DomainCommand, key: string, head: Head<S>, isGuess: boolean) {
      const { caller } = command;
      // If-Match is sent to change what is there: nothing comes into being by it.
      if (head.version === 0 && caller.ifMatch !== undefined) throw new Refusal('not_found', 'There is no such thing.');
      const stale = this.missedSince(command, head);
      if (stale !== undefined) await this.refuseStale(command, head, stale);
      if (command.simulates) return this.simulate(command, head, isGuess);
      if (head.version === 0) await this.idempotency.replayEarlier(caller);

      const { state, end, decided, events, rows, claim } = await this.decide(command, head);
      if (decided.length === 0) {
        await this.idempotency.replayEarlier(caller);
        if (isGuess && !(await this.isCurrent(command, head))) return undefined;
      }

      // On the way of every write: to spread an object and add to it takes the runtime fifty times as long.
      const { version, hash, recordedAt } = end;
      const receipt = Object.assign(decider.receipt(state, decided, command.streamId), { version });
      const tag = decider.tag(state, version, command);
      const outcome = (seq: number) => ({ receipt: Object.assign({}, receipt, { seq }), tag, replayed: false });
      if (events.length === 0 && !caller.idempotency) return outcome(head.seq);

      const verdict = await this.queue.append({
        organizationId: caller.organizationId,
        streamId: command.streamId,
        streamType: decider.streamType,
        expected: head.version,
        commandId: commandIdOf(command),
        requestHash: caller.idempotency?.requestHash ?? null,
        response: Object.assign({}, receipt, { tag }),
        events,
        rows,
        ...(events.length > 0 && claim && { claim }),
      });
      if (verdict.status === 'conflict') return undefined;
      if (verdict.status === 'duplicate') return this.idempotency.replay(caller, verdict);
      const seq = verdict.seq ?? head.seq;
      if (events.length > 0)
        this.keep(command, key, { version, hash, recordedAt, state, seq, snapshot: head.snapshot });
      return outcome(seq);
    }

    /** The verdict, whichever it is, as the answer; what cannot be found has none. */
    private async simulate(command: DomainCommand, head: Head<S>, isGuess: boolean): Promise<Outcome | undefined> {
      const { state, version, seq } = head;
      const decided = await this.decide(command, head).then(
        (draft) => draft.decided,
        (error: unknown) => {
          if (error instanceof Refusal && error.code !== 'not_found') return error;
          throw error;
        },
      );
      if (isGuess && !(await this.isCurrent(command, head))) return undefined;
      const simulation = decider.verdict?.(state, command, decided);
      const receipt = { ...decider.receipt(state, [], command.streamId), simulation, version, seq };
      return { receipt, tag: decider.tag(state, version, command), replayed: false, simulated: true };
    }

    /** Each step is decided on what the ones before it came to. */
    private async decide(command: DomainCommand, head: Head<S>): Promise<Draft<S, E>> {
      const draft: Draft<S, E> = { state: head.state, end: head, decided: [], events: [], rows: [] };
      const name = claimOf(this.facts, command);
      if (name && !command.simulates) draft.claim = await this.claims.read(command.caller.organizationId, name);
      for (const step of command.steps) {
        const asked = (await this.withoutNames(step, command.caller)).from(command.caller);
        const facts = await this.facts.gather(asked, head.version, draft.decided, draft.state);
        Object.assign(asked, { facts });
        for (const event of decide(decider, names, draft.state, asked)) this.write(draft, event, command);
      }
      return draft;
    }

    /** Rules and history see tokens where a person is named. Most commands name nobody. */
    private withoutNames(step: DomainCommand, { organizationId }: Caller): DomainCommand | Promise<DomainCommand> {
      const names = personalFields(step.constructor as Type<DomainCommand>);
      // To protect a name can make a key for it, and a simulation leaves nothing behind.
      return names.length === 0 || step.simulates ? step : this.personal.protect(organizationId, step);
    }

    private keep(command: DomainCommand, key: string, head: Head<S>): void {
      const kept = this.snapshots.consider(streamOf(command), head);
      this.streams.keep(key, kept, decider.bytes(head.state));
    }

    /** The version since which a stale If-Match has missed changes; nothing when the write may go on. */
    private missedSince(command: DomainCommand, { state, version }: Head<S>): number | undefined {
      const { ifMatch } = command.caller;
      const since = staleSince(ifMatch, decider.tag(state, version, command), version);
      return command.merges && isPast(ifMatch, version) ? undefined : since;
    }

    private async refuseStale(command: DomainCommand, head: Head<S>, since: number): Promise<never> {
      const tag = decider.tag(head.state, head.version, command);
      const changes = await this.store.read(streamOf(command), since, head.version, 1000);
      const touching = changes.filter(({ type, payload }) =>
        decider.touches({ type, data: payload } as EventOf<E>, command),
      );
      const shown = await this.personal.revealEvents(command.caller.organizationId, touching.slice(-100));
      throw new Refusal('stale_version', `It is at ${tag} now; read it again, or send If-Match: * to overwrite.`, {
        currentETag: `"${tag}"`,
        changes: shown.map(({ version, type, recordedAt, metadata }) => {
          return { version, type, recordedAt, actor: metadata.actor };
        }),
      });
    }

    /** The stream as it is: what was known of it, or its snapshot, or nothing, and every event after that. */
    private async load(command: DomainCommand, key: string, known?: Head<S>): Promise<Head<S>> {
      const stream = streamOf(command);
      const start = known ?? (await this.snapshots.read<S>(stream)) ?? origin;
      const head = (await this.follow(stream, start)) ?? (await this.follow(stream, origin)) ?? origin;
      if (head.version > 0) this.keep(command, key, head);
      return head;
    }

    /** Folds what came after; nothing when the history here is not the one that the start was folded from. */
    private async follow(stream: Stream, start: Head<S>): Promise<Head<S> | undefined> {
      const history = await this.store.read(stream, Math.max(0, start.version - 1));
      if (start.version > 0 && history.shift()?.hash !== start.hash) return undefined;
      return history.reduce((before, recorded) => folded(decider, before, recorded), start);
    }

    /** Adds an event to what will be appended: chained, folded, projected. */
    private write(draft: Draft<S, E>, event: EventOf<E>, command: DomainCommand): void {
      const { caller, streamId } = command;
      const { organizationId, actor } = caller;
      const place = { organizationId, streamId, commandId: commandIdOf(command), now: caller.now.toISOString() };
      const { event: chained, end } = chainOn(draft.end, place, {
        type: event.type,
        schemaVersion: this.schemas.versionOf(event.type),
        payload: event.data,
        metadata: metadataOf(command, names),
      });
      const context = { organizationId, streamId, version: end.version, at: end.recordedAt, actor };
      draft.end = end;
      draft.state = evolve(decider, draft.state, event, context);
      draft.decided.push(event);
      draft.events.push(chained);
      draft.rows.push(...project(draft.state, event, context));
    }
  }
  return Handler;
}
