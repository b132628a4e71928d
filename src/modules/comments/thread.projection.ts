import type { commentEvents, TextAnchor } from '../../events/comment.events.js';
import type { EventContext, Projection } from '../event-store/decider.js';
import { ProjectionTable } from '../event-store/projection-tables.js';
import type { Comment, Thread, ThreadState } from './thread-state.decider.js';

export type ThreadRow = {
  organizationId: string;
  threadId: string;
  specId: string;
  specVersion: number;
  section: string | null;
  anchor: TextAnchor | null;
  blocking: boolean;
  status: string;
  openerId: string;
  openerKind: string;
  openerName: string;
  openedAt: string;
  resolverId: string | null;
  resolverKind: string | null;
  resolverName: string | null;
  resolvedAt: string | null;
  resolution: string | null;
  /** How many comments it has that are not deleted. */
  comments: number;
  /** Everybody whom one of these mentions. */
  mentions: readonly string[];
  version: number;
  updatedAt: string;
};

export type CommentRow = {
  organizationId: string;
  threadId: string;
  commentId: string;
  position: number;
  authorId: string;
  authorKind: string;
  authorName: string;
  body: string;
  mentions: readonly string[];
  suggestion: string | null;
  appliedIn: number | null;
  createdAt: string;
  editedAt: string | null;
  deletedAt: string | null;
  version: number;
};

export const threadTable = new ProjectionTable<ThreadRow>(
  'comment_thread',
  {
    organizationId: 'uuid',
    threadId: 'uuid',
    specId: 'uuid',
    specVersion: 'bigint',
    section: 'text',
    anchor: 'jsonb',
    blocking: 'boolean',
    status: 'text',
    openerId: 'text',
    openerKind: 'text',
    openerName: 'text',
    openedAt: 'timestamptz',
    resolverId: 'text',
    resolverKind: 'text',
    resolverName: 'text',
    resolvedAt: 'timestamptz',
    resolution: 'text',
    comments: 'integer',
    mentions: 'text[]',
    version: 'bigint',
    updatedAt: 'timestamptz',
  },
  ['organizationId', 'threadId'],
);

export const commentTable = new ProjectionTable<CommentRow>(
  'comment',
  {
    organizationId: 'uuid',
    threadId: 'uuid',
    commentId: 'uuid',
    position: 'integer',
    authorId: 'text',
    authorKind: 'text',
    authorName: 'text',
    body: 'text',
    mentions: 'text[]',
    suggestion: 'text',
    appliedIn: 'bigint',
    createdAt: 'timestamptz',
    editedAt: 'timestamptz',
    deletedAt: 'timestamptz',
    version: 'bigint',
  },
  ['organizationId', 'threadId', 'commentId'],
);

/** A thread's row, and that of the comment that the event is about. */
export const projectThread: Projection<ThreadState, typeof commentEvents> = (thread, { type, data }, context) => {
  if (!thread) return [];
  const commentId = type === 'comment.thread.opened' ? context.streamId : 'commentId' in data ? data.commentId : null;
  const position = thread.comments.findIndex((comment) => comment.commentId === commentId);
  const comment = thread.comments[position];
  return [
    threadTable.put(threadRow(thread, context)),
    ...(comment ? [commentTable.put(commentRow(comment, position, context))] : []),
  ];
};

function threadRow(thread: Thread, { organizationId, streamId, version }: EventContext): ThreadRow {
  const { specId, specVersion, section, anchor, blocking, status, opener, openedAt, resolved, updatedAt } = thread;
  const comments = thread.comments.filter(({ deletedAt }) => deletedAt === null);
  return {
    organizationId,
    threadId: streamId,
    specId,
    specVersion,
    section,
    anchor,
    blocking,
    status,
    openerId: opener.id,
    openerKind: opener.kind,
    openerName: opener.name,
    openedAt,
    resolverId: resolved?.by.id ?? null,
    resolverKind: resolved?.by.kind ?? null,
    resolverName: resolved?.by.name ?? null,
    resolvedAt: resolved?.at ?? null,
    resolution: resolved?.resolution ?? null,
    comments: comments.length,
    mentions: [...new Set(comments.flatMap(({ mentions }) => mentions))],
    version,
    updatedAt,
  };
}

function commentRow(comment: Comment, position: number, { organizationId, streamId }: EventContext): CommentRow {
  const { author, ...own } = comment;
  return {
    ...own,
    organizationId,
    threadId: streamId,
    position,
    authorId: author.id,
    authorKind: author.kind,
    authorName: author.name,
  };
}
