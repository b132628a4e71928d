import { ApiProperty } from '@nestjs/swagger';
import { Sha256 } from './fields.js';
import { lifecycles } from './lifecycle.commands.js';
import { refusals } from './refusals.js';

/** How a section of an imported document got its key. */
export class SectionMatchView {
  /** @example risks-impact-review */
  readonly key!: string;
  /** @example "8. Risks & Impact Review" */
  readonly heading!: string;
  /** By its exact name, another name for it, its place between neighbours, likeness; or it is a section of its own. */
  @ApiProperty({ enum: ['exact', 'alias', 'order', 'fuzzy', 'custom'], example: 'exact' })
  readonly matchedBy!: 'exact' | 'alias' | 'order' | 'fuzzy' | 'custom';
  /**
   * How sure that is.
   * @example 1
   */
  @ApiProperty({ minimum: 0, maximum: 1 })
  readonly confidence!: number;
}

/** A stretch of the document that could not be read as what it looks like. It is kept as text all the same. */
export class UnreadView {
  /** First byte, from 0. */
  @ApiProperty({ type: 'integer', example: 0 })
  readonly start!: number;
  /** The byte after the last. */
  @ApiProperty({ type: 'integer', example: 40 })
  readonly end!: number;
  /** @example "The front matter is not valid YAML." */
  readonly reason!: string;
}

export class PinnedTemplateView {
  /** @example spec */
  readonly key!: string;
  @ApiProperty({ type: 'integer', example: 1 })
  readonly version!: number;
}

/** Bytes received, and bytes that an export of what was stored gives: the same number. */
export class ImportedBytes {
  @ApiProperty({ type: 'integer', example: 121 })
  readonly in!: number;
  @ApiProperty({ type: 'integer', example: 121 })
  readonly out!: number;
}

/** What an import made of a document. */
export class ImportReport {
  readonly template!: PinnedTemplateView;
  /** Each section in order. */
  @ApiProperty({ maxItems: 1000 })
  readonly sections!: SectionMatchView[];
  /**
   * Keys of required sections that the document does not have.
   * @example ["api-contracts"]
   */
  @ApiProperty({ maxItems: 1000 })
  readonly missing!: string[];
  /** What of the preamble could not be read. */
  readonly unread!: UnreadView[];
  readonly bytes!: ImportedBytes;
}

/** What every accepted write to a spec answers. */
export class Receipt {
  /** @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11 */
  @ApiProperty({ format: 'uuid' })
  readonly specId!: string;
  /** The number within the organization, as in SPEC-12. */
  @ApiProperty({ type: 'integer', example: 12 })
  readonly number!: number;
  /** The spec's version after the write: its ETag. A command that changes nothing makes no new one. */
  @ApiProperty({ type: 'integer', example: 7 })
  readonly version!: number;
  /** The position of the spec's last event in history. */
  @ApiProperty({ type: 'integer', example: 4711 })
  readonly seq!: number;
  /** Hash of the content after the write. */
  @Sha256()
  readonly contentHash!: string;
  /** Where the spec stands after the write. */
  @ApiProperty({ enum: lifecycles, example: 'draft' })
  readonly lifecycle!: string;
  /** The key of the section that was added. */
  readonly sectionKey?: string;
  /** After an import of a new spec. */
  readonly importReport?: ImportReport;
}

/** A condition that was looked at. */
export class GuardView {
  /** @example stands_there */
  readonly guard!: string;
  @ApiProperty({ example: true })
  readonly met!: boolean;
  /** What it is refused with where it is not met. */
  @ApiProperty({ enum: Object.keys(refusals), example: 'transition_not_allowed' })
  readonly code!: string;
  /**
   * What it says where it is met, and what is wrong where it is not.
   * @example "The spec is one of: draft."
   */
  readonly sentence!: string;
}

/** Why something would be refused. */
export class RefusalView {
  @ApiProperty({ enum: Object.keys(refusals), example: 'guard_failed' })
  readonly code!: string;
  @ApiProperty({ type: 'integer', example: 409 })
  readonly status!: number;
  /** @example "The template requires these sections: Risks." */
  readonly detail!: string;
}

/** What would come of a request, were it not a simulation. */
export class SimulationView {
  @ApiProperty({ example: true })
  readonly allowed!: boolean;
  /** Only where it would be refused. */
  readonly refusal?: RefusalView;
  /** Every guard, in the order in which they refuse. */
  @ApiProperty({ maxItems: 20 })
  readonly trace!: GuardView[];
  /**
   * The types of the events that it would write.
   * @example ["spec.lifecycle.submitted"]
   */
  @ApiProperty({ maxItems: 3000 })
  readonly events!: string[];
}

/** What an accepted transition or vote answers. */
export class ReviewReceipt extends Receipt {
  /** The vote that was cast. */
  @ApiProperty({ format: 'uuid' })
  readonly voteId?: string;
  /** The override that was used. */
  @ApiProperty({ format: 'uuid' })
  readonly overrideId?: string;
  /** Only with `simulate=true`: nothing was changed, and this is the verdict. */
  readonly simulation?: SimulationView;
}
