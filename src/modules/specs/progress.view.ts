import { ApiProperty } from '@nestjs/swagger';
import { bounds } from '../../commands/bounds.js';
import { lifecycles } from '../../commands/lifecycle.commands.js';
import { evidenceKinds } from '../../commands/progress.commands.js';
import { ActorView } from './spec-event.view.js';

export class EvidenceView {
  @ApiProperty({ enum: evidenceKinds, example: 'commit' })
  readonly kind!: string;
  /** @example 5f2c1e9 */
  readonly reference!: string;
}

/** How far a phase of the plan is. */
export class PhaseProgressView {
  /**
   * What it is recorded by.
   * @example phase-1
   */
  readonly key!: string;
  /**
   * As written.
   * @example "1"
   */
  @ApiProperty({ type: String, nullable: true })
  readonly number!: string | null;
  /** @example "Core inventory" */
  readonly title!: string;
  /** `changed`: what was said of it was said of another text. */
  @ApiProperty({ enum: ['not_started', 'in_progress', 'done', 'changed'], example: 'done' })
  readonly status!: string;
  @ApiProperty({ maxItems: bounds.evidence })
  readonly evidence!: EvidenceView[];
  /** The revision that was in force when somebody said so; null where nobody has. */
  @ApiProperty({ type: 'integer', nullable: true })
  readonly revision!: number | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly recordedAt!: string | null;
  /** Who said so. */
  readonly recordedBy?: ActorView;
  /**
   * The steps in the text; whether they are done is said of the phase.
   * @example 3
   */
  @ApiProperty({ type: 'integer' })
  readonly steps!: number;
}

/** How far the implementation of the revision in force is; before an approval, the plan of the draft. */
export class ProgressView {
  @ApiProperty({ type: 'integer', example: 1 })
  readonly revision!: number;
  /** Where that revision stands. */
  @ApiProperty({ enum: lifecycles, example: 'in_implementation' })
  readonly lifecycle!: string;
  /** How many phases there are. */
  @ApiProperty({ type: 'integer', example: 3 })
  readonly total!: number;
  /** How many of them are done. */
  @ApiProperty({ type: 'integer', example: 1 })
  readonly done!: number;
  @ApiProperty({ maxItems: 1000 })
  readonly phases!: PhaseProgressView[];
}
