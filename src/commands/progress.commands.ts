import { bounds } from './bounds.js';
import { Key, Line, ListOf, OneOf, Optional } from './fields.js';
import { Refuses } from './refuses.js';
import { SpecCommand } from './spec-command.js';

/** What shows that something was built. */
export const evidenceKinds = ['link', 'commit', 'test_run'] as const;
export type EvidenceKind = (typeof evidenceKinds)[number];

/** How far a phase of the plan is, as far as anybody has said. */
export const phaseStatuses = ['in_progress', 'done'] as const;
export type PhaseStatus = (typeof phaseStatuses)[number];

/** Where it can be seen that something was built. */
export class Evidence {
  /** @example commit */
  @OneOf(evidenceKinds)
  readonly kind!: EvidenceKind;

  /**
   * An address, a commit id, the name of a test run.
   * @example 5f2c1e9
   */
  @Line(bounds.reference)
  readonly reference!: string;
}

/** Says how far a phase of the plan in force is, and where that can be seen. It replaces what was said of it before. */
@Refuses('guard_failed')
export class RecordPhase extends SpecCommand {
  /**
   * The phase, by its key in the progress of the spec.
   * @example phase-1
   */
  @Key(100)
  readonly phaseKey!: string;

  /** @example in_progress */
  @OneOf(phaseStatuses)
  readonly status!: PhaseStatus;

  /** A phase that is done has some. */
  @Optional()
  @ListOf(() => Evidence, bounds.evidence)
  readonly evidence?: Evidence[];
}

export const progressCommands = {
  'spec.phase.record': RecordPhase,
};
