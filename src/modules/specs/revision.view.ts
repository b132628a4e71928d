import { ApiProperty } from '@nestjs/swagger';
import { bounds } from '../../commands/bounds.js';
import { Optional, Sha256, WholeParameter } from '../../commands/fields.js';
import { changeKinds } from '../../events/review.events.js';
import { OnlyPageView } from '../http/page.view.js';
import { revisionStandings } from './revisions.decider.js';
import { PolicyReferenceView } from './spec.view.js';

export class RevisionView {
  /** From 1; a number is never given twice. */
  @ApiProperty({ type: 'integer', minimum: 1, example: 2 })
  readonly revision!: number;
  /** Of the present revision where the spec stands; of an approved one, `replaced` when another was approved after it. */
  @ApiProperty({ enum: revisionStandings, example: 'approved' })
  readonly standing!: (typeof revisionStandings)[number];
  /** The version of the spec that the approval made: `?revision=` and `?version=` read it. Null before. */
  @ApiProperty({ type: 'integer', nullable: true, example: 9 })
  readonly version!: number | null;
  /** The hash of what was approved; null before. */
  @ApiProperty({ type: String, nullable: true, pattern: '^[0-9a-f]{64}$', maxLength: 64, example: 'ab'.repeat(32) })
  readonly contentHash!: string | null;
  /** When it was last submitted. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly submittedAt!: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly approvedAt!: string | null;
  /** What it was judged by, where it was approved. */
  readonly policy?: PolicyReferenceView;
}

export class RevisionList {
  /** Oldest first. */
  @ApiProperty({ maxItems: 100_000 })
  readonly items!: RevisionView[];
  readonly page!: OnlyPageView;
}

export class RevisionChangesQuery {
  /**
   * The revision to compare with; the one approved before it by default.
   * @example 1
   */
  @Optional()
  @WholeParameter(1, 1_000_000_000)
  readonly from?: number;
}

export const partChanges = ['added', 'removed', 'changed', 'moved'] as const;

/** What became of one part of the document. */
export class PartChangeView {
  /** The section's key; null for what stands before the first one. */
  @ApiProperty({ type: String, nullable: true, example: 'risks-impact-review' })
  readonly section!: string | null;
  /** @example "Risks & Impact Review" */
  @ApiProperty({ type: String, nullable: true })
  readonly heading!: string | null;
  /** `moved`: its text is the same, and it stands elsewhere among the sections that stayed. */
  @ApiProperty({ enum: partChanges, example: 'changed' })
  readonly change!: (typeof partChanges)[number];
  /** How much the change can mean (docs/reviews.md). */
  @ApiProperty({ enum: changeKinds, example: 'normative' })
  readonly kind!: (typeof changeKinds)[number];
  /** The lines that differ, as a unified diff without file names; empty where only the place differs. */
  @ApiProperty({
    type: 'string',
    maxLength: bounds.documentBytes,
    example: '@@ -1,1 +1,1 @@\n-Keep them.\n+Keep them for a year.\n',
  })
  readonly diff!: string;
}

export class RevisionChanges {
  @ApiProperty({ type: 'integer', minimum: 1, example: 1 })
  readonly from!: number;
  @ApiProperty({ type: 'integer', minimum: 1, example: 2 })
  readonly to!: number;
  /** The hashes of what is compared. */
  @Sha256()
  readonly fromHash!: string;
  @Sha256()
  readonly toHash!: string;
  /** What differs, in the order of the later revision; what was removed comes last. */
  @ApiProperty({ maxItems: 10_000 })
  readonly changes!: PartChangeView[];
}
