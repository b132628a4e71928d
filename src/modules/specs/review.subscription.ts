import { hash } from 'node:crypto';
import type { OnModuleInit } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { stringify } from 'uuid';
import type { Caller } from '../../commands/command.js';
import { system } from '../../commands/command.js';
import { SuspectDependency } from '../../commands/dependency.commands.js';
import { ApproveSpec } from '../../commands/lifecycle.commands.js';
import type { RefusalCode } from '../../commands/refusals.js';
import { Refusal } from '../../commands/refusals.js';
import type { SpecCommand } from '../../commands/spec-command.js';
import type { SpecApproved } from '../../events/lifecycle.events.js';
import type { RecordedEvent } from '../event-store/history.js';
import { Subscription, Unavailable } from '../event-store/subscription.js';
import { Subscriptions } from '../event-store/subscriptions.js';
import { AffectedSpecs } from './affected-specs.queries.js';

/** Not the answer of a rule: the same may go through another time. */
const passing: readonly RefusalCode[] = ['write_contention', 'idempotency_key_in_flight', 'unavailable'];

/**
 * Asks in the system's name for what follows in one spec from what happened elsewhere. The rules decide: where one says
 * no, nothing is written. A command's id is made from the event's, so that it is done once, however often it is asked.
 */
@Injectable()
export class ReviewSubscription extends Subscription implements OnModuleInit {
  readonly name = 'reviews';
  override readonly batch = 100;
  override readonly pause = 100;
  override readonly types: ReadonlySet<string>;

  constructor(
    private readonly subscriptions: Subscriptions,
    private readonly commands: CommandBus,
    private readonly affected: AffectedSpecs,
  ) {
    super();
    this.types = affected.types;
  }

  onModuleInit(): void {
    this.subscriptions.register(this);
  }

  override async send(events: readonly RecordedEvent[], signal: AbortSignal): Promise<void> {
    for (const event of events) if (event.type === 'spec.lifecycle.approved') await this.suspect(event, signal);
    // A spec is judged by what is there: once for all that happened before.
    const last = new Map<string, RecordedEvent>();
    for (const event of events) for (const specId of await this.affected.reviews(event)) last.set(specId, event);
    for (const [specId, event] of last) {
      signal.throwIfAborted();
      await this.ask(Object.assign(new ApproveSpec(), { specId }), event);
    }
  }

  /** Whoever relied on the revision that was in force before has to look at the one that took its place. */
  private async suspect(event: RecordedEvent, signal: AbortSignal): Promise<void> {
    const { revision, contentHash } = event.payload as SpecApproved;
    if (revision === 1) return;
    const what = { relatedSpecId: event.streamId, revision, contentHash, approvedAt: event.recordedAt };
    for (const specId of await this.affected.dependents(event)) {
      signal.throwIfAborted();
      await this.ask(Object.assign(new SuspectDependency(), { specId, ...what }), event);
    }
  }

  private async ask(command: SpecCommand, event: RecordedEvent): Promise<void> {
    try {
      await this.commands.execute(command.from(callerFor(command, event)));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (passing.includes(error.code)) throw new Unavailable(error.message, { cause: error });
    }
  }
}

/** The system, because of an event: what comes of it is correlated with the request behind that. */
function callerFor(command: SpecCommand, { organizationId, eventId, metadata }: RecordedEvent): Caller {
  const digest = hash('sha256', `${eventId}\n${command.specId}\n${command.constructor.name}`, 'buffer');
  // A UUID of version 8 (RFC 9562).
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x80;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  const { correlationId: requestId, traceparent } = metadata;
  return {
    organizationId,
    actor: system,
    now: new Date(),
    requestId,
    ...(traceparent !== undefined && { traceparent }),
    idempotency: { commandId: stringify(digest), requestHash: digest.toString('hex') },
  };
}
