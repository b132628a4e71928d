import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { Id, Key, Optional } from '../../commands/fields.js';
import { PagedQuery, PageView } from '../http/page.view.js';
import { ActorView } from './spec-event.view.js';

/** A hold that stands: nothing of the spec is erased or put away. */
@ApiSchema({ name: 'LegalHold' })
export class LegalHoldView {
  /** @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11 */
  @ApiProperty({ format: 'uuid' })
  readonly specId!: string;
  @ApiProperty({ type: 'integer', example: 12 })
  readonly number!: number;
  /** @example "Saved searches" */
  readonly title!: string;
  /** @example audit-2026 */
  readonly holdKey!: string;
  /** @example "The regulator asked for everything about this change." */
  readonly reason!: string;
  readonly placedBy!: ActorView;
  @ApiProperty({ format: 'date-time' })
  readonly placedAt!: string;
}

@ApiSchema({ name: 'LegalHoldList' })
export class LegalHoldList {
  /** By the ids of their specs, and by key. */
  @ApiProperty({ maxItems: 100 })
  readonly items!: LegalHoldView[];
  readonly page!: PageView;
}

/** Which holds; filters that are given together must all fit. */
export class LegalHoldsAsked extends PagedQuery {
  /**
   * Those of this spec.
   * @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11
   */
  @Optional()
  @Id()
  readonly specId?: string;

  /**
   * Those of this name.
   * @example audit-2026
   */
  @Optional()
  @Key(80)
  readonly holdKey?: string;
}
