import { Flag, Key, Keys, Labels, Nullable, OneOf, Optional, Whole } from './fields.js';
import { MemberIds } from './member.commands.js';
import { keyPrincipals } from './organization.commands.js';
import { Nested, SectionPattern, SectionPatterns, SomeOf } from './policy-fields.js';
import type { Distinction, PrincipalKind, Severity } from './review-policy.js';
import { distinctions, severities } from './review-policy.js';

/** Whose votes count: anyone's, or those of whoever is in one of the groups, or named, or owns the section. */
export class VotersField {
  /** @example false */
  @Optional()
  @Flag()
  readonly anyone?: boolean;

  /** @example ["security"] */
  @Optional()
  @Keys(20)
  readonly groups?: string[];

  /** The ids of members. */
  @Optional()
  @MemberIds(100)
  readonly members?: string[];

  /**
   * Whoever owns a section, for each section that has owners (`sectionOwners`).
   * @example false
   */
  @Optional()
  @Flag()
  readonly sectionOwners?: boolean;
}

/** How many votes, from whom, on what. */
export class RequirementField {
  /**
   * What verdicts call it.
   * @example security-review
   */
  @Key(80)
  readonly name!: string;

  @Nested(() => VotersField)
  readonly from!: VotersField;

  /**
   * How many different principals; with `sectionOwners` for each owned section.
   * @example 2
   */
  @Whole(1, 50)
  readonly count!: number;

  /**
   * Patterns of section keys: a vote must cover all sections that fit one. Without any it must be about the whole spec.
   * @example []
   */
  @Optional()
  @SectionPatterns(50)
  readonly sections?: string[];

  /**
   * What kinds of principal count; humans by default. An agent never counts as a human.
   * @example ["human"]
   */
  @Optional()
  @SomeOf(keyPrincipals, 1)
  readonly principals?: PrincipalKind[];

  /**
   * Whose votes do not count, by whatever key, nor those of keys that came from them; author and contributors by default.
   * @example ["author","contributors"]
   */
  @Optional()
  @SomeOf(distinctions)
  readonly distinctFrom?: Distinction[];

  /**
   * How many minutes before the vote its key may have been issued; any time by default.
   * @example null
   */
  @Optional()
  @Nullable()
  @Whole(1, 525_600)
  readonly freshWithinMinutes?: number | null;

  /**
   * What is met before what: votes of a higher order count once all lower ones are met. Equal ones go side by side.
   * @example 0
   */
  @Optional()
  @Whole(0, 100)
  readonly order?: number;
}

/** Who owns the sections that fit a pattern. Of several that fit the last one decides; nobody in it: nobody owns them. */
export class OwnershipField {
  /** @example "security-*" */
  @SectionPattern()
  readonly pattern!: string;

  /** @example ["security"] */
  @Optional()
  @Keys(20)
  readonly groups?: string[];

  @Optional()
  @MemberIds(100)
  readonly members?: string[];
}

/** Which specs a policy judges: those that fit every list here; an empty one is fitted by all. */
export class ScopeField {
  /** @example ["spec"] */
  @Optional()
  @Keys(50)
  readonly templates?: string[];

  /**
   * One of these labels.
   * @example []
   */
  @Optional()
  @Labels()
  readonly labels?: string[];

  /**
   * A section that fits one of these patterns.
   * @example []
   */
  @Optional()
  @SectionPatterns(50)
  readonly sections?: string[];

  /**
   * A risk in the document that is at least as bad.
   * @example null
   */
  @Optional()
  @Nullable()
  @OneOf(severities)
  readonly minimumSeverity?: Severity | null;
}
