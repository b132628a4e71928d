import { ApiProperty } from '@nestjs/swagger';
import { Sha256 } from '../../commands/fields.js';
import { PageView } from '../http/page.view.js';
import { OutcomeCounts, ruleOutcomes, verdicts } from './evaluation.view.js';
import type { RuleOutcome, Verdict } from './evaluation.view.js';

/** A rule that keeps a spec from being compliant. */
export class BlockingRowView {
  /** @example template.consistency.commands_mutations */
  readonly ruleId!: string;
  /** @example "Commands defined for all mutations" */
  readonly statement!: string;
  @ApiProperty({ enum: ruleOutcomes, example: 'not_linked' })
  readonly outcome!: RuleOutcome;
  /** @example "2 of 5 mutations have no command linked." */
  readonly message!: string;
  /** What would help. */
  @ApiProperty({ type: String, nullable: true, example: 'Name the command in the contract, or confirm the link.' })
  readonly recommendation!: string | null;
}

/** Why the last report says nothing of the spec as it is. */
export class StaleReasonView {
  /** @example content_changed */
  readonly code!: string;
  /** @example "The content changed since." */
  readonly sentence!: string;
}

/** How a spec stands to its rules: what a CI job asks. Nothing is evaluated for it. */
export class ComplianceView {
  /** @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11 */
  @ApiProperty({ format: 'uuid' })
  readonly specId!: string;
  /** Whether the last report is about the spec and the rules as they are, and no rule that blocks is broken. */
  @ApiProperty({ example: false })
  readonly passes!: boolean;
  /** `none` before the first report. */
  @ApiProperty({ enum: ['fresh', 'stale', 'none'], example: 'stale' })
  readonly freshness!: string;
  /** Why it is stale. */
  @ApiProperty({ maxItems: 10 })
  readonly why!: StaleReasonView[];
  /** Of the last report. */
  @ApiProperty({ enum: verdicts, type: String, nullable: true, example: 'non_compliant' })
  readonly verdict!: Verdict | null;
  /** The spec as it is. */
  @Sha256()
  readonly contentHash!: string;
  /** The rules as they are. */
  @Sha256()
  readonly packHash!: string;
  /** The last report; null before the first. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true, example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0c11' })
  readonly reportId!: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly issuedAt!: string | null;
  /** How many rules of the last report block. */
  @ApiProperty({ type: 'integer', example: 1 })
  readonly blocking!: number;
  /** The first of them. */
  @ApiProperty({ maxItems: 10 })
  readonly rows!: BlockingRowView[];
}

/** What every accepted write about the compliance of a spec answers. */
export class ComplianceReceipt {
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11' })
  readonly specId!: string;
  /** The last report, which may be one from before. */
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0c11' })
  readonly reportId?: string;
  /** Its verdict. */
  @ApiProperty({ enum: verdicts, example: 'non_compliant' })
  readonly verdict?: Verdict;
  /** The link that was confirmed. */
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0c22' })
  readonly linkId?: string;
  /** What was attested. */
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0c33' })
  readonly attestationId?: string;
  /** How many events there are on the compliance of the spec. */
  @ApiProperty({ type: 'integer', example: 3 })
  readonly version!: number;
  /** The position of the last of them in history. */
  @ApiProperty({ type: 'integer', example: 4711 })
  readonly seq!: number;
}

/** A report without its rows. */
export class ReportSummaryView {
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0c11' })
  readonly reportId!: string;
  /** Counted from 1 within the spec. */
  @ApiProperty({ type: 'integer', example: 1 })
  readonly number!: number;
  @ApiProperty({ enum: verdicts, example: 'compliant' })
  readonly verdict!: Verdict;
  /** The content that was judged. */
  @Sha256()
  readonly contentHash!: string;
  /** The rules that it was judged by. */
  @Sha256()
  readonly packHash!: string;
  /** The version of the spec. */
  @ApiProperty({ type: 'integer', example: 7 })
  readonly specVersion!: number;
  readonly counts!: OutcomeCounts;
  @ApiProperty({ format: 'date-time' })
  readonly issuedAt!: string;
}

export class ReportList {
  @ApiProperty({ maxItems: 100 })
  readonly items!: ReportSummaryView[];
  readonly page!: PageView;
}
