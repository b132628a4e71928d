import { ApiProperty, OmitType } from '@nestjs/swagger';
import { checkNames } from '../../commands/compliance-rules.js';
import type { CheckName, PackRule } from '../../commands/compliance-rules.js';
import { Sha256 } from '../../commands/fields.js';
import { PackRuleField, StatementField } from '../../commands/rule-pack.commands.js';
import { OnlyPageView } from '../http/page.view.js';

const someone = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b03';
const someRule: PackRule = {
  key: 'no-raw-queries',
  source: { path: 'packages/core/AGENTS.md', statementId: '8f4e33f3dc3e' },
  statement: null,
  severity: 'blocking',
  evaluator: 'attestation',
  check: null,
  applies: { templates: [], labels: [], sections: [], paths: ['packages/core/**'], touches: [] },
  owner: 'security',
  recommendation: null,
  mode: 'enforced',
  wrongAtMost: 10,
};

/** A rule as a pack has it; what was left out is there, or null. */
export class PackRuleView extends OmitType(PackRuleField, ['source', 'statement', 'check']) {
  @ApiProperty({ type: StatementField, nullable: true, example: someRule.source })
  readonly source!: StatementField | null;
  /** Null where the source has the words. */
  @ApiProperty({ type: String, nullable: true, example: null })
  readonly statement!: string | null;
  /** Null for what is attested. */
  @ApiProperty({ enum: checkNames, type: String, nullable: true, example: null })
  readonly check!: CheckName | null;
}

export class RulePackSummary {
  /** @example security */
  readonly packKey!: string;
  @ApiProperty({ type: 'integer', example: 1 })
  readonly version!: number;
  /** SHA-256 over what the pack says. */
  @Sha256()
  readonly hash!: string;
  /** @example "What security asks" */
  readonly title!: string;
  /**
   * Whether it came with Specline: the template's own rules.
   * @example false
   */
  readonly builtIn!: boolean;
  /** How many there are. */
  @ApiProperty({ type: 'integer', example: 1 })
  readonly ruleCount!: number;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly publishedAt!: string | null;
  /** The actor; null for the built-in one. */
  @ApiProperty({ type: String, nullable: true, example: someone })
  readonly publishedBy!: string | null;
  /** When it ended; null while specs are judged by it. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly retiredAt!: string | null;
}

export class RulePackView extends RulePackSummary {
  @ApiProperty({ type: [PackRuleView], example: [someRule] })
  readonly rules!: PackRuleView[];
  /** @example ["catalog.products.update"] */
  readonly allowedIds!: string[];
}

/** A version of a rule pack, and what became of its rules. */
export class RulePackVersionView extends OmitType(RulePackView, ['builtIn', 'retiredAt', 'ruleCount']) {
  /** @example "The audit asked for it." */
  readonly reason!: string;
  /**
   * Keys of rules, against the version before.
   * @example ["no-raw-queries"]
   */
  readonly added!: string[];
  @ApiProperty({ example: [] })
  readonly changed!: string[];
  @ApiProperty({ example: [] })
  readonly removed!: string[];
}

export class RulePackList {
  readonly items!: RulePackSummary[];
  readonly page!: OnlyPageView;
}

export class RulePackVersionList {
  readonly items!: RulePackVersionView[];
  readonly page!: OnlyPageView;
}

/** The answer to a change of a rule pack. */
export class RulePackReceipt {
  /** @example security */
  readonly packKey!: string;
  /** The version that this published, or the newest one if nothing changed. */
  @ApiProperty({ type: 'integer', example: 1 })
  readonly packVersion!: number;
  @Sha256()
  readonly hash!: string;
  @ApiProperty({ enum: ['in_force', 'retired'], example: 'in_force' })
  readonly standing!: string;
  /** The version of the pack's stream. */
  @ApiProperty({ type: 'integer', example: 1 })
  readonly version!: number;
  @ApiProperty({ type: 'integer', example: 5 })
  readonly seq!: number;
}
