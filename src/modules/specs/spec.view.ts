import { ApiProperty } from '@nestjs/swagger';
import { bounds } from '../../commands/bounds.js';
import { Sha256 } from '../../commands/fields.js';
import { lifecycles } from '../../commands/lifecycle.commands.js';
import { PinnedTemplateView } from '../../commands/receipt.view.js';
import { PageView } from '../http/page.view.js';
import { SuspectView } from './dependency.view.js';

/** A section: a second-level heading and the Markdown below it. */
export class SectionView {
  /**
   * Stable as long as the section lives.
   * @example problem-statement
   */
  readonly key!: string;
  /**
   * The heading's text.
   * @example "Problem Statement"
   */
  readonly heading!: string;
  /** The exact Markdown between this heading and the next section. */
  @ApiProperty({ example: 'Every team writes its own search page.\n' })
  readonly body!: string;
  /** SHA-256 over the body's UTF-8 bytes. */
  @Sha256()
  readonly contentHash!: string;
  /** The spec's version at which the section last changed: its ETag. */
  @ApiProperty({ type: 'integer', example: 3 })
  readonly version!: number;
  /** Why the section does not apply, or null. */
  @ApiProperty({ type: String, nullable: true })
  readonly notApplicable!: string | null;
}

export class SectionList {
  @ApiProperty({ maxItems: 1000 })
  readonly items!: SectionView[];
  readonly page!: PageView;
}

export class RelationView {
  @ApiProperty({ enum: ['supersedes', 'depends_on', 'relates_to'], example: 'depends_on' })
  readonly type!: string;
  /** The other spec. */
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b22' })
  readonly specId!: string;
}

/** A policy as it was when it was judged by. */
export class PolicyReferenceView {
  /** @example default */
  readonly key!: string;
  @ApiProperty({ type: 'integer', example: 1 })
  readonly version!: number;
  /** SHA-256 over the policy's canonical JSON. */
  @Sha256()
  readonly hash!: string;
}

/** The approved revision. */
export class RevisionInForceView {
  @ApiProperty({ type: 'integer', example: 1 })
  readonly revision!: number;
  /** The version of the spec that the approval made: `?version=` reads it. */
  @ApiProperty({ type: 'integer', example: 9 })
  readonly version!: number;
  /** The hash of what was approved. */
  @Sha256()
  readonly contentHash!: string;
  @ApiProperty({ format: 'date-time' })
  readonly approvedAt!: string;
  @ApiProperty({ enum: lifecycles, example: 'approved' })
  readonly lifecycle!: string;
  /** What it was judged by. */
  readonly policy!: PolicyReferenceView;
  /** The override by which it was approved though the policy was not met; null where it was. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  readonly overrideId!: string | null;
}

/** How the review stands. */
export class ReviewSummary {
  /** How often the spec was submitted. */
  @ApiProperty({ type: 'integer', minimum: 0, example: 1 })
  readonly round!: number;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly submittedAt!: string | null;
  /** Votes of this round that are neither withdrawn nor outdated. */
  @ApiProperty({ type: 'integer', minimum: 0, example: 1 })
  readonly votes!: number;
  @ApiProperty({ type: 'integer', minimum: 0, example: 0 })
  readonly openConcerns!: number;
}

/** A legal hold that stands; who placed it is in the list of them. */
export class SpecHoldView {
  /** @example audit-2026 */
  readonly holdKey!: string;
  /** @example "The regulator asked for everything about this change." */
  readonly reason!: string;
  @ApiProperty({ format: 'date-time' })
  readonly placedAt!: string;
}

/** What lists say of a spec. */
export class SpecHead {
  /** @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11 */
  @ApiProperty({ format: 'uuid' })
  readonly specId!: string;
  /** The number within the organization, as in SPEC-12. */
  @ApiProperty({ type: 'integer', example: 12 })
  readonly number!: number;
  /** @example "Saved searches" */
  readonly title!: string;
  @ApiProperty({ enum: lifecycles, example: 'draft' })
  readonly lifecycle!: string;
  /** The revision that is being written, or the one in force. */
  @ApiProperty({ type: 'integer', example: 1 })
  readonly revision!: number;
  /** What is approved: beside an amendment it is another revision than the present one. */
  readonly inForce?: RevisionInForceView;
  readonly review!: ReviewSummary;
  /** Dependencies with a new approved revision that nobody has compared the spec with. */
  @ApiProperty({ maxItems: bounds.relations, example: [] })
  readonly suspects!: SuspectView[];
  /** While there is one, nothing of the spec is erased or put away. */
  @ApiProperty({ maxItems: 100, example: [] })
  readonly holds!: SpecHoldView[];
  /** The template that the spec is pinned to. */
  readonly template!: PinnedTemplateView;
  /** The number of events so far: the spec's ETag. */
  @ApiProperty({ type: 'integer', example: 7 })
  readonly version!: number;
  /** The hash of the content; docs/api-conventions.md says how it is made. */
  @Sha256()
  readonly contentHash!: string;
  /** @example ["search"] */
  @ApiProperty({ maxItems: bounds.labels })
  readonly labels!: string[];
  /** Who answers for the spec, or null. */
  @ApiProperty({ type: String, nullable: true, example: 'team-catalogue' })
  readonly owner!: string | null;
  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: string;
  @ApiProperty({ format: 'date-time' })
  readonly updatedAt!: string;
}

export class MetadataView {
  /** @example Status */
  readonly field!: string;
  /** @example Draft */
  readonly value!: string;
  /** How it stands there. */
  @ApiProperty({ enum: ['front_matter', 'table', 'line', 'list'], example: 'line' })
  readonly source!: string;
}

/** A spec, whole. */
export class SpecView extends SpecHead {
  @ApiProperty({ maxItems: bounds.relations })
  readonly relations!: RelationView[];
  /** The exact Markdown before the first section: front matter, title, metadata. */
  @ApiProperty({ example: '# Saved searches\n\n**Status**: Draft\n\n' })
  readonly preamble!: string;
  /** What the preamble says of itself, as written. It commands nothing. */
  readonly metadata!: MetadataView[];
  @ApiProperty({ maxItems: 1000 })
  readonly sections!: SectionView[];
}

/** A stretch of a section in which words of the search stand. */
export class FragmentView {
  /** @example problem-statement */
  readonly sectionKey!: string;
  /** @example "Every team writes its own search page" */
  readonly text!: string;
  /** Where in `text` the words stand: pairs of first character and the one after the last, in UTF-16 units. */
  @ApiProperty({
    type: 'array',
    items: { type: 'array', minItems: 2, maxItems: 2, items: { type: 'integer' } },
    example: [[26, 32]],
  })
  readonly highlights!: number[][];
}

export class MatchView {
  /**
   * Higher is better; comparable within one search.
   * @example 0.6
   */
  @ApiProperty({ minimum: 0 })
  readonly rank!: number;
  @ApiProperty({ maxItems: 3 })
  readonly fragments!: FragmentView[];
}

export class SpecSummary extends SpecHead {
  /** Only in a search (`q`). */
  readonly match?: MatchView;
}

export class SpecList {
  @ApiProperty({ maxItems: 100 })
  readonly items!: SpecSummary[];
  readonly page!: PageView;
}
