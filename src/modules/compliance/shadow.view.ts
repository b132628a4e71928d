import { ApiProperty } from '@nestjs/swagger';
import { Optional, WholeParameter } from '../../commands/fields.js';
import { PagedQuery, PageView } from '../http/page.view.js';
import { ruleOutcomes } from './evaluation.view.js';
import type { RuleOutcome } from './evaluation.view.js';

/** A rule in shadow that a spec does not keep. */
export class ShadowRowView {
  /** @example security.no-raw-queries */
  readonly ruleId!: string;
  @ApiProperty({ enum: ruleOutcomes, example: 'needs_attestation' })
  readonly outcome!: RuleOutcome;
  /** @example "Nobody has attested it." */
  readonly message!: string;
  /** How many gaps there are. */
  @ApiProperty({ type: 'integer', example: 0 })
  readonly findings!: number;
}

export class ShadowSpecView {
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11' })
  readonly specId!: string;
  @ApiProperty({ type: 'integer', example: 12 })
  readonly number!: number;
  /** @example "Saved searches" */
  readonly title!: string;
  readonly wouldBlock!: ShadowRowView[];
}

/** How often a rule in shadow would have blocked. */
export class ShadowRuleView {
  /** @example security.no-raw-queries */
  readonly ruleId!: string;
  /** Specs of this page. */
  @ApiProperty({ type: 'integer', example: 1 })
  readonly wouldBlock!: number;
}

/** What the rules of a pack in shadow would block. */
export class ShadowReport {
  /** @example security */
  readonly packKey!: string;
  @ApiProperty({ type: 'integer', example: 1 })
  readonly packVersion!: number;
  /** How many specs this page is about. */
  @ApiProperty({ type: 'integer', example: 10 })
  readonly evaluated!: number;
  /** All rules of the pack that run in shadow. */
  readonly rules!: ShadowRuleView[];
  /** Those of the specs that would be blocked. */
  @ApiProperty({ maxItems: 25 })
  readonly items!: ShadowSpecView[];
  readonly page!: PageView;
}

export class ShadowQuery extends PagedQuery {
  /**
   * How many specs to evaluate at most; 10 by default.
   * @example 10
   */
  @Optional()
  @WholeParameter(1, 25)
  override readonly limit?: number;
}
