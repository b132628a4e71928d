import { ApiProperty } from '@nestjs/swagger';
import { ElementPosition } from './position.view.js';

/** One rule in the compliance matrix. */
export class ComplianceRule {
  /** @example packages/core/AGENTS.md */
  @ApiProperty({ type: String, nullable: true })
  readonly ruleSource!: string | null;
  readonly rule!: string;
  /** @example Compliant */
  @ApiProperty({ type: String, nullable: true })
  readonly status!: string | null;
  @ApiProperty({ type: String, nullable: true })
  readonly notes!: string | null;
  readonly position!: ElementPosition;
}

/** One internal consistency check. */
export class ConsistencyCheck {
  /** @example Data models match API contracts */
  readonly check!: string;
  /** @example Pass */
  @ApiProperty({ type: String, nullable: true })
  readonly status!: string | null;
  @ApiProperty({ type: String, nullable: true })
  readonly notes!: string | null;
  readonly position!: ElementPosition;
}

/** Something the authors report as not compliant. */
export class NonCompliantItem {
  @ApiProperty({ type: String, nullable: true })
  readonly rule!: string | null;
  @ApiProperty({ type: String, nullable: true })
  readonly source!: string | null;
  @ApiProperty({ type: String, nullable: true })
  readonly gap!: string | null;
  @ApiProperty({ type: String, nullable: true })
  readonly recommendation!: string | null;
  readonly position!: ElementPosition;
}

export const verdictClasses = ['approved', 'blocked'] as const;

/** A compliance report as its author wrote it: a claim, not a verdict of this service. */
export class ComplianceReport {
  /** The date in its heading. */
  @ApiProperty({ type: String, format: 'date', nullable: true })
  readonly date!: string | null;
  readonly filesReviewed!: string[];
  readonly matrix!: ComplianceRule[];
  readonly consistency!: ConsistencyCheck[];
  readonly nonCompliantItems!: NonCompliantItem[];
  @ApiProperty({ type: String, nullable: true })
  readonly verdict!: string | null;
  /** Null when the verdict says neither plainly, or both as in the unfilled template. */
  @ApiProperty({ enum: verdictClasses, type: String, nullable: true })
  readonly verdictClass!: (typeof verdictClasses)[number] | null;
  readonly position!: ElementPosition;
}
