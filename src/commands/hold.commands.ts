import { Key, Reason } from './fields.js';
import { Refuses } from './refuses.js';
import { SpecCommand } from './spec-command.js';

/** Who places a hold, and who erases what it would keep, rest on each other (ADR 18). */
export const erasureClaim = 'erasure';

/** Holds what there is of a spec, for a proceeding: nothing of it is erased or put away until the hold is released. */
@Refuses('already_exists', 'not_permitted')
export class PlaceHold extends SpecCommand {
  /**
   * What the hold is called; several can stand beside each other.
   * @example audit-2026
   */
  @Key(80)
  readonly holdKey!: string;

  /** @example "The regulator asked for everything about this change." */
  @Reason()
  readonly reason!: string;
}

/** Ends one hold; the others stay. Only a human can. */
@Refuses('not_permitted')
export class ReleaseHold extends SpecCommand {
  /**
   * The hold.
   * @example audit-2026
   */
  @Key(80)
  readonly holdKey!: string;

  /** @example "The proceeding is closed." */
  @Reason()
  readonly reason!: string;
}

export const holdCommands = {
  'spec.hold.place': PlaceHold,
  'spec.hold.release': ReleaseHold,
};
