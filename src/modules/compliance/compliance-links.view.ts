import { ApiProperty } from '@nestjs/swagger';
import { linkKinds } from '../../commands/spec-compliance.commands.js';
import { RulerView } from './compliance-report.view.js';
import { ElementRef, Finding } from './evaluation.view.js';

const some = {
  kind: 'route',
  key: 'POST /api/searches',
  hash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
};

/** A link that somebody confirmed. */
export class LinkView {
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0c22' })
  readonly linkId!: string;
  @ApiProperty({ enum: Object.keys(linkKinds), example: 'route_command' })
  readonly kind!: string;
  /** `suspect` once the text of either end is another one: it counts no more until it is confirmed anew. */
  @ApiProperty({ enum: ['confirmed', 'suspect'], example: 'confirmed' })
  readonly standing!: string;
  /** As it was confirmed. */
  @ApiProperty({ type: ElementRef, example: some })
  readonly element!: ElementRef;
  /** As it was confirmed; null for an extension. */
  @ApiProperty({ type: ElementRef, nullable: true, example: null })
  readonly counterpart!: ElementRef | null;
  /** What an extension extends. */
  @ApiProperty({ type: String, nullable: true, example: 'The route is there since 2024; only a filter is added.' })
  readonly reason!: string | null;
  readonly confirmedBy!: RulerView;
  @ApiProperty({ format: 'date-time' })
  readonly confirmedAt!: string;
}

/** What is linked in a spec, and what lacks a link. */
export class LinkList {
  @ApiProperty({ maxItems: 2000 })
  readonly items!: LinkView[];
  /** Elements that the text does not link, rule by rule: confirm the link, say it in the text, or say what they extend. */
  @ApiProperty({ maxItems: 1000 })
  readonly missing!: Finding[];
  /** Every element that can be linked, with the hash that a confirmation names. */
  @ApiProperty({ maxItems: 10_000, example: [some] })
  readonly elements!: ElementRef[];
}
