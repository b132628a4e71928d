import { describe, expect, test } from 'vitest';
import type { ReviewPolicy } from '../../commands/review-policy.js';
import { defaultPolicy } from '../../commands/review-policy.js';
import {
  actor,
  approvals,
  daysBefore,
  factsOf,
  from,
  judgedAt,
  policyOf,
  requirement,
  reviewOf,
  vote,
} from '../../../test/support/judged-review.js';
import type { JudgedReview, ReviewFacts, RulesChange } from './counting.decider.js';
import { judge } from './judgement.decider.js';

const judged = (policy: ReviewPolicy, review: JudgedReview, facts: ReviewFacts = factsOf()) =>
  judge(policy, review, facts, judgedAt);

describe('when a vote counts', () => {
  test('it expires when the policy lets it', () => {
    const policy = policyOf([requirement()], { voteExpiresAfterDays: 7 });
    const verdict = (age: number) => judged(policy, reviewOf([vote('ben', 10, { castAt: daysBefore(age) })]));
    expect(verdict(7).met).toBe(true);
    expect(verdict(7.001).requirements[0]?.notCounted).toMatchObject([{ code: 'expired' }]);
  });

  test('the key has to be fresh where the policy asks for it', () => {
    const policy = policyOf([requirement({ freshWithinMinutes: 60 })]);
    const facts = (issuedAt: string) => factsOf({}, { ben: { issuedAt } });
    expect(judged(policy, reviewOf(approvals('ben')), facts(daysBefore(1.04))).met).toBe(true);
    const stale = judged(policy, reviewOf(approvals('ben')), facts(daysBefore(1.05)));
    expect(stale.requirements[0]?.notCounted).toMatchObject([{ code: 'not_fresh' }]);
  });

  const inOrder = policyOf([
    requirement({ name: 'lead', from: from({ members: ['dan'] }), order: 2 }),
    requirement({ name: 'peers', from: from({ members: ['ben', 'cat'] }), count: 2, order: 1 }),
  ]);

  test('what goes later waits for what goes first, and says for what', () => {
    const verdict = judged(inOrder, reviewOf(approvals('ben', 'dan')));
    expect(verdict.requirements.map(({ name, have, waitsFor }) => [name, have, waitsFor])).toEqual([
      ['lead', 0, ['peers']],
      ['peers', 1, []],
    ]);
  });

  test('a vote that came too early does not count afterwards; one that came in order does', () => {
    const early = judged(inOrder, reviewOf(approvals('ben', 'dan', 'cat')));
    expect(early.met).toBe(false);
    const [, tooEarly] = early.requirements[0]?.notCounted ?? [];
    expect(tooEarly).toMatchObject({ code: 'out_of_order', voteId: 'vote of dan 11' });
    expect(judged(inOrder, reviewOf(approvals('ben', 'cat', 'dan'))).met).toBe(true);
  });

  test('side by side the order makes no difference', () => {
    const parallel = policyOf(inOrder.requirements.map((one) => ({ ...one, order: 0 })));
    expect(judged(parallel, reviewOf(approvals('dan', 'cat', 'ben'))).met).toBe(true);
  });
});

describe('what no vote outweighs', () => {
  const concern = {
    concernId: 'c1',
    text: 'Who pays?',
    raisedBy: actor('cat'),
    raisedAt: daysBefore(1),
    covers: null,
    resolvedAt: null,
    resolution: null,
  };

  test('an open concern blocks, and names who can resolve it; a resolved one does not', () => {
    const open = judged(defaultPolicy, reviewOf(approvals('ben'), { concerns: [concern] }));
    expect(open.met).toBe(false);
    expect(open.blocking).toMatchObject([{ code: 'open_concern', id: 'c1', whoCan: ['cat'] }]);
    const resolved = { ...concern, resolvedAt: daysBefore(0), resolution: 'We do.' };
    expect(judged(defaultPolicy, reviewOf(approvals('ben'), { concerns: [resolved] })).met).toBe(true);
  });

  test.each([
    ['open_thread', 'blockOnOpenThreads', { openBlockingThreads: ['t1'] }],
    ['dependency_not_approved', 'dependenciesApproved', { unapprovedDependencies: ['s1'] }],
  ] as const)('%s blocks where the policy says %s', (code, rule, facts) => {
    const verdict = (blocks: boolean) =>
      judged(policyOf([requirement()], { [rule]: blocks }), reviewOf(approvals('ben')), factsOf({}, {}, facts));
    expect(verdict(true)).toMatchObject({ met: false, blocking: [{ code }] });
    expect(verdict(false)).toMatchObject({ met: true, blocking: [] });
  });

  test('a policy that an author changed alone since the spec was submitted approves nothing', () => {
    const changed = (decidedBy: string[], age: number) =>
      judged(policyOf([requirement()], { decidedBy, decidedAt: daysBefore(age) }), reviewOf(approvals('ben')));
    expect(changed(['ann'], 1).blocking).toMatchObject([{ code: 'policy_changed_by_author' }]);
    expect(changed(['ann'], 3).met).toBe(true);
    expect(changed(['ann', 'dan'], 1).met).toBe(true);
    expect(changed(['dan'], 1).met).toBe(true);
  });

  test('any policy, or a group that is asked, that only authors changed since then approves nothing', () => {
    const security = policyOf([requirement({ from: from({ groups: ['security'] }) })]);
    const after = (change: Partial<RulesChange>) => {
      const changes = [{ group: null, at: daysBefore(1), by: [['ann']], ...change }];
      return judged(security, reviewOf(approvals('ben')), factsOf({ ben: ['security'] }, {}, { changes })).met;
    };
    expect(after({})).toBe(false);
    expect(after({ group: 'security' })).toBe(false);
    // With a key that came from her.
    expect(after({ by: [['dan', 'root', 'ann']] })).toBe(false);
    expect(after({ group: 'another one' })).toBe(true);
    expect(after({ by: [['ann'], ['dan', 'root']] })).toBe(true);
    expect(after({ at: daysBefore(3) })).toBe(true);
  });

  test('conditions count where the policy says so', () => {
    const policy = policyOf([requirement()], { conditionalApprovalsCount: true });
    expect(judged(policy, reviewOf([vote('ben', 10, { position: 'approve_with_conditions' })])).met).toBe(true);
  });
});
