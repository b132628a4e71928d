import { Flag, Id, PathId, Reason, Sha256Text, Whole } from './fields.js';
import { SimulatedCommand } from './lifecycle.commands.js';
import { Refuses } from './refuses.js';

/**
 * Approves what is in review though its policy is not met: for an emergency, by somebody whom the policy trusts with it
 * and who did not write it. Somebody else has to review it afterwards.
 */
@Refuses('review_not_open', 'content_changed', 'guard_failed', 'not_permitted')
export class UseOverride extends SimulatedCommand {
  @Id()
  readonly overrideId!: string;

  /** The hash of the spec as it was read. */
  @Sha256Text()
  readonly contentHash!: string;

  /** @example "Payments are down, and the fix must go out tonight." */
  @Reason()
  readonly reason!: string;

  /**
   * For how many hours it stands without a review: after that the approval carries nothing until it is upheld.
   * @example 24
   */
  @Whole(1, 720)
  readonly expiresInHours!: number;
}

/** Says of an override whether it was right; only a human who did not use it can. */
@Refuses('guard_failed', 'not_permitted')
export class ReviewOverride extends SimulatedCommand {
  /**
   * The override.
   * @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b88
   */
  @PathId()
  readonly overrideId!: string;

  /**
   * `false`: the approval carries nothing from here on.
   * @example true
   */
  @Flag()
  readonly upheld!: boolean;

  /** @example "The outage was real, and the change does what it says." */
  @Reason()
  readonly conclusion!: string;
}

export const overrideCommands = {
  'spec.override.use': UseOverride,
  'spec.override.review': ReviewOverride,
};
