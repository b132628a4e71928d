import { v5 as uuidv5 } from 'uuid';
import { bounds } from './bounds.js';
import { DomainCommand } from './command.js';
import { checkNames, evaluatorKinds, ruleModes, severities, touchables } from './compliance-rules.js';
import type { CheckName, EvaluatorKind, RuleMode, Severity, Touchable } from './compliance-rules.js';
import { Key, Keys, Labels, Line, Lines, ListOf, Nullable, OneOf, Optional, Reason, Whole } from './fields.js';
import { Nested, SectionPatterns, SomeOf } from './policy-fields.js';
import { Refuses } from './refuses.js';
import { PathPatterns, RuleKey, StatementId } from './rule-fields.js';
import { RepositoryPath } from './rule-source.commands.js';

/** The stream of a rule pack of one organization: its id follows from both. */
export const rulePackStream = (organizationId: string, key: string): string =>
  uuidv5(`rule-pack/${key}`, organizationId);

export abstract class RulePackCommand extends DomainCommand {
  /**
   * The pack.
   * @example security
   */
  @Key(80)
  readonly packKey!: string;

  get streamId(): string {
    return rulePackStream(this.caller.organizationId, this.packKey);
  }
}

/** A statement of a rule file. */
export class StatementField {
  /** @example packages/core/AGENTS.md */
  @RepositoryPath()
  readonly path!: string;

  /**
   * As the file's statements have it.
   * @example 8f4e33f3dc3e
   */
  @StatementId()
  readonly statementId!: string;
}

/** Which specs a rule is about: those that fit every list here; an empty one is fitted by all. */
export class ApplicabilityField {
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
   * A file of the manifest, or a path cited as code, that fits one of these: `*` stands for any characters but `/`, `?`
   * for one, `**` for any number of folders.
   * @example ["packages/core/**"]
   */
  @Optional()
  @PathPatterns(50)
  readonly paths?: string[];

  /**
   * What the spec has elements of.
   * @example ["routes"]
   */
  @Optional()
  @SomeOf(touchables)
  readonly touches?: Touchable[];
}

/** A rule of a pack, in the words of a rule file (`source`) or in its own (`statement`). */
export class PackRuleField {
  /**
   * Unique in the pack; the rule is known as pack key, dot, rule key.
   * @example no-raw-queries
   */
  @RuleKey()
  readonly key!: string;

  @Optional()
  @Nested(() => StatementField)
  readonly source?: StatementField;

  /**
   * What is asked, where no rule file says it.
   * @example "Every event is declared before it is emitted."
   */
  @Optional()
  @Line(bounds.reason)
  readonly statement?: string;

  /** @example blocking */
  @OneOf(severities)
  readonly severity!: Severity;

  /**
   * What decides: the text, joins over typed elements, or whoever attests.
   * @example attestation
   */
  @OneOf(evaluatorKinds)
  readonly evaluator!: EvaluatorKind;

  /** The check of the engine, where it is not attested. */
  @Optional()
  @OneOf(checkNames)
  readonly check?: CheckName;

  @Optional()
  @Nested(() => ApplicabilityField)
  readonly applies?: ApplicabilityField;

  /**
   * The group that answers for the rule.
   * @example security
   */
  @Optional()
  @Nullable()
  @Key(80)
  readonly owner?: string | null;

  /**
   * What to do where it is not kept.
   * @example "Use the query builder that scopes to the tenant."
   */
  @Optional()
  @Nullable()
  @Line(bounds.reason)
  readonly recommendation?: string | null;

  /**
   * `shadow`: it is evaluated and never blocks; what it would block stands in the pack's shadow report.
   * @example enforced
   */
  @Optional()
  @OneOf(ruleModes)
  readonly mode?: RuleMode;

  /**
   * Where more of its findings are marked wrong than this, in percent, it is advisory until somebody looks at it; 10 by
   * default.
   * @example 10
   */
  @Optional()
  @Whole(0, 100)
  readonly wrongAtMost?: number;
}

/** Publishes a rule pack, or its next version: specs are judged by it from here on. */
@Refuses('not_permitted')
export class PublishRulePack extends RulePackCommand {
  /** @example "What security asks" */
  @Line(bounds.title)
  readonly title!: string;

  @ListOf(() => PackRuleField, bounds.rulesInPack, 1)
  readonly rules!: PackRuleField[];

  /**
   * Ids of commands and events that exist already, and so may break the rules on their names.
   * @example ["catalog.products.update"]
   */
  @Optional()
  @Lines(200, 2000)
  readonly allowedIds?: string[];

  /** @example "The audit asked for it." */
  @Reason()
  readonly reason!: string;
}

/** Ends a rule pack: nothing is judged by it any more. Reports keep what they were issued by. */
@Refuses('not_permitted')
export class RetireRulePack extends RulePackCommand {
  /** @example "The template asks the same." */
  @Reason()
  readonly reason!: string;
}

export const rulePackCommands = {
  'compliance.pack.publish': PublishRulePack,
  'compliance.pack.retire': RetireRulePack,
};
