import { ApiProperty } from '@nestjs/swagger';
import { Id, Line, OneOf, Optional } from '../../commands/fields.js';
import { PointInTime } from '../../commands/time-field.js';
import { bounds } from '../../commands/bounds.js';
import { PagedQuery, PageView } from '../http/page.view.js';
import { RulerView } from './compliance-report.view.js';
import { waiverStandings } from './waiver.decider.js';

/** An exception from a rule: who answers for it, what is done instead, and until when. */
export class WaiverView {
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0c44' })
  readonly waiverId!: string;
  /** What it is worth: only an approved one excuses anything. */
  @ApiProperty({ enum: waiverStandings, example: 'approved' })
  readonly standing!: string;
  /** @example house.privacy-reviewed */
  readonly ruleId!: string;
  /** The spec that it is for; null for all specs. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true, example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11' })
  readonly specId!: string | null;
  /** @example team-catalogue */
  readonly owner!: string;
  /** @example "The provider cannot delete single records before March." */
  readonly reason!: string;
  /** @example "The records are deleted by hand every week." */
  readonly compensatingControl!: string;
  @ApiProperty({ format: 'date-time' })
  readonly expiresAt!: string;
  /** Whole days until then; 0 once it is over. */
  @ApiProperty({ type: 'integer', example: 38 })
  readonly expiresInDays!: number;
  /** Whole days since it was asked for. */
  @ApiProperty({ type: 'integer', example: 3 })
  readonly ageDays!: number;
  readonly requestedBy!: RulerView;
  @ApiProperty({ format: 'date-time' })
  readonly requestedAt!: string;
  @ApiProperty({ type: RulerView, nullable: true, example: null })
  readonly approvedBy!: RulerView | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly approvedAt!: string | null;
  @ApiProperty({ type: RulerView, nullable: true, example: null })
  readonly withdrawnBy!: RulerView | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly withdrawnAt!: string | null;
  /** Why it was withdrawn. */
  @ApiProperty({ type: String, nullable: true })
  readonly withdrawal!: string | null;
}

/** The approved waiver that ends first. */
export class NextExpiry {
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0c44' })
  readonly waiverId!: string;
  @ApiProperty({ format: 'date-time' })
  readonly expiresAt!: string;
}

export class WaiverList {
  /** What ends first stands first. */
  @ApiProperty({ maxItems: 100 })
  readonly items!: WaiverView[];
  /** Of all waivers of the organization that are in force. */
  @ApiProperty({
    type: NextExpiry,
    nullable: true,
    example: { waiverId: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0c44', expiresAt: '2026-12-31T00:00:00.000Z' },
  })
  readonly nextToExpire!: NextExpiry | null;
  readonly page!: PageView;
}

/** Which waivers; filters that are given together must all fit. */
export class WaiverListQuery extends PagedQuery {
  /** @example approved */
  @Optional()
  @OneOf(waiverStandings)
  readonly standing?: (typeof waiverStandings)[number];

  /**
   * Those that count for this spec, and those that did.
   * @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11
   */
  @Optional()
  @Id()
  readonly specId?: string;

  /** @example house.privacy-reviewed */
  @Optional()
  @Line(bounds.ruleId)
  readonly ruleId?: string;

  /** Those that there were at this time (RFC 3339) or position of history (`seq`), as they were. */
  @Optional()
  @PointInTime()
  readonly at?: string;
}

/** What every accepted write to a waiver answers. */
export class WaiverReceipt {
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0c44' })
  readonly waiverId!: string;
  /** @example house.privacy-reviewed */
  readonly ruleId!: string;
  @ApiProperty({ type: String, format: 'uuid', nullable: true, example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11' })
  readonly specId!: string | null;
  @ApiProperty({ format: 'date-time' })
  readonly expiresAt!: string;
  /** After the write; an approved one ends by itself. */
  @ApiProperty({ enum: ['requested', 'approved', 'withdrawn'], example: 'requested' })
  readonly standing!: string;
  @ApiProperty({ type: 'integer', example: 1 })
  readonly version!: number;
  @ApiProperty({ type: 'integer', example: 4711 })
  readonly seq!: number;
}
