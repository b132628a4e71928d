import type { PolicyRules } from '../commands/review-policy.js';
import { SchemaVersion } from './schema-version.js';

/** From version 2 on, rules may say `complianceVerdict`. A change that a second administrator has to confirm. `rules` are null where the policy would end. */
@SchemaVersion(2)
export class PolicyChangeProposed {
  readonly policyKey!: string;
  readonly rules!: PolicyRules | null;
  /** SHA-256 over what would come into force: what is confirmed. */
  readonly hash!: string;
  readonly reason!: string;
}

/** From version 2 on, rules may say `complianceVerdict`. A version that judges from here on. `confirmedBy` is null where nobody had to. */
@SchemaVersion(2)
export class PolicyPublished {
  readonly policyKey!: string;
  readonly version!: number;
  readonly hash!: string;
  readonly rules!: PolicyRules;
  readonly reason!: string;
  readonly proposedBy!: string;
  readonly confirmedBy!: string | null;
}

export class PolicyChangeDiscarded {
  readonly policyKey!: string;
  readonly reason!: string;
}

export class PolicyRetired {
  readonly policyKey!: string;
  readonly reason!: string;
  readonly proposedBy!: string;
  readonly confirmedBy!: string | null;
}

/** Storage format: stored forever, changed only by adding. */
export const policyEvents = {
  'review.policy.proposed': PolicyChangeProposed,
  'review.policy.published': PolicyPublished,
  'review.policy.discarded': PolicyChangeDiscarded,
  'review.policy.retired': PolicyRetired,
};
