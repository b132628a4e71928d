import { ApiProperty } from '@nestjs/swagger';
import { ElementPosition } from './position.view.js';

/** One rule in the compliance matrix. */
export class ComplianceRule {
  /** @example packages/core/AGENTS.md */
  @ApiProperty({ type: String, nullable: true })
  readonly ruleSource!: string | null;
  /** @example "Every entity has an organization_id." */
  readonly rule!: string;
  /** @example Compliant */
  @ApiProperty({ type: String, nullable: true })
  readonly status!: string | null;
  /** @example "See the data models." */
  @ApiProperty({ type: String, nullable: true })
  readonly notes!: string | null;
  readonly position!: ElementPosition;
}

/** One internal consistency check. */
export class ConsistencyCheck {
  /** @example "Data models match API contracts" */
  readonly check!: string;
  /** @example Pass */
  @ApiProperty({ type: String, nullable: true })
  readonly status!: string | null;
  /** @example "Checked by hand." */
  @ApiProperty({ type: String, nullable: true })
  readonly notes!: string | null;
  readonly position!: ElementPosition;
}

/** Something the authors report as not compliant. */
export class NonCompliantItem {
  /** @example "Texts are translated." */
  @ApiProperty({ type: String, nullable: true })
  readonly rule!: string | null;
  /** @example AGENTS.md */
  @ApiProperty({ type: String, nullable: true })
  readonly source!: string | null;
  /** @example "One label is not." */
  @ApiProperty({ type: String, nullable: true })
  readonly gap!: string | null;
  /** @example "Give it a key." */
  @ApiProperty({ type: String, nullable: true })
  readonly recommendation!: string | null;
  readonly position!: ElementPosition;
}

export const verdictClasses = ['approved', 'blocked'] as const;

/** A compliance report as its author wrote it: a claim, not a verdict of this service. */
export class ComplianceReport {
  /**
   * The date in its heading.
   * @example "2026-01-02"
   */
  @ApiProperty({ type: String, format: 'date', nullable: true })
  readonly date!: string | null;
  /** @example ["AGENTS.md"] */
  readonly filesReviewed!: string[];
  readonly matrix!: ComplianceRule[];
  readonly consistency!: ConsistencyCheck[];
  readonly nonCompliantItems!: NonCompliantItem[];
  /** @example "Approved: compliant" */
  @ApiProperty({ type: String, nullable: true })
  readonly verdict!: string | null;
  /**
   * Null when the verdict says neither plainly, or both as in the unfilled template.
   * @example approved
   */
  @ApiProperty({ enum: verdictClasses, type: String, nullable: true })
  readonly verdictClass!: (typeof verdictClasses)[number] | null;
  readonly position!: ElementPosition;
}
