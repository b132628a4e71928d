import { ApiProperty } from '@nestjs/swagger';
import { OneOf, Optional } from '../../commands/fields.js';
import { PagedQuery, PageView } from '../http/page.view.js';
import { ActorView } from '../specs/spec-event.view.js';

export class StoryQuery extends PagedQuery {
  /**
   * The oldest first by default.
   * @example oldest
   */
  @Optional()
  @OneOf(['oldest', 'newest'])
  readonly order?: 'oldest' | 'newest';
}

/** What one command did, with all of its events. */
export class StoryStepView {
  /** The spec's versions that it made, from the first to the last. */
  @ApiProperty({ type: 'integer', minimum: 1, example: 2 })
  readonly fromVersion!: number;
  @ApiProperty({ type: 'integer', minimum: 1, example: 2 })
  readonly toVersion!: number;
  @ApiProperty({ format: 'date-time' })
  readonly recordedAt!: string;
  readonly actor!: ActorView;
  /** In words, on one line; they may change from one version of the program to the next. */
  @ApiProperty({ example: 'Ann changed the section "tldr".' })
  readonly sentence!: string;
  @ApiProperty({ type: String, nullable: true, example: 'It is time for it.' })
  readonly reason!: string | null;
  /** @example spec.section.update */
  readonly command!: string;
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b44' })
  readonly commandId!: string;
  /** @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b99 */
  readonly correlationId!: string;
  /** The types of its events. */
  @ApiProperty({ type: 'array', items: { type: 'string' }, maxItems: 100, example: ['spec.section.updated'] })
  readonly types!: string[];
}

export class SpecStory {
  @ApiProperty({ maxItems: 100 })
  readonly items!: StoryStepView[];
  readonly page!: PageView;
}

/** The story as text. */
export const storyLines = {
  mediaType: 'text/plain',
  description: 'A line for each step: time, versions, and what was done.',
  example: '2026-11-23T12:00:00.000Z v2 Ann changed the section "tldr".\n',
};
