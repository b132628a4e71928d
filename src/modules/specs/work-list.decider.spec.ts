import { describe, expect, test } from 'vitest';
import { defaultPolicy } from '../../commands/review-policy.js';
import type { Actor } from '../event-store/decider.js';
import type { Guarded } from './guards.decider.js';
import type { Review, Vote } from './review-state.decider.js';
import { begun } from './review-state.decider.js';
import { dueAt, isAwaited, waitingFor } from './work-list.decider.js';

const human = (id: string): Actor => ({ id, kind: 'human', name: id });
const voter = (id: string, kind: Actor['kind'] = 'human') => ({ actor: { ...human(id), kind }, keyId: `key of ${id}` });
const now = new Date('2026-01-05T00:00:00.000Z');
const submittedAt = '2026-01-01T00:00:00.000Z';

const key = { issuedAt: submittedAt, revokedAt: null, issuers: [] };
const keys = new Map(['ann', 'ben', 'cat', 'bot'].map((id) => [`key of ${id}`, key]));
const members = new Map(
  ['ann', 'ben', 'cat', 'bot'].map((id) => [
    id,
    { kind: id === 'bot' ? ('agent' as const) : ('human' as const), groups: [] },
  ]),
);
const facts = {
  policy: defaultPolicy,
  review: { members, keys, openBlockingThreads: [], unapprovedDependencies: [], compliance: null },
};

const vote = (id: string, change: Partial<Vote> = {}): Vote => ({
  voteId: `vote of ${id}`,
  position: 'approve',
  principal: human(id),
  keyId: `key of ${id}`,
  onBehalfOf: null,
  contentHash: 'hash',
  covers: null,
  comment: null,
  conditions: [],
  round: 1,
  castAt: submittedAt,
  version: 3,
  outdated: null,
  withdrawnAt: null,
  ...change,
});
const inReview = (change: Partial<Review> = {}): Guarded => ({
  review: { ...begun(human('ann'), 1), lifecycle: 'in_review', round: 1, submittedAt, ...change },
  contentHash: 'hash',
  sections: [],
});

describe('A vote is awaited', () => {
  test.each([
    ['of who has not voted', inReview(), voter('ben'), true],
    ['not of an author', inReview(), voter('ann'), false],
    ['not of an agent', inReview(), voter('bot', 'agent'), false],
    ['not where enough have voted', inReview({ votes: [vote('cat')] }), voter('ben'), false],
    ['not of who has approved', inReview({ votes: [vote('ben')] }), voter('ben'), false],
    ['of who abstained', inReview({ votes: [vote('ben', { position: 'abstain' })] }), voter('ben'), true],
    ['of who took a vote back', inReview({ votes: [vote('ben', { withdrawnAt: submittedAt })] }), voter('ben'), true],
    ['of who voted in an earlier round', inReview({ round: 2, votes: [vote('ben')] }), voter('ben'), true],
  ])('%s', (_name, spec, who, awaited) => {
    expect(isAwaited(spec, facts, who, now)).toBe(awaited);
    expect(waitingFor(spec, facts, who, now).map(({ kind }) => kind)).toEqual(awaited ? ['vote'] : []);
  });
});

describe('What waits', () => {
  const outdated = { at: '2026-01-03T00:00:00.000Z', changes: [] };
  const concern = {
    concernId: 'concern',
    text: 'Who pays?',
    raisedBy: human('ben'),
    raisedAt: '2026-01-02T00:00:00.000Z',
    covers: null,
    resolvedAt: null,
    resolution: null,
  };

  test('is an outdated vote of this round rather than a new one, since the change', () => {
    const spec = (round: number) => inReview({ round, votes: [vote('ben', { outdated })] });
    expect(waitingFor(spec(1), facts, voter('ben'), now)).toEqual([
      { kind: 'outdated_vote', id: 'vote of ben', since: outdated.at },
    ]);
    expect(waitingFor(spec(2), facts, voter('ben'), now)).toEqual([{ kind: 'vote', id: null, since: submittedAt }]);
  });

  test('is a concern for whoever raised it, until it is resolved', () => {
    const spec = inReview({ concerns: [concern], votes: [vote('ben', { position: 'concern' }), vote('cat')] });
    expect(waitingFor(spec, facts, voter('ben'), now)).toEqual([
      { kind: 'concern', id: 'concern', since: concern.raisedAt },
    ]);
    expect(waitingFor(spec, facts, voter('cat'), now)).toEqual([]);
    const settled = inReview({ concerns: [{ ...concern, resolvedAt: submittedAt }], votes: [vote('cat')] });
    expect(waitingFor(settled, facts, voter('ben'), now)).toEqual([]);
  });

  test('is nothing outside of a review', () => {
    expect(waitingFor(inReview({ lifecycle: 'draft', concerns: [concern] }), facts, voter('ben'), now)).toEqual([]);
  });
});

test('is due so many days after the submission, where the policy says', () => {
  expect(dueAt(inReview(), facts)).toBeNull();
  const policy = { ...defaultPolicy, dueAfterDays: 5 };
  expect(dueAt(inReview(), { ...facts, policy })).toBe('2026-01-06T00:00:00.000Z');
});
