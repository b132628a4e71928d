import { ApiProperty } from '@nestjs/swagger';
import { bounds } from '../../commands/bounds.js';
import { Sha256 } from '../../commands/fields.js';
import { ActorView } from './spec-event.view.js';

/** Lines that stand together and that one event brought. */
export class BlamedLinesView {
  /** The number of the first of them in the document, from 1. */
  @ApiProperty({ type: 'integer', minimum: 1, example: 5 })
  readonly firstLine!: number;
  /** The section that they stand in, by its key; null before the first one. */
  @ApiProperty({ type: String, nullable: true, example: 'overview' })
  readonly section!: string | null;
  /** The version of the spec that brought them: `origins` says more of it. */
  @ApiProperty({ type: 'integer', minimum: 1, example: 2 })
  readonly version!: number;
  /** Without their endings. */
  @ApiProperty({
    type: 'array',
    items: { type: 'string', maxLength: bounds.documentBytes },
    maxItems: bounds.documentBytes,
    example: ['Keep them for a year.'],
  })
  readonly lines!: string[];
}

/** The event that brought lines. */
export class LineOriginView {
  @ApiProperty({ type: 'integer', minimum: 1, example: 2 })
  readonly version!: number;
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b33' })
  readonly eventId!: string;
  /** @example spec.section.updated */
  readonly type!: string;
  /** @example spec.section.update */
  readonly command!: string;
  @ApiProperty({ format: 'date-time' })
  readonly recordedAt!: string;
  readonly actor!: ActorView;
}

/** Who wrote which lines of a spec, and when. */
export class SpecBlame {
  /** @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11 */
  @ApiProperty({ format: 'uuid' })
  readonly specId!: string;
  @ApiProperty({ type: 'integer', minimum: 1, example: 7 })
  readonly version!: number;
  @Sha256()
  readonly contentHash!: string;
  /** Every line of the document, in order. */
  @ApiProperty({ maxItems: bounds.documentBytes })
  readonly hunks!: BlamedLinesView[];
  /** The events behind the lines, oldest first. */
  @ApiProperty({ maxItems: bounds.documentBytes })
  readonly origins!: LineOriginView[];
}
