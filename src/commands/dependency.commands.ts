import { Id, PathId, Reason, Sha256Text, Whole } from './fields.js';
import { Refuses } from './refuses.js';
import { SpecCommand } from './spec-command.js';
import { Time } from './time-field.js';

/**
 * A spec that this one depends on has a new approved revision: what was written against the one before may not hold any
 * more. Only the system says so.
 */
export class SuspectDependency extends SpecCommand {
  @Id()
  readonly relatedSpecId!: string;

  /** The approved revision of the other spec. */
  @Whole(1, 1_000_000_000)
  readonly revision!: number;

  /** The hash of what was approved. */
  @Sha256Text()
  readonly contentHash!: string;

  @Time()
  readonly approvedAt!: string;
}

/** Says that what this spec says still holds with the new revision of one that it depends on. */
@Refuses('content_changed')
export class ConfirmDependency extends SpecCommand {
  /**
   * The spec that it depends on.
   * @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b22
   */
  @PathId()
  readonly relatedSpecId!: string;

  /**
   * The revision of the other spec that was read.
   * @example 2
   */
  @Whole(1, 1_000_000_000)
  readonly revision!: number;

  /** @example "Reviewed: the new limit is above ours, all of it still holds." */
  @Reason()
  readonly conclusion!: string;
}

export const dependencyCommands = {
  'spec.dependency.suspect': SuspectDependency,
  'spec.dependency.confirm': ConfirmDependency,
};
