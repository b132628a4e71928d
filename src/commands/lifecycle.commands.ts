import { bounds } from './bounds.js';
import { Id, Line, ListOf, OneOf, Optional, Reason } from './fields.js';
import { Evidence } from './progress.commands.js';
import { Refuses } from './refuses.js';
import { SpecCommand } from './spec-command.js';

/** Where a spec can stand. `approved`, `in_implementation` and `implemented` are in force. */
export const lifecycles = [
  'draft',
  'in_review',
  'approved',
  'in_implementation',
  'implemented',
  'superseded',
  'deprecated',
  'archived',
  'deferred',
  'rejected',
  'withdrawn',
] as const;
export type Lifecycle = (typeof lifecycles)[number];

/** Can be tried without doing it. */
export abstract class SimulatedCommand extends SpecCommand {
  /**
   * `true`: the same verdict, with the trace of every guard, and nothing is changed.
   * @example "true"
   */
  @Optional()
  @OneOf(['true', 'false'])
  readonly simulate?: 'true' | 'false';

  override get simulates(): boolean {
    return this.simulate === 'true';
  }
}

/** From one state of the lifecycle to another: `transitions` (transitions.decider.ts) says from where to where. */
@Refuses('transition_not_allowed', 'guard_failed', 'not_permitted')
export abstract class TransitionCommand extends SimulatedCommand {}

/** A transition that nobody makes without saying why. */
export abstract class ReasonedTransition extends TransitionCommand {
  /**
   * One sentence or more; it stays in history.
   * @example "The risks of a shared search are not looked at yet."
   */
  @Reason()
  readonly reason!: string;
}

/** A transition that takes a reason, and needs one where the review policy asks for it. */
export abstract class ExplainableTransition extends TransitionCommand {
  /**
   * One sentence or more; it stays in history.
   * @example "The last open question is answered."
   */
  @Optional()
  @Reason()
  readonly reason?: string;
}

/** Asks for a review of the draft as it stands. */
export class SubmitSpec extends ExplainableTransition {}

/** Approves what the policy is met for. Only the system asks for it: mostly the vote that meets the policy does it. */
export class ApproveSpec extends TransitionCommand {}

/** Gives a spec that is in review back to its authors. */
export class ReturnSpec extends ReasonedTransition {}

/** Refuses a spec that is in review; of an approved spec, the amendment that is in review. */
export class RejectSpec extends ReasonedTransition {}

/** Puts a spec off for later. */
export class DeferSpec extends ReasonedTransition {}

/** Gives a spec up; of an approved spec, the amendment that is open. */
export class WithdrawSpec extends ReasonedTransition {}

/** Takes up again what was deferred, rejected or withdrawn, as a draft. */
export class ReopenSpec extends ReasonedTransition {}

/** Opens a new draft revision of an approved spec; the approved one stays in force beside it. */
export class AmendSpec extends ReasonedTransition {}

/** Says that what was approved is being built. */
export class StartImplementation extends ExplainableTransition {}

/** Where it can be seen that something was built, and of which phase. */
export class ImplementationEvidence extends Evidence {
  /**
   * The phase of the plan that it is about: its key, its title or its number.
   * @example "Phase 1"
   */
  @Optional()
  @Line(bounds.heading)
  readonly phase?: string;
}

/** Says that what was approved is built, every phase of its plan, and where that can be seen. */
export class CompleteImplementation extends ExplainableTransition {
  @ListOf(() => ImplementationEvidence, bounds.evidence, 1)
  readonly evidence!: ImplementationEvidence[];
}

/** Puts another approved spec, which says that it supersedes this one, in its place. */
export class SupersedeSpec extends ExplainableTransition {
  /**
   * The spec that takes its place.
   * @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b22
   */
  @Id()
  readonly successorId!: string;
}

/** Says that what was approved should not be relied on any more. */
export class DeprecateSpec extends ReasonedTransition {}

/** Puts away what is over. */
export class ArchiveSpec extends ReasonedTransition {}

/** One command a transition. */
export const lifecycleCommands = {
  'spec.lifecycle.submit': SubmitSpec,
  'spec.lifecycle.return': ReturnSpec,
  'spec.lifecycle.approve': ApproveSpec,
  'spec.lifecycle.reject': RejectSpec,
  'spec.lifecycle.defer': DeferSpec,
  'spec.lifecycle.withdraw': WithdrawSpec,
  'spec.lifecycle.reopen': ReopenSpec,
  'spec.lifecycle.amend': AmendSpec,
  'spec.lifecycle.start': StartImplementation,
  'spec.lifecycle.complete': CompleteImplementation,
  'spec.lifecycle.supersede': SupersedeSpec,
  'spec.lifecycle.deprecate': DeprecateSpec,
  'spec.lifecycle.archive': ArchiveSpec,
};
