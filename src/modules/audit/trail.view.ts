import { ApiProperty } from '@nestjs/swagger';
import { entryKinds } from '../../commands/trail-filter.commands.js';
import { PageView } from '../http/page.view.js';
import { SpecDiff } from '../specs/spec-diff.view.js';
import { ActorView, EventView } from '../specs/spec-event.view.js';

/** The request that it came by. It is kept for 400 days. */
export class RequestContextView {
  /** @example PATCH */
  readonly method!: string;
  /** @example /v1/organizations/01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b01/specs/01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11/sections/tldr */
  readonly path!: string;
  @ApiProperty({ type: 'integer', example: 200 })
  readonly status!: number;
  /** The API key, by its id. */
  @ApiProperty({ type: String, nullable: true, example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b02' })
  readonly keyId!: string | null;
  /** From where the service was reached: that of a proxy where there is one before it. */
  @ApiProperty({ example: '192.0.2.7' })
  readonly address!: string;
  @ApiProperty({ type: String, nullable: true, example: 'specline-ci/1.4' })
  readonly userAgent!: string | null;
}

/** One line of the trail. */
export class TrailEntryView {
  /** The event's id, or one of its own for what left no event. */
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b33' })
  readonly entryId!: string;
  @ApiProperty({ enum: entryKinds, example: 'event' })
  readonly kind!: string;
  /** @example spec.section.updated */
  readonly type!: string;
  @ApiProperty({ format: 'date-time' })
  readonly recordedAt!: string;
  /** The event's position in history; null for what left none. */
  @ApiProperty({ type: 'integer', nullable: true, example: 4711 })
  readonly seq!: number | null;
  @ApiProperty({ type: String, format: 'uuid', nullable: true, example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11' })
  readonly specId!: string | null;
  /** Of the stream that it stands in: of the spec, where it is one of its own events. */
  @ApiProperty({ type: 'integer', nullable: true, example: 7 })
  readonly version!: number | null;
  @ApiProperty({ type: String, nullable: true, example: 'tldr' })
  readonly section!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'spec.section.update' })
  readonly command!: string | null;
  @ApiProperty({ type: String, nullable: true })
  readonly transition!: string | null;
  readonly actor!: ActorView;
  @ApiProperty({ type: String, nullable: true })
  readonly onBehalfOf!: string | null;
  /** The request's id. */
  @ApiProperty({ example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b99' })
  readonly correlationId!: string;
  /** Of what was refused: the code of the problem. */
  @ApiProperty({ type: String, nullable: true })
  readonly code!: string | null;
  /** Why, in the words of whoever did it. */
  @ApiProperty({ type: String, nullable: true })
  readonly reason!: string | null;
  /** Of a decision: by which policy, votes or override, and what it means. */
  @ApiProperty({ type: Object, nullable: true, example: null })
  readonly decision!: object | null;
  /** The content hash of what it is about: what it was before, and is since. */
  @ApiProperty({ type: String, nullable: true, example: 'ab'.repeat(32) })
  readonly hashBefore!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'cd'.repeat(32) })
  readonly hashAfter!: string | null;
  /** Absent where it is not known: by the operator's tools, or longer ago than it is kept. */
  readonly request?: RequestContextView;
}

export class TrailPage {
  @ApiProperty({ maxItems: 100 })
  readonly items!: TrailEntryView[];
  readonly page!: PageView;
}

/** A line of the trail with all that is known of it. */
export class TrailEntryDetail extends TrailEntryView {
  /** The event itself, where it is one. */
  readonly event?: EventView;
  /** What it changed of a spec, where it is one of its events. */
  readonly diff?: SpecDiff;
}
