import { bounds } from '../../commands/bounds.js';
import { commentCommands } from '../../commands/comment.commands.js';
import type { Caller } from '../../commands/command.js';
import { Refusal } from '../../commands/refusals.js';
import { commentEvents } from '../../events/comment.events.js';
import type { Decider } from '../event-store/decider.js';
import { anchorIn, idsOf } from './anchor.decider.js';
import type { AnchorFacts, MentionFacts } from './anchor.decider.js';
import type { Comment, Thread, ThreadState } from './thread-state.decider.js';
import { evolveThread } from './thread-state.decider.js';

/** Who wrote the first version of the spec that a thread is about. */
export type AuthorFacts = { specAuthorId: string | null };

export const threadDecider: Decider<ThreadState, typeof commentCommands, typeof commentEvents> = {
  streamType: 'thread',
  commands: commentCommands,
  events: commentEvents,
  initial: null,
  bytes: (thread) => (thread?.comments ?? []).reduce((sum, { body }) => sum + 500 + 2 * body.length, 1000),

  decide: {
    'comment.thread.open': (state, command) => {
      if (state) throw new Refusal('already_exists', 'There is such a thread already.');
      const facts = command.facts as AnchorFacts;
      const { specId, section = null, blocking = false, body, suggestion = null } = command;
      const about = { specId, specVersion: facts.specVersion, section, anchor: anchorIn(command, facts), blocking };
      const data = { ...about, body, mentions: idsOf(facts), suggestion };
      return [{ type: 'comment.thread.opened', data }];
    },
    'comment.thread.reply': (state, command) => {
      const thread = mustExist(state);
      const { commentId, body, suggestion = null } = command;
      const mentions = idsOf(command.facts as MentionFacts);
      if (thread.comments.length >= bounds.commentsInThread) {
        throw new Refusal(
          'validation_failed',
          `A thread has at most ${bounds.commentsInThread} comments; begin another.`,
        );
      }
      if (suggestion !== null && !thread.anchor) throw noStretch();
      return [{ type: 'comment.thread.replied', data: { commentId, body, mentions, suggestion } }];
    },
    'comment.thread.resolve': (state, { resolution = null, caller, facts }) => {
      const thread = mustExist(state);
      if (thread.status === 'resolved') return [];
      mustBeAbleToResolve(thread, caller, (facts as AuthorFacts).specAuthorId);
      return [{ type: 'comment.thread.resolved', data: { resolution } }];
    },
    'comment.thread.reopen': (state) =>
      mustExist(state).status === 'open' ? [] : [{ type: 'comment.thread.reopened', data: {} }],
    'comment.comment.edit': (state, command) => {
      const { commentId, body, caller } = command;
      const comment = mustFind(mustExist(state), commentId);
      if (comment.author.id !== caller.actor.id) throw new Refusal('not_permitted', 'Somebody else wrote the comment.');
      const mentions = command.mentions ? idsOf(command.facts as MentionFacts) : [...comment.mentions];
      const same = comment.body === body && JSON.stringify(comment.mentions) === JSON.stringify(mentions);
      return same ? [] : [{ type: 'comment.comment.edited', data: { commentId, body, mentions } }];
    },
    'comment.comment.delete': (state, { commentId, caller }) => {
      const comment = mustFind(mustExist(state), commentId);
      if (comment.author.id !== caller.actor.id && caller.role !== 'admin') {
        throw new Refusal('not_permitted', 'Somebody else wrote the comment.');
      }
      return [{ type: 'comment.comment.deleted', data: { commentId } }];
    },
    'comment.suggestion.apply': (state, { commentId, specVersion }) => {
      const { suggestion, appliedIn } = mustFind(mustExist(state), commentId);
      if (suggestion === null) throw new Refusal('not_found', 'The comment makes no suggestion.');
      return appliedIn === null ? [{ type: 'comment.suggestion.applied', data: { commentId, specVersion } }] : [];
    },
  },

  evolve: evolveThread,

  tag: (thread, version, command) => {
    if (!thread) return null;
    const commentId = commentOf(command);
    if (commentId === undefined) return version;
    const comment = thread.comments.find((one) => one.commentId === commentId);
    return comment ? comment.version : null;
  },
  touches: ({ data }, command) => {
    const commentId = commentOf(command);
    return commentId === undefined || ('commentId' in data && data.commentId === commentId);
  },
  receipt: (state, events, threadId) => {
    const written = events.find((event) => event.type === 'comment.thread.replied');
    const { specId, status } = mustExist(state);
    return { threadId, specId, status, ...(written && { commentId: written.data.commentId }) };
  },
};

const commentOf = (command: object): string | undefined =>
  'commentId' in command && typeof command.commentId === 'string' ? command.commentId : undefined;

export function mustExist(state: ThreadState): Thread {
  if (!state) throw new Refusal('not_found', 'There is no such thread in this organization.');
  return state;
}

function mustFind(thread: Thread, commentId: string): Comment {
  const comment = thread.comments.find((one) => one.commentId === commentId && one.deletedAt === null);
  if (!comment) throw new Refusal('not_found', 'The thread has no such comment.');
  return comment;
}

export const noStretch = () => {
  const errors = [{ pointer: '/suggestion', code: 'anchor', message: 'needs a thread on a stretch of text' }];
  return new Refusal('validation_failed', 'A suggestion takes the place of a stretch of text: there is none.', {
    errors,
  });
};

/**
 * A thread that may hold an approval up is out of the hands of whoever wants the approval: who wrote the spec does not
 * resolve it, and an agent does not do so for a human.
 */
function mustBeAbleToResolve({ blocking, opener }: Thread, { actor, role }: Caller, specAuthorId: string | null): void {
  if (actor.id === opener.id) return;
  const isAuthor = actor.id === specAuthorId;
  if (!blocking && (isAuthor || role === 'admin')) return;
  if (!blocking) {
    throw new Refusal('not_permitted', 'Who began the thread resolves it, the author of the spec or an administrator.');
  }
  if (role !== 'admin' || isAuthor) {
    throw new Refusal(
      'not_permitted',
      'Who began a blocking thread resolves it, or an administrator who is not the author of the spec.',
    );
  }
  if (opener.kind === 'human' && actor.kind === 'agent') {
    throw new Refusal('not_permitted', 'An agent does not resolve a blocking thread that a human began.');
  }
}
