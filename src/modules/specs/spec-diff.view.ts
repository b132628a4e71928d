import { ApiProperty } from '@nestjs/swagger';
import { bounds } from '../../commands/bounds.js';
import { Optional, Sha256 } from '../../commands/fields.js';
import { Moment } from '../../commands/time-field.js';
import { PartChangeView } from './revision.view.js';

/** What to compare. */
export class SpecDiffQuery {
  /**
   * The earlier side: a version (`7`), a revision (`r2`, `approved`) or a time (RFC 3339); the first version by default.
   * @example 1
   */
  @Optional()
  @Moment()
  readonly from?: string;

  /** The later side, said the same way; the spec as it is by default. */
  @Optional()
  @Moment()
  readonly to?: string;
}

/** One side of a comparison. */
export class DiffSideView {
  @ApiProperty({ type: 'integer', minimum: 1, example: 7 })
  readonly version!: number;
  /** When that version was made. */
  @ApiProperty({ format: 'date-time' })
  readonly at!: string;
  @Sha256()
  readonly contentHash!: string;
}

export const diffFields = ['title', 'lifecycle', 'owner', 'labels', 'relations', 'notApplicable'] as const;

/** What differs beside the text. Each side is a list: of one value, of none, or of several where there can be. */
export class FieldChangeView {
  @ApiProperty({ enum: diffFields, example: 'owner' })
  readonly field!: (typeof diffFields)[number];
  /** The section that it is about, where it is about one. */
  @ApiProperty({ type: String, nullable: true })
  readonly section!: string | null;
  @ApiProperty({ type: 'array', items: { type: 'string' }, maxItems: 1000, example: [] })
  readonly before!: string[];
  @ApiProperty({ type: 'array', items: { type: 'string' }, maxItems: 1000, example: ['team-catalogue'] })
  readonly after!: string[];
}

export class WordRunView {
  @ApiProperty({ enum: ['same', 'removed', 'added'], example: 'added' })
  readonly change!: string;
  @ApiProperty({ type: 'string', maxLength: bounds.documentBytes, example: ' for a year' })
  readonly text!: string;
}

/** Lines of prose that were rewritten, by words. Code and tables are in the unified diff only. */
export class RewrittenLinesView {
  /** Where they began in the section before, from 1; the heading is its first line. */
  @ApiProperty({ type: 'integer', minimum: 1, example: 3 })
  readonly beforeLine!: number;
  @ApiProperty({ type: 'integer', minimum: 1, example: 3 })
  readonly afterLine!: number;
  @ApiProperty({ maxItems: 20_000 })
  readonly words!: WordRunView[];
}

export class SectionDiffView extends PartChangeView {
  /** Whether it stands elsewhere among the sections that stayed: a section can be moved and changed. */
  @ApiProperty({ example: false })
  readonly moved!: boolean;
  /** Its place among the sections, from 1; 0 for what stands before the first one, null where it is not there. */
  @ApiProperty({ type: 'integer', nullable: true, example: 2 })
  readonly placeBefore!: number | null;
  @ApiProperty({ type: 'integer', nullable: true, example: 2 })
  readonly placeAfter!: number | null;
  @ApiProperty({ maxItems: 10_000 })
  readonly rewritten!: RewrittenLinesView[];
}

export class LinePlaceView {
  /** The section's key; null for what stands before the first one. */
  @ApiProperty({ type: String, nullable: true, example: 'overview' })
  readonly section!: string | null;
  /** From 1; the heading is a section's first line. */
  @ApiProperty({ type: 'integer', minimum: 1, example: 4 })
  readonly line!: number;
}

/** Lines that went in one place and came in another, word for word: at least 20 letters or digits. */
export class MovedLinesView {
  readonly from!: LinePlaceView;
  readonly to!: LinePlaceView;
  @ApiProperty({ type: 'integer', minimum: 1, example: 1 })
  readonly lines!: number;
  @ApiProperty({ type: 'string', maxLength: bounds.documentBytes, example: 'Old searches are deleted after a year.\n' })
  readonly text!: string;
}

/** What differs between two moments of a spec. */
export class SpecDiff {
  readonly from!: DiffSideView;
  readonly to!: DiffSideView;
  readonly fields!: FieldChangeView[];
  /** What differs in the text, in the order of the later side; what was removed comes last. */
  @ApiProperty({ maxItems: 10_000 })
  readonly sections!: SectionDiffView[];
  @ApiProperty({ maxItems: 10_000 })
  readonly movedLines!: MovedLinesView[];
}

/** The media type of a unified diff. */
export const unifiedDiff = {
  mediaType: 'text/x-diff',
  description: 'A unified diff of the whole Markdown, good for `patch` and `git apply`.',
  example:
    '--- a/SPEC-12.md\tversion 1\n+++ b/SPEC-12.md\tversion 2\n@@ -1,1 +1,1 @@\n-Keep them.\n+Keep them for a year.\n',
};
