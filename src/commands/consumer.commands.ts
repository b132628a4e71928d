import { DomainCommand } from './command.js';
import { Key, Optional, Whole } from './fields.js';
import { Refuses } from './refuses.js';

/** Says something of a consumer of events; how far consumers are is no part of history. */
export abstract class ConsumerCommand extends DomainCommand {
  /** @example ci */
  @Key(80)
  readonly consumerKey!: string;

  get streamId(): string {
    return this.caller.organizationId;
  }
}

/** A consumer, where it begins, or where it is to go on from. */
export class PutConsumer extends ConsumerCommand {
  /**
   * Events after this position come next; 0, the beginning of history, by default.
   * @example 0
   */
  @Optional()
  @Whole(0, Number.MAX_SAFE_INTEGER)
  readonly position?: number;
}

/** Everything up to a position is dealt with. */
@Refuses('not_found', 'content_changed')
export class CommitPosition extends ConsumerCommand {
  /**
   * The position of the last event that was dealt with, or `next` of the page.
   * @example 1
   */
  @Whole(0, Number.MAX_SAFE_INTEGER)
  readonly position!: number;

  /**
   * Where the consumer stood when it was read: two that work as one consumer do not overtake each other by it.
   * @example 0
   */
  @Optional()
  @Whole(0, Number.MAX_SAFE_INTEGER)
  readonly after?: number;
}

/** The consumer is no more; nothing of history goes with it. */
@Refuses('not_found')
export class RemoveConsumer extends ConsumerCommand {}
