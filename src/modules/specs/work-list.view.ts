import { ApiProperty } from '@nestjs/swagger';
import { OneOf, Optional } from '../../commands/fields.js';
import { PagedQuery, PageView } from '../http/page.view.js';

export const workKinds = ['vote', 'outdated_vote', 'concern', 'mention', 'review', 'thread', 'suspect'] as const;

/** Whose work: what waits for the caller, or what the caller waits for. */
export class WorkListQuery extends PagedQuery {
  /**
   * `me`: what waits for the caller. That is the default.
   * @example me
   */
  @Optional()
  @OneOf(['me'])
  readonly for?: 'me';

  /** `me`: what the caller raised, and others have to do something about. */
  @Optional()
  @OneOf(['me'])
  readonly raisedBy?: 'me';
}

/** Something that waits. */
export class WorkItemView {
  /**
   * For the caller: a vote that the policy wants, a vote that has become outdated, a concern that only its raiser
   * resolves, a thread that mentions the caller, a dependency with a new revision to compare the caller's spec with. Of the caller: a spec in review, an open concern or thread.
   */
  @ApiProperty({ enum: workKinds, example: 'vote' })
  readonly kind!: (typeof workKinds)[number];
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11' })
  readonly specId!: string;
  @ApiProperty({ type: 'integer', example: 12 })
  readonly number!: number;
  /** @example "Saved searches" */
  readonly title!: string;
  /** The vote, concern, thread or other spec that it is about. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  readonly id!: string | null;
  /** Since when it waits. */
  @ApiProperty({ format: 'date-time' })
  readonly since!: string;
  /** Until when the policy wants it done; null where it says nothing. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly dueAt!: string | null;
  /** What is missing until the caller's spec is approved. */
  @ApiProperty({ maxItems: 1000, example: [] })
  readonly missing!: string[];
}

/** The oldest first, of the thousand oldest specs and threads. */
export class WorkList {
  @ApiProperty({ maxItems: 100 })
  readonly items!: WorkItemView[];
  readonly page!: PageView;
}
