import { ApiProperty } from '@nestjs/swagger';
import { Optional, Sha256, WholeParameter } from '../../commands/fields.js';
import { PointInTime } from '../../commands/time-field.js';
import { PagedQuery } from '../http/page.view.js';
import { Evaluation } from './evaluation.view.js';

/** Who asked for a report, said something of a spec, or let an exception pass. */
export class RulerView {
  /** The member, or the key of nobody in particular. */
  @ApiProperty({ example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b03' })
  readonly id!: string;
  @ApiProperty({ enum: ['human', 'agent', 'service', 'system'], example: 'human' })
  readonly kind!: string;
  /** @example "Ada Lovelace" */
  readonly name!: string;
}

/** What came of evaluating a spec: it says what was true then, and `GET .../compliance` whether it still is. */
export class ComplianceReportView extends Evaluation {
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0c11' })
  readonly reportId!: string;
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11' })
  readonly specId!: string;
  /** Counted from 1 within the spec. */
  @ApiProperty({ type: 'integer', example: 1 })
  readonly number!: number;
  /** The version of the spec that was judged. */
  @ApiProperty({ type: 'integer', example: 7 })
  readonly specVersion!: number;
  /** Stands for the title, labels, relations and template of the spec: what decides which rules apply. */
  @Sha256()
  readonly subjectHash!: string;
  /** The waivers that it takes in. */
  @ApiProperty({ example: [] })
  readonly waiverIds!: string[];
  /**
   * The rule files that were in force.
   * @example ["packages/core/AGENTS.md"]
   */
  readonly filesReviewed!: string[];
  readonly issuedBy!: RulerView;
  @ApiProperty({ format: 'date-time' })
  readonly issuedAt!: string;
}

export class ReportListQuery extends PagedQuery {}

/** When the verdict is asked for; the present one by default. */
export class ComplianceMoment {
  /**
   * As it stood when this version of the spec was recorded: what an approval rested on stands at the version of the
   * approval. Not together with `at`.
   */
  @Optional()
  @WholeParameter(1, 2_147_483_647)
  readonly version?: number;

  /** As it stood at this time (RFC 3339) or position of history (`seq`); not together with `version`. */
  @Optional()
  @PointInTime()
  readonly at?: string;
}
