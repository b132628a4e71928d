import { hash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  ApplySuggestion,
  DeleteComment,
  EditComment,
  OpenThread,
  ReopenThread,
  ReplyToThread,
  ResolveThread,
} from '../../commands/comment.commands.js';
import type { Caller } from '../../commands/command.js';
import { Refusal } from '../../commands/refusals.js';
import type { commentEvents } from '../../events/comment.events.js';
import { caller, given, stateAfter } from '../../../test/support/given.js';
import type { EventOf } from '../event-store/decider.js';

import { threadDecider } from './thread.decider.js';

type ThreadEvent = EventOf<typeof commentEvents>;

const body = 'All saved searches are kept.\n';
const anchor = { quote: 'saved searches', start: 4, contentHash: hash('sha256', body) };
const facts = { mentioned: [], specVersion: 7, body };
const threadId = 'stream';
const ben: Caller['actor'] = { id: 'ben', kind: 'human', name: 'Ben' };

const opened = (
  change: Partial<Extract<ThreadEvent, { type: 'comment.thread.opened' }>['data']> = {},
): ThreadEvent => ({
  type: 'comment.thread.opened',
  data: {
    specId: 'spec',
    specVersion: 7,
    section: 'tldr',
    anchor: { ...anchor, end: 18, prefix: 'All ', suffix: ' are kept.\n' },
    blocking: false,
    body: 'Which?',
    mentions: [],
    suggestion: 'searches',
    ...change,
  },
});
const replied: ThreadEvent = {
  type: 'comment.thread.replied',
  data: { commentId: 'reply', body: 'These.', mentions: ['ann'], suggestion: null },
};
const resolved: ThreadEvent = { type: 'comment.thread.resolved', data: { resolution: null } };

describe('Beginning a thread', () => {
  const open = { threadId, specId: 'spec', section: 'tldr', anchor, body: 'Which?', suggestion: 'searches' };

  test('keeps the stretch with what stands around it', () => {
    given(threadDecider).when(OpenThread, open, facts).then(opened());
  });

  test('is possible on a section and on the spec', () => {
    const plain = { anchor: undefined, suggestion: undefined };
    given(threadDecider)
      .when(OpenThread, { ...open, ...plain }, facts)
      .then(opened({ anchor: null, suggestion: null }));
    given(threadDecider)
      .when(OpenThread, { ...open, ...plain, section: undefined, blocking: true }, { ...facts, body: null })
      .then(opened({ anchor: null, suggestion: null, section: null, blocking: true }));
  });

  test('mentions everybody once', () => {
    const mentioned = { ...facts, mentioned: ['ann', 'ben', 'ann'] };
    given(threadDecider)
      .when(OpenThread, open, mentioned)
      .then(opened({ mentions: ['ann', 'ben'] }));
  });

  test.each([
    ['a section that is not there', {}, { body: null }, '/section'],
    ['a stretch of no section', { section: undefined, suggestion: undefined }, {}, '/section'],
    ['words that do not stand there', { anchor: { ...anchor, start: 5 } }, {}, '/anchor/quote'],
    ['words behind the end', { anchor: { ...anchor, start: 400 } }, {}, '/anchor/quote'],
    ['a suggestion for no stretch', { anchor: undefined }, {}, '/suggestion'],
    ['a mention of nobody', {}, { mentioned: ['ann', null] }, '/mentions/1'],
  ])('on %s is refused', (_name, change, known, pointer) => {
    const { events } = given(threadDecider).when(OpenThread, { ...open, ...change }, { ...facts, ...known });
    expect(events).toThrow(
      expect.objectContaining({
        code: 'validation_failed',
        details: { errors: [expect.objectContaining({ pointer })] },
      }),
    );
  });

  test('on a text that has changed since it was read is refused', () => {
    given(threadDecider)
      .when(OpenThread, open, { ...facts, body: `${body}More.\n` })
      .refused('content_changed');
    given(threadDecider, opened()).when(OpenThread, open, facts).refused('already_exists');
  });
});

describe('Answering', () => {
  const reply = { threadId, commentId: 'reply', body: 'These.' };

  test('adds a comment, to a resolved thread as well', () => {
    given(threadDecider, opened(), resolved)
      .when(ReplyToThread, reply, { mentioned: ['ann'] })
      .then(replied);
  });

  test('in no thread, with a suggestion for no stretch, or in a full thread is refused', () => {
    given(threadDecider).when(ReplyToThread, reply, { mentioned: [] }).refused('not_found');
    given(threadDecider, opened({ anchor: null }))
      .when(ReplyToThread, { ...reply, suggestion: 'x' }, { mentioned: [] })
      .refused('validation_failed');
    const full = Array.from({ length: 499 }, () => replied);
    given(threadDecider, opened(), ...full)
      .when(ReplyToThread, reply, { mentioned: [] })
      .refused('validation_failed');
  });
});

