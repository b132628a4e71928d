import { DomainCommand } from './command.js';
import { Id, OneOf, Optional, PathId } from './fields.js';
import { Refuses } from './refuses.js';
import { Time } from './time-field.js';
import { EventType } from './webhook-parts.commands.js';

export const deliveryStates = ['pending', 'in_flight', 'delivered', 'failed', 'skipped', 'cancelled'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** Asks something of one delivery: no stream decides on it. */
export abstract class DeliveryCommand extends DomainCommand {
  @PathId()
  readonly deliveryId!: string;

  get streamId(): string {
    return this.deliveryId;
  }
}

/** Sends a message again, as a delivery of its own, outside of any order. */
@Refuses('not_found')
export class ResendDelivery extends DeliveryCommand {}

/** Gives up a delivery that waits. One that is under way, or has ended, stays as it is. */
@Refuses('not_found')
export class CancelDelivery extends DeliveryCommand {}

/** Delivers again what an endpoint did not get, in the order of history. */
@Refuses('not_found', 'already_exists')
export class StartReplay extends DomainCommand {
  @PathId()
  readonly endpointId!: string;

  @Id()
  readonly replayId!: string;

  /**
   * Only deliveries that stand there; those that failed, were skipped or cancelled by default.
   * @example skipped
   */
  @Optional()
  @OneOf(['delivered', 'failed', 'skipped', 'cancelled'])
  readonly status?: DeliveryState;

  /**
   * Only these events: a name or a pattern.
   * @example spec.*
   */
  @Optional()
  @EventType()
  readonly type?: string;

  /** Only what is about this spec. */
  @Optional()
  @Id()
  readonly specId?: string;

  /**
   * Only what was first to be delivered from then on.
   * @example "2026-11-23T00:00:00Z"
   */
  @Optional()
  @Time()
  readonly since?: string;

  /**
   * And before then.
   * @example "2026-11-24T00:00:00Z"
   */
  @Optional()
  @Time()
  readonly until?: string;

  get streamId(): string {
    return this.replayId;
  }
}

/** Ends a replay: what it added stays. */
@Refuses('not_found')
export class CancelReplay extends DomainCommand {
  @PathId()
  readonly replayId!: string;

  get streamId(): string {
    return this.replayId;
  }
}
