import { ApiProperty } from '@nestjs/swagger';

/** A section as one side would have it. */
export class SectionSide {
  /** @example TLDR */
  readonly heading!: string;
  /** @example "Keep searches." */
  readonly body!: string;
  /** Why it does not apply; null where it does. */
  @ApiProperty({ type: String, nullable: true })
  readonly notApplicable!: string | null;
  /** The version at which it last changed; only of what is there. */
  @ApiProperty({ type: 'integer', minimum: 1, example: 7 })
  readonly version?: number;
}

/** A section that both sides changed, each in its own way. */
export class SectionConflict {
  /** @example tldr */
  readonly sectionKey!: string;
  /** As it was sent; null where it was left out. */
  @ApiProperty({ type: () => SectionSide, nullable: true })
  readonly yours!: SectionSide | null;
  /** As it is there; null where it was removed. */
  @ApiProperty({ type: () => SectionSide, nullable: true })
  readonly theirs!: SectionSide | null;
}

/** What else of a spec both sides changed: text, a list, or null for an owner that there is none of. */
export class FieldConflict {
  @ApiProperty({ enum: ['preamble', 'labels', 'owner', 'relations'], example: 'labels' })
  readonly field!: string;
  /** As it was sent. */
  @ApiProperty({ type: Object, example: ['search'] })
  readonly yours!: unknown;
  /** As it is there. */
  @ApiProperty({ type: Object, example: ['ordering'] })
  readonly theirs!: unknown;
}
