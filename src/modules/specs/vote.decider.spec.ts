import { describe, expect, test } from 'vitest';
import { ReviewedSpec } from '../../../test/support/reviewed-spec.js';
import type { Position } from '../../commands/review.commands.js';
import { positions, ResolveConcern, WithdrawVote } from '../../commands/review.commands.js';
import { LabelSpec } from '../../commands/spec.commands.js';
import { RemoveSection, RenameSection } from '../../commands/section.commands.js';
import { sectionsContentHash } from './spec-state.decider.js';

function inReview(): ReviewedSpec {
  const spec = new ReviewedSpec();
  expect(spec.go('submit', 'ann')).toBeUndefined();
  return spec;
}

const typesOf = ({ history }: ReviewedSpec, last: number) => history.slice(-last).map(({ type }) => type);
const resolution = 'The organization pays.';

describe('a vote', () => {
  test('approves in the same breath when the policy is met by it', () => {
    const spec = inReview();
    expect(spec.vote('ben')).toBeUndefined();
    expect(typesOf(spec, 2)).toEqual(['spec.vote.cast', 'spec.lifecycle.approved']);
    expect(spec.history.at(-1)?.data).toMatchObject({
      revision: 1,
      contentHash: spec.spec.contentHash,
      policy: { key: 'default', version: 1, hash: spec.policy.hash },
      voteIds: ['vote 1'],
    });
  });

  test('says by whom it is, how that is known, on what and what it means', () => {
    const spec = inReview();
    spec.vote('bot', 'approve', { onBehalfOf: 'Ben' });
    expect(spec.history.at(-1)?.data).toMatchObject({
      principalId: 'bot',
      principalKind: 'agent',
      onBehalfOf: 'Ben',
      meaning: 'I have read this content and approve it.',
      authentication: { method: 'api_key', keyId: 'key of bot' },
      contentHash: spec.spec.contentHash,
    });
    expect(spec.lifecycle).toBe('in_review');
  });

  test.each(positions.filter((position) => position !== 'approve'))('%s approves nothing', (position) => {
    const spec = inReview();
    expect(spec.vote('ben', position)).toBeUndefined();
    expect(spec.lifecycle).toBe('in_review');
  });

  test('takes the place of what the same person said before', () => {
    const spec = inReview();
    spec.vote('ben', 'request_information');
    spec.vote('ben', 'abstain');
    expect(spec.spec.review.votes.map(({ voteId, position }) => [voteId, position])).toEqual([['vote 2', 'abstain']]);
  });

  test('is bound to what was read: the spec, or the sections that it names', () => {
    const spec = inReview();
    const [tldr, risks] = spec.spec.sections;
    if (!tldr || !risks) throw new Error('sections are missing');
    expect(spec.vote('ben', 'approve', { contentHash: '0'.repeat(64) })).toBe('content_changed');
    expect(spec.vote('ben', 'approve', { sections: ['risks'] })).toBe('content_changed');
    expect(spec.vote('ben', 'approve', { sections: ['costs'] })).toBe('validation_failed');
    const covered = { sections: ['risks', 'tldr'], contentHash: sectionsContentHash([tldr, risks]) };
    expect(spec.vote('ben', 'abstain', covered)).toBeUndefined();
    expect(
      spec.vote('cat', 'abstain', { sections: ['tldr'], contentHash: sectionsContentHash([tldr]) }),
    ).toBeUndefined();
  });

  test.each<[Position, object]>([
    ['concern', { comment: undefined }],
    ['request_information', { comment: undefined }],
    ['approve_with_conditions', { conditions: undefined }],
    ['approve', { conditions: ['Name who pays.'] }],
  ])('%s is refused where it does not say what it has to: %o', (position, fields) => {
    expect(inReview().vote('ben', position, fields)).toBe('validation_failed');
  });

  test('is cast in review only', () => {
    const spec = new ReviewedSpec();
    expect(spec.vote('ben')).toBe('review_not_open');
    spec.go('submit');
    spec.vote('ben');
    expect(spec.vote('cat')).toBe('review_not_open');
  });

  test('is taken back by who cast it, and counts for nothing then', () => {
    const spec = inReview();
    spec.policy = { ...spec.policy, requirements: spec.policy.requirements.map((one) => ({ ...one, count: 2 })) };
    spec.vote('ben');
    expect(spec.ask(WithdrawVote, { voteId: 'vote 1' }, 'cat')?.code).toBe('not_permitted');
    expect(spec.ask(WithdrawVote, { voteId: 'vote 9' }, 'ben')?.code).toBe('not_found');
    expect(spec.ask(WithdrawVote, { voteId: 'vote 1' }, 'ben')).toBeUndefined();
    const { length } = spec.history;
    expect(spec.ask(WithdrawVote, { voteId: 'vote 1' }, 'ben')).toBeUndefined();
    expect(spec.history).toHaveLength(length);
    spec.vote('dan');
    expect(spec.lifecycle).toBe('in_review');
    spec.vote('ben');
    expect(spec.lifecycle).toBe('approved');
  });

  test('of an earlier round counts for nothing in a later one', () => {
    const spec = inReview();
    spec.policy = { ...spec.policy, requirements: spec.policy.requirements.map((one) => ({ ...one, count: 2 })) };
    spec.vote('ben');
    spec.go('return');
    spec.go('submit');
    spec.vote('cat');
    expect(spec.lifecycle).toBe('in_review');
  });
});

