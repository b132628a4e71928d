import { ApiProperty } from '@nestjs/swagger';
import { OneOf, Optional } from '../../commands/fields.js';
import { PagedQuery, PageView } from '../http/page.view.js';
import { overrideStandings } from './override-standing.decider.js';
import { ActorView } from './spec-event.view.js';

/** An approval past the policy: who answers for it, and who looked at it afterwards. */
export class OverrideView {
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b88' })
  readonly overrideId!: string;
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11' })
  readonly specId!: string;
  @ApiProperty({ type: 'integer', example: 12 })
  readonly number!: number;
  /** @example "Kept searches" */
  readonly title!: string;
  /** What it is worth: an approval that expired or was not upheld carries nothing. */
  @ApiProperty({ enum: overrideStandings, example: 'waits_for_review' })
  readonly standing!: string;
  /** The revision of the spec that it approved. */
  @ApiProperty({ type: 'integer', example: 1 })
  readonly revision!: number;
  readonly usedBy!: ActorView;
  @ApiProperty({ format: 'date-time' })
  readonly usedAt!: string;
  /** @example "Payments are down, and the fix must go out tonight." */
  readonly reason!: string;
  /**
   * What the policy was missing.
   * @example ["approval: 1 more approval is needed by a human."]
   */
  @ApiProperty({ maxItems: 1000 })
  readonly unmet!: string[];
  @ApiProperty({ format: 'date-time' })
  readonly expiresAt!: string;
  @ApiProperty({ type: ActorView, nullable: true, example: null })
  readonly reviewedBy!: ActorView | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly reviewedAt!: string | null;
  @ApiProperty({ type: Boolean, nullable: true })
  readonly upheld!: boolean | null;
  /** What the review came to. */
  @ApiProperty({ type: String, nullable: true })
  readonly conclusion!: string | null;
}

export class OverrideList {
  readonly items!: OverrideView[];
  readonly page!: PageView;
}

export class OverridesAsked extends PagedQuery {
  /**
   * Only those that were reviewed, or that were not.
   * @example false
   */
  @Optional()
  @OneOf(['true', 'false'])
  readonly reviewed?: 'true' | 'false';
}
