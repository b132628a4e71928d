import { v5 as uuidv5 } from 'uuid';
import { changeKinds } from '../events/review.events.js';
import { bounds } from './bounds.js';
import { DomainCommand } from './command.js';
import {
  Example,
  Flag,
  Key,
  Keys,
  Line,
  ListOf,
  Nullable,
  OneOf,
  Optional,
  Reason,
  Sha256Text,
  Whole,
} from './fields.js';
import { Nested, SomeOf } from './policy-fields.js';
import { OwnershipField, RequirementField, ScopeField } from './policy-parts.commands.js';
import { Refuses } from './refuses.js';
import type { ComplianceDemand, PolicyRules } from './review-policy.js';
import { complianceDemands, reasonableTransitions } from './review-policy.js';

/** The stream of a policy of one organization: its id follows from both. */
export const policyStream = (organizationId: string, key: string): string =>
  uuidv5(`review-policy/${key}`, organizationId);

export abstract class PolicyCommand extends DomainCommand {
  /**
   * The policy.
   * @example security
   */
  @Key(80)
  readonly policyKey!: string;

  get streamId(): string {
    return policyStream(this.caller.organizationId, this.policyKey);
  }
}

/** Makes a policy, or its next version. Approvals keep the version and hash of the policy that they were judged by. */
@Refuses('not_permitted', 'policy_change_pending')
export class PutReviewPolicy extends PolicyCommand {
  /** @example "Security reviews what is risky" */
  @Line(bounds.title)
  readonly title!: string;

  @Optional()
  @Nested(() => ScopeField)
  readonly applies?: ScopeField;

  /**
   * Of several policies that apply the one with the highest priority judges; of equal ones the first by key.
   * @example 10
   */
  @Optional()
  @Whole(0, 1_000_000)
  readonly priority?: number;

  @ListOf(() => RequirementField, 20, 1)
  readonly requirements!: RequirementField[];

  @Optional()
  @ListOf(() => OwnershipField, 200)
  readonly sectionOwners?: OwnershipField[];

  /**
   * The kinds of change of a section that a vote outlives.
   * @example ["none","formatting_only","changelog_only","link_fix"]
   */
  @Optional()
  @SomeOf(changeKinds)
  readonly keepsVotes?: PolicyRules['keepsVotes'];

  /**
   * After how many days a vote counts no more; never by default.
   * @example null
   */
  @Optional()
  @Nullable()
  @Whole(1, 3650)
  readonly voteExpiresAfterDays?: number | null;

  /**
   * How many days after its submission a spec should be decided on: work lists say when that is.
   * @example 5
   */
  @Optional()
  @Nullable()
  @Whole(1, 3650)
  readonly dueAfterDays?: number | null;

  /**
   * Whether "approve with conditions" counts as an approval.
   * @example false
   */
  @Optional()
  @Flag()
  readonly conditionalApprovalsCount?: boolean;

  /**
   * Whether an open blocking thread of comments stands in the way; it does by default.
   * @example true
   */
  @Optional()
  @Flag()
  readonly blockOnOpenThreads?: boolean;

  /**
   * Whether every spec that it depends on must be approved.
   * @example false
   */
  @Optional()
  @Flag()
  readonly dependenciesApproved?: boolean;

  /**
   * What the last compliance report must say, about exactly this content and the rules as they are. Left out:
   * `compliant_or_waived` once the organization has published a rule pack, `none` before.
   * @example compliant_or_waived
   */
  @Optional()
  @OneOf(complianceDemands)
  readonly complianceVerdict?: ComplianceDemand;

  /**
   * Transitions that take a reason; most do anyway.
   * @example []
   */
  @Optional()
  @SomeOf(reasonableTransitions)
  readonly requireReasonFor?: PolicyRules['requireReasonFor'];

  /**
   * Whether a second administrator, a human member, must confirm every change of the organization's policies.
   * @example false
   */
  @Optional()
  @Flag()
  readonly changesNeedSecondAdmin?: boolean;

  /**
   * The groups whose members may approve by override.
   * @example []
   */
  @Optional()
  @Keys(20)
  readonly overrideGroups?: string[];

  /** @example "The audit asked for a second pair of eyes." */
  @Reason()
  readonly reason!: string;
}

/** Lets the change of a policy that somebody else proposed come into force. */
@Refuses('not_permitted', 'content_changed')
export class ConfirmPolicyChange extends PolicyCommand {
  /** The hash of the change that was read, as the policy shows it. */
  @Example('2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae')
  @Sha256Text()
  readonly hash!: string;
}

/** Takes back the change of a policy that is proposed. */
@Refuses('not_permitted')
export class DiscardPolicyChange extends PolicyCommand {
  /** @example "It would have locked everybody out." */
  @Reason()
  readonly reason!: string;
}

/** Ends a policy: it judges nothing more. What it has judged stays as it is. */
@Refuses('not_permitted', 'policy_change_pending')
export class RetireReviewPolicy extends PolicyCommand {
  /** @example "The security team reviews everything again." */
  @Reason()
  readonly reason!: string;
}

export const policyCommands = {
  'review.policy.put': PutReviewPolicy,
  'review.policy.confirm': ConfirmPolicyChange,
  'review.policy.discard': DiscardPolicyChange,
  'review.policy.retire': RetireReviewPolicy,
};
