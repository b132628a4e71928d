import type { PackRule } from '../commands/compliance-rules.js';

/** A version that specs are judged by from here on. */
export class RulePackPublished {
  readonly packKey!: string;
  readonly version!: number;
  /** SHA-256 over what the pack says, hex. */
  readonly hash!: string;
  readonly title!: string;
  readonly rules!: PackRule[];
  readonly allowedIds!: string[];
  readonly reason!: string;
  /** Keys of rules, against the version before. */
  readonly added!: string[];
  readonly changed!: string[];
  readonly removed!: string[];
}

export class RulePackRetired {
  readonly packKey!: string;
  readonly reason!: string;
}

/** Storage format: stored forever, changed only by adding. */
export const rulePackEvents = {
  'compliance.pack.published': RulePackPublished,
  'compliance.pack.retired': RulePackRetired,
};