describe('Resolving', () => {
  type Role = Caller['role'];
  const resolve = (thread: ThreadEvent, actor: Caller['actor'], role: Role, specAuthorId = 'carl') => {
    const command = Object.assign(new ResolveThread(), { threadId, facts: { specAuthorId } });
    try {
      const state = stateAfter(threadDecider, [thread]);
      return threadDecider.decide['comment.thread.resolve'](state, command.from({ ...caller, actor, role })).length;
    } catch (error) {
      return error instanceof Refusal ? error.code : error;
    }
  };
  const agent: Caller['actor'] = { ...ben, kind: 'agent' };

  test.each([
    ['who began it', false, caller.actor, 'writer', 'carl', 1],
    ['the author of the spec', false, ben, 'writer', 'ben', 1],
    ['an administrator', false, ben, 'admin', 'carl', 1],
    ['somebody else', false, ben, 'writer', 'carl', 'not_permitted'],
    ['who began it, and it blocks', true, caller.actor, 'writer', 'carl', 1],
    ['an administrator, and it blocks', true, ben, 'admin', 'carl', 1],
    ['the author of the spec, and it blocks', true, ben, 'writer', 'ben', 'not_permitted'],
    ['the author of the spec, an administrator, and it blocks', true, ben, 'admin', 'ben', 'not_permitted'],
    ['an agent with the rights of an administrator, and it blocks', true, agent, 'admin', 'carl', 'not_permitted'],
    ['such an agent, and it does not block', false, agent, 'admin', 'carl', 1],
  ] as const)('by %s', (_name, blocking, actor, role, specAuthorId, verdict) => {
    expect(resolve(opened({ blocking }), actor, role, specAuthorId)).toBe(verdict);
  });

  test('again, or reopening what is open, changes nothing', () => {
    given(threadDecider, opened(), resolved).when(ResolveThread, { threadId }, { specAuthorId: null }).then();
    given(threadDecider, opened()).when(ReopenThread, { threadId }).then();
    given(threadDecider, opened(), resolved)
      .when(ReopenThread, { threadId })
      .then({ type: 'comment.thread.reopened', data: {} });
  });
});

describe('A comment', () => {
  test('is edited by who wrote it, and keeps its mentions where none are sent', () => {
    const edit = { threadId, commentId: 'reply', body: 'Those.' };
    given(threadDecider, opened(), replied)
      .when(EditComment, edit, { mentioned: [] })
      .then({ type: 'comment.comment.edited', data: { commentId: 'reply', body: 'Those.', mentions: ['ann'] } });
    given(threadDecider, opened(), replied)
      .when(EditComment, { ...edit, mentions: [] }, { mentioned: [] })
      .then({ type: 'comment.comment.edited', data: { commentId: 'reply', body: 'Those.', mentions: [] } });
    given(threadDecider, opened(), replied)
      .when(EditComment, { ...edit, body: 'These.' }, { mentioned: [] })
      .then();
  });

  test('of somebody else is not touched, except that an administrator deletes it', () => {
    const state = stateAfter(threadDecider, [opened(), replied]);
    const by = { ...caller, actor: ben, role: 'writer' } as const;
    const edit = Object.assign(new EditComment(), { commentId: 'reply', body: 'x', facts: { mentioned: [] } }).from(by);
    const remove = Object.assign(new DeleteComment(), { commentId: 'reply' });
    const { decide } = threadDecider;
    expect(() => decide['comment.comment.edit'](state, edit)).toThrow(
      expect.objectContaining({ code: 'not_permitted' }),
    );
    expect(() => decide['comment.comment.delete'](state, remove.from(by))).toThrow(
      expect.objectContaining({ code: 'not_permitted' }),
    );
    expect(decide['comment.comment.delete'](state, remove.from({ ...by, role: 'admin' }))).toHaveLength(1);
  });

  test('that was deleted is not there any more', () => {
    const deleted: ThreadEvent = { type: 'comment.comment.deleted', data: { commentId: 'reply' } };
    const history = [opened(), replied, deleted];
    const edit = { threadId, commentId: 'reply', body: 'x' };
    given(threadDecider, ...history)
      .when(EditComment, edit, { mentioned: [] })
      .refused('not_found');
    given(threadDecider, ...history)
      .when(DeleteComment, edit)
      .refused('not_found');
    given(threadDecider, ...history)
      .when(ApplySuggestion, { ...edit, specVersion: 8 })
      .refused('not_found');
    expect(stateAfter(threadDecider, history)?.comments[1]).toMatchObject({ body: '', mentions: [], suggestion: null });
  });

  test('has its suggestion applied once', () => {
    const applied: ThreadEvent = { type: 'comment.suggestion.applied', data: { commentId: threadId, specVersion: 8 } };
    const apply = { threadId, commentId: threadId, specVersion: 8 };
    given(threadDecider, opened()).when(ApplySuggestion, apply).then(applied);
    given(threadDecider, opened(), applied)
      .when(ApplySuggestion, { ...apply, specVersion: 9 })
      .then();
    given(threadDecider, opened({ suggestion: null }))
      .when(ApplySuggestion, apply)
      .refused('not_found');
  });
});
