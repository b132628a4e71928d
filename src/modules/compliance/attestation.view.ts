import { ApiProperty } from '@nestjs/swagger';
import { Sha256 } from '../../commands/fields.js';
import { attestationPositions, notApplicableReasons } from '../../commands/spec-compliance.commands.js';
import { PageView } from '../http/page.view.js';
import { RulerView } from './compliance-report.view.js';

/** What somebody said of a rule that only judgement can decide. */
export class AttestationView {
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0c33' })
  readonly attestationId!: string;
  /** @example house.privacy-reviewed */
  readonly ruleId!: string;
  @ApiProperty({ enum: attestationPositions, example: 'compliant' })
  readonly position!: string;
  /** Why the rule is not about the spec. */
  @ApiProperty({ enum: notApplicableReasons, type: String, nullable: true, example: null })
  readonly reasonCode!: string | null;
  /** @example "Nothing here is kept about a person." */
  readonly sentence!: string;
  /** What was read: the spec, or the sections. */
  @Sha256()
  readonly contentHash!: string;
  /** The keys of the sections; null for the whole spec. */
  @ApiProperty({ type: [String], nullable: true, maxItems: 100, example: null })
  readonly sections!: string[] | null;
  readonly attestedBy!: RulerView;
  @ApiProperty({ format: 'date-time' })
  readonly attestedAt!: string;
  /**
   * Whether it counts: on the content as it is, by somebody who belongs to the organization and, for the spec, did not
   * write it, and no other outweighs it.
   * @example true
   */
  readonly counts!: boolean;
}

export class AttestationList {
  @ApiProperty({ maxItems: 10_000 })
  readonly items!: AttestationView[];
  readonly page!: PageView;
}
