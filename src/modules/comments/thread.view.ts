import { ApiProperty } from '@nestjs/swagger';
import { Sha256 } from '../../commands/fields.js';
import { PageView } from '../http/page.view.js';

/** Who did something. */
export class ParticipantView {
  /** The member, or the key of nobody in particular. */
  @ApiProperty({ example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b03' })
  readonly id!: string;
  @ApiProperty({ enum: ['human', 'agent', 'service', 'system'], example: 'human' })
  readonly kind!: string;
  /** @example "Ada Lovelace" */
  readonly name!: string;
}

/** The stretch of text that a thread is about: as it was read, and where it is in the section as that is now. */
export class AnchorView {
  /** Where it was, elsewhere, what is left or was made of it, or not there any more. */
  @ApiProperty({ enum: ['exact', 'moved', 'changed', 'gone'], example: 'moved' })
  readonly status!: 'exact' | 'moved' | 'changed' | 'gone';
  /** In the section's present body, in UTF-16 code units; null when it is gone. */
  @ApiProperty({ type: 'integer', nullable: true, example: 40 })
  readonly start!: number | null;
  @ApiProperty({ type: 'integer', nullable: true, example: 51 })
  readonly end!: number | null;
  /**
   * As it was read.
   * @example "search page"
   */
  readonly quote!: string;
  /** What stood before it. */
  @ApiProperty({ example: 'Every team writes its own ' })
  readonly prefix!: string;
  /** What stood behind it. */
  @ApiProperty({ example: ', and none of them can be shared.\n' })
  readonly suffix!: string;
  /** Where it started in the body that was read. */
  @ApiProperty({ type: 'integer', example: 26 })
  readonly readStart!: number;
  /** The body that was read. */
  @Sha256()
  readonly readContentHash!: string;
}

const someAnchor: AnchorView = {
  status: 'moved',
  start: 40,
  end: 51,
  quote: 'search page',
  prefix: 'Every team writes its own ',
  suffix: ', and none of them can be shared.\n',
  readStart: 26,
  readContentHash: '2b3eb64f1c0bf2e6ded46b1e8c55fb51c9ee2f49297fbbec595775073cb1e96d',
};

/** A thread of comments, with what it began with. */
export class ThreadView {
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b66' })
  readonly threadId!: string;
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11' })
  readonly specId!: string;
  /** The version of the spec that the thread was opened on. */
  @ApiProperty({ type: 'integer', example: 7 })
  readonly specVersion!: number;
  /** The key of the section; null for a thread about the whole spec. */
  @ApiProperty({ type: String, nullable: true, example: 'problem-statement' })
  readonly section!: string | null;
  /**
   * Whether the spec has that section still.
   * @example true
   */
  readonly sectionExists!: boolean;
  /** Null for a thread about all of the section, or of the spec. */
  @ApiProperty({ type: AnchorView, nullable: true, example: someAnchor })
  readonly anchor!: AnchorView | null;
  /**
   * Whether it may hold up an approval while it is open.
   * @example true
   */
  readonly blocking!: boolean;
  @ApiProperty({ enum: ['open', 'resolved'], example: 'open' })
  readonly status!: string;
  readonly openedBy!: ParticipantView;
  @ApiProperty({ format: 'date-time' })
  readonly openedAt!: string;
  /** Who resolved it; null while it is open. So are the next two. */
  @ApiProperty({ type: ParticipantView, nullable: true, example: null })
  readonly resolvedBy!: ParticipantView | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly resolvedAt!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'The second paragraph says which page it is.' })
  readonly resolution!: string | null;
  /** The first comment; empty when it was deleted. */
  @ApiProperty({ example: 'Which of the two pages is it?\n' })
  readonly body!: string;
  /** How many comments there are, the first one included. */
  @ApiProperty({ type: 'integer', example: 3 })
  readonly comments!: number;
  /** The ids of all who are mentioned. */
  @ApiProperty({ maxItems: 10_000, example: ['01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b03'] })
  readonly mentions!: string[];
  /** The thread's version: its ETag. */
  @ApiProperty({ type: 'integer', example: 3 })
  readonly version!: number;
  @ApiProperty({ format: 'date-time' })
  readonly updatedAt!: string;
}

export class CommentView {
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b77' })
  readonly commentId!: string;
  readonly author!: ParticipantView;
  /** Empty when the comment was deleted. */
  @ApiProperty({ example: 'Which of the two pages is it?\n' })
  readonly body!: string;
  /** The ids of those who are mentioned. */
  @ApiProperty({ maxItems: 20, example: ['01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b03'] })
  readonly mentions!: string[];
  /** What the stretch should read instead; null when nothing is suggested. */
  @ApiProperty({ type: String, nullable: true, example: 'list of searches' })
  readonly suggestion!: string | null;
  /** The version of the spec that the suggestion was put into; null while it was not. */
  @ApiProperty({ type: 'integer', nullable: true, example: 8 })
  readonly appliedIn!: number | null;
  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly editedAt!: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly deletedAt!: string | null;
  /** The thread's version at which the comment last changed: its ETag. */
  @ApiProperty({ type: 'integer', example: 2 })
  readonly version!: number;
}

export class ThreadList {
  @ApiProperty({ maxItems: 100 })
  readonly items!: ThreadView[];
  readonly page!: PageView;
}

export class CommentList {
  @ApiProperty({ maxItems: 100 })
  readonly items!: CommentView[];
  readonly page!: PageView;
}

/** What every accepted write to a thread answers. */
export class ThreadReceipt {
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b66' })
  readonly threadId!: string;
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11' })
  readonly specId!: string;
  @ApiProperty({ enum: ['open', 'resolved'], example: 'open' })
  readonly status!: string;
  /** The comment that was written. */
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b77' })
  readonly commentId?: string;
  /** After a suggestion was applied: the version of the spec that has it. */
  @ApiProperty({ type: 'integer', example: 8 })
  readonly specVersion?: number;
  /** The thread's version after the write. */
  @ApiProperty({ type: 'integer', example: 3 })
  readonly version!: number;
  /** The position of the thread's last event in history. */
  @ApiProperty({ type: 'integer', example: 4711 })
  readonly seq!: number;
}