describe('a concern', () => {
  test('keeps the spec from being approved until its raiser resolves it, and the approval comes with that', () => {
    const spec = inReview();
    spec.vote('cat', 'concern');
    spec.vote('ben');
    expect(spec.lifecycle).toBe('in_review');
    const settle = { concernId: 'vote 1', resolution };
    for (const who of ['ann', 'ben', 'bot'] as const) {
      expect(spec.ask(ResolveConcern, settle, who)?.code).toBe('not_permitted');
    }
    expect(spec.ask(ResolveConcern, settle, 'cat')).toBeUndefined();
    expect(typesOf(spec, 2)).toEqual(['spec.concern.resolved', 'spec.lifecycle.approved']);
  });

  test('stays open when its raiser votes otherwise, or takes the vote back', () => {
    const spec = inReview();
    spec.vote('cat', 'concern');
    spec.vote('cat', 'approve');
    spec.ask(WithdrawVote, { voteId: 'vote 2' }, 'cat');
    spec.vote('ben');
    expect(spec.lifecycle).toBe('in_review');
    expect(spec.spec.review.concerns).toMatchObject([{ concernId: 'vote 1', resolvedAt: null }]);
  });

  test('of an agent blocks as well', () => {
    const spec = inReview();
    spec.vote('bot', 'concern');
    spec.vote('ben');
    expect(spec.lifecycle).toBe('in_review');
  });
});

describe('a change of content under review', () => {
  const outdated = (spec: ReviewedSpec) =>
    spec.spec.review.votes.filter((vote) => vote.outdated).map(({ principal }) => principal.id);
  /** Two approvals are needed, so that one vote leaves the spec in review. */
  const voted = (): ReviewedSpec => {
    const spec = inReview();
    spec.policy = { ...spec.policy, requirements: spec.policy.requirements.map((one) => ({ ...one, count: 2 })) };
    spec.vote('ben');
    return spec;
  };

  test('makes votes outdated in the same append, and says by which change', () => {
    const spec = voted();
    expect(spec.edit('ann', 'Everything MUST be deleted.\n')).toBeUndefined();
    expect(typesOf(spec, 2)).toEqual(['spec.section.updated', 'spec.vote.outdated']);
    expect(spec.history.at(-1)?.data).toEqual({
      voteIds: ['vote 1'],
      changes: [{ section: 'tldr', kind: 'normative' }],
    });
  });

  test('leaves votes that outlive its kind, and no others when the policy is stricter', () => {
    const spec = voted();
    spec.edit('ann', 'Keep\nthem.\n');
    expect(outdated(spec)).toEqual([]);
    spec.policy = { ...spec.policy, keepsVotes: [] };
    spec.edit('ann', 'Keep  them.\n');
    expect(outdated(spec)).toEqual(['ben']);
  });

  test('leaves votes on other sections', () => {
    const spec = voted();
    const [tldr, risks] = spec.spec.sections.map((section) => sectionsContentHash([section]));
    spec.vote('cat', 'abstain', { sections: ['risks'], contentHash: risks });
    spec.vote('dan', 'abstain', { sections: ['tldr'], contentHash: tldr });
    spec.edit('ann', 'Everything MUST be deleted.\n');
    expect(outdated(spec)).toEqual(['ben', 'dan']);
  });

  test.each([
    ['removes a section', RemoveSection, { sectionKey: 'risks' }],
    ['renames one', RenameSection, { sectionKey: 'risks', heading: 'What MUST happen' }],
  ] as const)('that %s is normative', (_, type, fields) => {
    const spec = voted();
    expect(spec.ask<RemoveSection>(type, fields, 'ann')).toBeUndefined();
    expect(outdated(spec)).toEqual(['ben']);
  });

  test('by a reviewer makes them a contributor, whose vote does not count', () => {
    const spec = inReview();
    spec.edit('ben', 'Everything MUST be deleted.\n');
    expect(spec.vote('ben')).toBeUndefined();
    expect(spec.lifecycle).toBe('in_review');
    expect(spec.spec.review).toMatchObject({ contributors: [{ id: 'ann' }, { id: 'ben' }], lastEditor: { id: 'ben' } });
  });

  test('cannot change the labels, which say what policy judges', () => {
    expect(inReview().ask(LabelSpec, { labels: ['harmless'] }, 'ann')?.code).toBe('content_locked');
  });
});
