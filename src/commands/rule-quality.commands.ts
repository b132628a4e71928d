import { v5 as uuidv5 } from 'uuid';
import { bounds } from './bounds.js';
import { DomainCommand } from './command.js';
import { Id, Line, Nullable, OneOf, Optional, Reason } from './fields.js';
import { Refuses } from './refuses.js';
import { RuleKey } from './rule-fields.js';

export const findingPositions = ['wrong', 'right'] as const;
export type FindingPosition = (typeof findingPositions)[number];

/** The stream of what is said about a rule of one organization: its id follows from both. */
export const ruleQualityStream = (organizationId: string, ruleId: string): string =>
  uuidv5(`rule/${ruleId}`, organizationId);

export abstract class RuleQualityCommand extends DomainCommand {
  /**
   * The rule: the key of its pack, a dot, and its key in it.
   * @example template.sections.required
   */
  @RuleKey(bounds.ruleId)
  readonly ruleKey!: string;

  get streamId(): string {
    return ruleQualityStream(this.caller.organizationId, this.ruleKey);
  }
}

/** Says of a finding in the last report of a spec that it is wrong, or right after all. One mark a finding and person. */
export class MarkFinding extends RuleQualityCommand {
  /**
   * The spec.
   * @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11
   */
  @Id()
  readonly specId!: string;

  /**
   * The key of an element that the finding names; left out: what the rule says of the spec as a whole.
   * @example null
   */
  @Optional()
  @Nullable()
  @Line(bounds.elementKey)
  readonly element?: string | null;

  /** @example wrong */
  @OneOf(findingPositions)
  readonly position!: FindingPosition;

  /** @example "The section is there under another name." */
  @Reason()
  readonly reason!: string;
}

/** Says that somebody has looked at a rule: the marks so far count no more, and it judges as its pack says again. */
@Refuses('not_permitted')
export class ReviewRule extends RuleQualityCommand {
  /** @example "The check knows the other name since the last release." */
  @Reason()
  readonly reason!: string;
}

export const ruleQualityCommands = {
  'compliance.finding.mark': MarkFinding,
  'compliance.rule.review': ReviewRule,
};
