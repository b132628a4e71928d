import { ApiProperty } from '@nestjs/swagger';
import { checkNames, evaluatorKinds, ruleModes, severities, touchables } from '../../commands/compliance-rules.js';
import type { CheckName, EvaluatorKind, RuleMode, Severity, Touchable } from '../../commands/compliance-rules.js';
import { Key, Optional } from '../../commands/fields.js';
import { findingPositions } from '../../commands/rule-quality.commands.js';
import type { FindingPosition } from '../../commands/rule-quality.commands.js';
import { OnlyPageView } from '../http/page.view.js';
import { RuleOrigin } from './evaluation.view.js';

const someSpec = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11';
const someone = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b03';

/** Which specs a rule is about; empty lists are fitted by all. */
export class ApplicabilityView {
  @ApiProperty({ example: [] })
  readonly templates!: string[];
  @ApiProperty({ example: [] })
  readonly labels!: string[];
  @ApiProperty({ example: [] })
  readonly sections!: string[];
  /** @example ["packages/core/**"] */
  readonly paths!: string[];
  @ApiProperty({ enum: touchables, isArray: true, example: [] })
  readonly touches!: Touchable[];
}

/** How often a rule was said to be wrong. */
export class RuleQualityView {
  /** Findings that reports ever had by this rule, each once a spec and element. */
  @ApiProperty({ type: 'integer', example: 40 })
  readonly findings!: number;
  /** How many of them were marked as wrong, by people whose word counts, since somebody last looked at the rule. */
  @ApiProperty({ type: 'integer', example: 2 })
  readonly wrong!: number;
  /** How many people those are. */
  @ApiProperty({ type: 'integer', example: 2 })
  readonly people!: number;
  /** The share of wrong findings, in percent; null before the first finding. */
  @ApiProperty({ type: Number, nullable: true, example: 5 })
  readonly wrongPercent!: number | null;
  /** Where more are wrong, in percent, the rule is advisory until somebody looks at it. */
  @ApiProperty({ type: 'integer', example: 10 })
  readonly wrongAtMost!: number;
  /**
   * Whether that is so.
   * @example false
   */
  readonly isBelowThreshold!: boolean;
  /** When somebody looked at it last. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly reviewedAt!: string | null;
}

/** A rule in force. */
export class RuleView {
  /** @example security.no-raw-queries */
  readonly ruleId!: string;
  /** @example security */
  readonly pack!: string;
  /**
   * In the words of its source as they are now.
   * @example "Never run raw queries."
   */
  readonly statement!: string;
  /** What it counts as. */
  @ApiProperty({ enum: severities, example: 'blocking' })
  readonly severity!: Severity;
  /** What its pack says; the rule is advisory all the same while it is below its threshold. */
  @ApiProperty({ enum: severities, example: 'blocking' })
  readonly statedSeverity!: Severity;
  @ApiProperty({ enum: evaluatorKinds, example: 'attestation' })
  readonly evaluator!: EvaluatorKind;
  @ApiProperty({ enum: checkNames, type: String, nullable: true, example: null })
  readonly check!: CheckName | null;
  /** Null for a rule in words of its pack. */
  @ApiProperty({
    type: RuleOrigin,
    nullable: true,
    example: {
      path: 'packages/core/AGENTS.md',
      anchor: 'never',
      revision: '8c6a837d',
      blobHash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    },
  })
  readonly source!: RuleOrigin | null;
  @ApiProperty({ type: String, nullable: true, example: '8f4e33f3dc3e' })
  readonly statementId!: string | null;
  /**
   * Whether the source has the statement no more: the rule stays in its last words until its pack is published without it.
   * @example false
   */
  readonly isGone!: boolean;
  readonly applies!: ApplicabilityView;
  /** The group that answers for it. */
  @ApiProperty({ type: String, nullable: true, example: 'security' })
  readonly owner!: string | null;
  /** @example "Use the query builder that scopes to the tenant." */
  readonly recommendation!: string;
  @ApiProperty({ enum: ruleModes, example: 'enforced' })
  readonly mode!: RuleMode;
  readonly quality!: RuleQualityView;
}

/** What somebody said of a finding. */
export class FindingMarkView {
  @ApiProperty({ format: 'uuid', example: someSpec })
  readonly specId!: string;
  /** Null for what the rule says of the spec as a whole. */
  @ApiProperty({ type: String, nullable: true, example: 'POST /api/searches' })
  readonly element!: string | null;
  @ApiProperty({ enum: findingPositions, example: 'wrong' })
  readonly position!: FindingPosition;
  /**
   * Whether it counts against the rule: said by a human who belongs to the organization and did not write the spec.
   * @example true
   */
  readonly counts!: boolean;
  /** @example "The section is there under another name." */
  readonly reason!: string;
  /** The report that has it. */
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0c11' })
  readonly reportId!: string;
  @ApiProperty({ example: someone })
  readonly markedBy!: string;
  @ApiProperty({ format: 'date-time' })
  readonly markedAt!: string;
}

/** A rule with what was said of its findings. */
export class RuleDetailView extends RuleView {
  /** The newest 100. */
  @ApiProperty({ maxItems: 100 })
  readonly marks!: FindingMarkView[];
}

export class RuleList {
  readonly items!: RuleView[];
  readonly page!: OnlyPageView;
}

/** The answer to what was said of a rule. */
export class RuleQualityReceipt {
  /** @example template.sections.required */
  readonly ruleId!: string;
  /** Findings marked as wrong, by people whose word counts, since somebody last looked at the rule. */
  @ApiProperty({ type: 'integer', example: 1 })
  readonly wrong!: number;
  /** How many people those are. */
  @ApiProperty({ type: 'integer', example: 1 })
  readonly people!: number;
  /** How many events there are on the rule. */
  @ApiProperty({ type: 'integer', example: 1 })
  readonly version!: number;
  @ApiProperty({ type: 'integer', example: 5 })
  readonly seq!: number;
}

/** Which rules are wanted. */
export class RuleListQuery {
  /**
   * Those of one pack.
   * @example template
   */
  @Optional()
  @Key(80)
  readonly pack?: string;
}
