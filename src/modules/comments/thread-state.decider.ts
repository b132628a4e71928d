import type { commentEvents, TextAnchor } from '../../events/comment.events.js';
import type { Actor, Decider } from '../event-store/decider.js';

export type Comment = {
  commentId: string;
  author: Actor;
  /** Empty where the comment was deleted. */
  body: string;
  mentions: readonly string[];
  suggestion: string | null;
  /** The version of the spec that has the suggestion. */
  appliedIn: number | null;
  createdAt: string;
  editedAt: string | null;
  deletedAt: string | null;
  /** The stream version at which it last changed: its tag. */
  version: number;
};

export type Thread = {
  specId: string;
  specVersion: number;
  section: string | null;
  anchor: TextAnchor | null;
  blocking: boolean;
  status: 'open' | 'resolved';
  opener: Actor;
  openedAt: string;
  /** By whom, when and by what it was settled; null while it is open. */
  resolved: { by: Actor; at: string; resolution: string | null } | null;
  comments: readonly Comment[];
  updatedAt: string;
};

/** `null` until the first event. */
export type ThreadState = Thread | null;

type Evolve = Decider<ThreadState, Record<never, never>, typeof commentEvents>['evolve'];

const fresh = { appliedIn: null, editedAt: null, deletedAt: null } as const;

const changed = (state: ThreadState, at: string, change: Partial<Thread>): ThreadState =>
  state && { ...state, ...change, updatedAt: at };

function commentChanged(
  state: ThreadState,
  commentId: string,
  { at, version }: { at: string; version: number },
  change: Partial<Comment>,
): ThreadState {
  const comments = state?.comments.map((one) => (one.commentId === commentId ? { ...one, ...change, version } : one));
  return changed(state, at, { comments });
}

export const evolveThread: Evolve = {
  'comment.thread.opened': (_, { body, mentions, suggestion, ...data }, { streamId, actor, at, version }) => ({
    ...data,
    status: 'open',
    opener: actor,
    openedAt: at,
    resolved: null,
    comments: [{ ...fresh, commentId: streamId, author: actor, body, mentions, suggestion, createdAt: at, version }],
    updatedAt: at,
  }),
  'comment.thread.replied': (state, data, { actor, at, version }) =>
    changed(state, at, {
      comments: [...(state?.comments ?? []), { ...fresh, ...data, author: actor, createdAt: at, version }],
    }),
  'comment.thread.resolved': (state, { resolution }, { actor, at }) =>
    changed(state, at, { status: 'resolved', resolved: { by: actor, at, resolution } }),
  'comment.thread.reopened': (state, _, { at }) => changed(state, at, { status: 'open', resolved: null }),
  'comment.comment.edited': (state, { commentId, body, mentions }, context) =>
    commentChanged(state, commentId, context, { body, mentions, editedAt: context.at }),
  'comment.comment.deleted': (state, { commentId }, context) =>
    commentChanged(state, commentId, context, {
      body: '',
      mentions: [],
      suggestion: null,
      deletedAt: context.at,
    }),
  'comment.suggestion.applied': (state, { commentId, specVersion }, context) =>
    commentChanged(state, commentId, context, { appliedIn: specVersion }),
};
