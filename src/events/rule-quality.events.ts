import type { FindingPosition } from '../commands/rule-quality.commands.js';

/** By the actor of the event; takes the place of what they said of the same finding before. */
export class FindingMarked {
  readonly ruleId!: string;
  readonly specId!: string;
  /** The key of an element; null for what the rule says of the spec as a whole. */
  readonly element!: string | null;
  readonly position!: FindingPosition;
  readonly reason!: string;
  /**
   * Whether it counts against the rule: said by a human who belongs to the organization, did not write the spec, and whose
   * key came from nobody who did.
   */
  readonly counts!: boolean;
  /** The report that has the finding. */
  readonly reportId!: string;
}

/** The marks before it count no more. */
export class RuleReviewed {
  readonly ruleId!: string;
  readonly reason!: string;
}

/** Storage format: stored forever, changed only by adding. */
export const ruleQualityEvents = {
  'compliance.finding.marked': FindingMarked,
  'compliance.rule.reviewed': RuleReviewed,
};
