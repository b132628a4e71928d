import { ApiHideProperty } from '@nestjs/swagger';
import { bounds } from './bounds.js';
import { DomainCommand } from './command.js';
import {
  Example,
  Flag,
  Key,
  Lines,
  Markdown,
  NotBlank,
  ObjectOf,
  Optional,
  PathId,
  Reason,
  Sha256Text,
  Whole,
} from './fields.js';
import { Refuses } from './refuses.js';

/** A stretch of a section's text, as it was read. */
export class TextAnchorBody {
  /**
   * The words themselves.
   * @example "search page"
   */
  @NotBlank()
  @Markdown(bounds.quote)
  readonly quote!: string;

  /**
   * Where they start in the section's body, in UTF-16 code units from 0.
   * @example 26
   */
  @Whole(0, bounds.documentBytes)
  readonly start!: number;

  /**
   * The hash of the section's body that was read.
   * @example 2b3eb64f1c0bf2e6ded46b1e8c55fb51c9ee2f49297fbbec595775073cb1e96d
   */
  @Sha256Text()
  readonly contentHash!: string;
}

const someAnchor: TextAnchorBody = {
  quote: 'search page',
  start: 26,
  contentHash: '2b3eb64f1c0bf2e6ded46b1e8c55fb51c9ee2f49297fbbec595775073cb1e96d',
};

/** Something is asked of one thread of comments. */
export abstract class ThreadCommand extends DomainCommand {
  /**
   * The thread.
   * @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b66
   */
  @PathId()
  readonly threadId!: string;

  get streamId(): string {
    return this.threadId;
  }
}

/** What somebody writes into a thread. */
abstract class WritingCommand extends ThreadCommand {
  @Example('Which of the two pages is it?\n')
  @NotBlank()
  @Markdown(bounds.comment)
  readonly body!: string;

  /**
   * Those who should read it: members, by id or by name.
   * @example ["Ada Lovelace"]
   */
  @Optional()
  @Lines(bounds.owner, bounds.mentions)
  readonly mentions?: string[];
}

/** Begins a thread: on a stretch of a section, on a section, or on the whole spec. */
@Refuses('content_changed')
export class OpenThread extends WritingCommand {
  /**
   * The spec.
   * @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11
   */
  @PathId()
  readonly specId!: string;

  /**
   * The key of the section; without it the thread is about the spec.
   * @example problem-statement
   */
  @Optional()
  @Key(100)
  readonly section?: string;

  /** The stretch of the section; without it the thread is about all of the section. */
  @Optional()
  @ObjectOf(() => TextAnchorBody, someAnchor)
  readonly anchor?: TextAnchorBody;

  /**
   * Whether the spec should not be approved before the thread is resolved; a policy says whether that is so.
   * @example true
   */
  @Optional()
  @Flag()
  readonly blocking?: boolean;

  /** What the stretch should read instead: it can be put there by a request of its own. */
  @Example('list of searches')
  @Optional()
  @Markdown(bounds.suggestion)
  readonly suggestion?: string;
}

/** Answers in a thread. */
export class ReplyToThread extends WritingCommand {
  @PathId()
  readonly commentId!: string;

  /** What the stretch that the thread is about should read instead. */
  @Example('list of searches')
  @Optional()
  @Markdown(bounds.suggestion)
  readonly suggestion?: string;
}

/** Says that a thread needs no more attention. */
@Refuses('not_permitted')
export class ResolveThread extends ThreadCommand {
  /**
   * What settled it.
   * @example "The second paragraph says which page it is."
   */
  @Optional()
  @Reason()
  readonly resolution?: string;
}

/** Says that a resolved thread needs attention after all. */
export class ReopenThread extends ThreadCommand {}

export abstract class CommentCommand extends ThreadCommand {
  /**
   * The comment. The first one of a thread has the id of the thread.
   * @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b77
   */
  @PathId()
  readonly commentId!: string;
}

/** Writes a comment anew; only who wrote it can. What it said before stays in history. */
@Refuses('not_permitted')
export class EditComment extends CommentCommand {
  @Example('Which of the two pages is it, and who owns it?\n')
  @NotBlank()
  @Markdown(bounds.comment)
  readonly body!: string;

  /**
   * All who should read it: members, by id or by name; as before where it is left out.
   * @example ["Ada Lovelace"]
   */
  @Optional()
  @Lines(bounds.owner, bounds.mentions)
  readonly mentions?: string[];
}

/** Takes a comment out of the thread; who wrote it can, and an administrator. What it said stays in history. */
@Refuses('not_permitted')
export class DeleteComment extends CommentCommand {}

/** Puts a suggestion in the place of the stretch that it is about: once. */
@Refuses('content_changed', 'content_locked', 'section_not_self_contained', 'markdown_too_deep', 'document_too_large')
export class ApplySuggestion extends CommentCommand {
  /** The version of the spec that has it; made by the edge, which has changed the spec. */
  @ApiHideProperty()
  readonly specVersion!: number;

  /** The section was changed by an ordinary command, which made this version. */
  in(specVersion: number): this {
    return Object.assign(this, { specVersion });
  }
}

export const commentCommands = {
  'comment.thread.open': OpenThread,
  'comment.thread.reply': ReplyToThread,
  'comment.thread.resolve': ResolveThread,
  'comment.thread.reopen': ReopenThread,
  'comment.comment.edit': EditComment,
  'comment.comment.delete': DeleteComment,
  'comment.suggestion.apply': ApplySuggestion,
};
