/** A stretch of a section's body as it was read: where, what, and what stood around it. Offsets in UTF-16 units. */
export type TextAnchor = {
  quote: string;
  prefix: string;
  suffix: string;
  start: number;
  end: number;
  /** SHA-256 over the body's UTF-8 bytes, hex. */
  contentHash: string;
};

/** A thread with its first comment, whose id is the thread's. */
export class ThreadOpened {
  readonly specId!: string;
  /** The spec as it was when the thread began. */
  readonly specVersion!: number;
  /** The key of a section; null where the thread is about the spec. */
  readonly section!: string | null;
  /** Null where the thread is about all of the section. */
  readonly anchor!: TextAnchor | null;
  readonly blocking!: boolean;
  readonly body!: string;
  readonly mentions!: string[];
  readonly suggestion!: string | null;
}

export class ThreadReplied {
  readonly commentId!: string;
  readonly body!: string;
  readonly mentions!: string[];
  readonly suggestion!: string | null;
}

export class ThreadResolved {
  readonly resolution!: string | null;
}

export class ThreadReopened {}

/** All of the comment's text and mentions as they are from here on. */
export class CommentEdited {
  readonly commentId!: string;
  readonly body!: string;
  readonly mentions!: string[];
}

export class CommentDeleted {
  readonly commentId!: string;
}

/** The suggestion is in the spec since its version `specVersion`. */
export class SuggestionApplied {
  readonly commentId!: string;
  readonly specVersion!: number;
}

/** Storage format: stored forever, changed only by adding. */
export const commentEvents = {
  'comment.thread.opened': ThreadOpened,
  'comment.thread.replied': ThreadReplied,
  'comment.thread.resolved': ThreadResolved,
  'comment.thread.reopened': ThreadReopened,
  'comment.comment.edited': CommentEdited,
  'comment.comment.deleted': CommentDeleted,
  'comment.suggestion.applied': SuggestionApplied,
};
