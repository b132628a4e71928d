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
import type { ComplianceFacts, JudgedReview, ReviewFacts } from './counting.decider.js';
import type { Judgement } from './judgement.decider.js';
import { judge } from './judgement.decider.js';

const judged = (policy: ReviewPolicy, review: JudgedReview, facts: ReviewFacts = factsOf()): Judgement =>
  judge(policy, review, facts, judgedAt);

/** Why the only vote does not count for the only requirement. */
const whyNot = ({ requirements }: Judgement) => requirements[0]?.notCounted.map(({ code }) => code);

describe('the built-in policy', () => {
  test('is met by one human who did not write the spec', () => {
    const verdict = judged(defaultPolicy, reviewOf(approvals('ben')));
    expect(verdict).toMatchObject({ met: true, voteIds: ['vote of ben 10'], blocking: [] });
    expect(verdict.policy).toEqual({ key: 'default', version: 1, hash: defaultPolicy.hash });
  });

  test('says what is missing and who could give it', () => {
    const [verdict] = judged(defaultPolicy, reviewOf([])).requirements;
    expect(verdict).toMatchObject({ met: false, needed: 1, have: 0, missing: 1, reachable: true });
    expect(verdict?.whoCan).toEqual({ anyone: true, groups: [], members: ['ben', 'cat', 'dan'] });
    expect(verdict?.sentence).toBe('1 more approval is needed by a human, other than the author and contributors.');
  });

  test.each([
    ['the author', approvals('ann'), {}, 'author'],
    ['an agent', approvals('bot'), {}, 'principal_kind'],
    ['a contributor', approvals('ben'), { contributors: [actor('ann'), actor('ben')] }, 'contributors'],
    ['somebody with conditions', [vote('ben', 10, { position: 'approve_with_conditions' })], {}, 'conditions'],
    ['somebody in an earlier round', [vote('ben', 10)], { round: 2 }, 'earlier_round'],
    ['somebody who read other content', [vote('ben', 10, { outdated: { at: '', changes: [] } })], {}, 'outdated'],
    ['somebody who read one section', [vote('ben', 10, { covers: ['risks'] })], {}, 'not_covering'],
    ['a key that nobody knows', [vote('ben', 10, { keyId: 'lost' })], {}, 'unknown_key'],
  ])('is not met by %s', (_, votes, review, code) => {
    const verdict = judged(defaultPolicy, reviewOf(votes, review));
    expect(verdict).toMatchObject({ met: false, voteIds: [] });
    expect(whyNot(verdict)).toEqual([code]);
  });

  test.each(['concern', 'abstain', 'request_information'] as const)(
    'does not take "%s" for an approval',
    (position) => {
      expect(judged(defaultPolicy, reviewOf([vote('ben', 10, { position })])).met).toBe(false);
    },
  );

  test('does not count a vote that was taken back, nor one that its voter replaced', () => {
    expect(judged(defaultPolicy, reviewOf([vote('ben', 10, { withdrawnAt: daysBefore(0) })])).met).toBe(false);
    const replaced = [vote('ben', 10), vote('ben', 11, { position: 'abstain' })];
    expect(judged(defaultPolicy, reviewOf(replaced)).met).toBe(false);
  });
});

describe('whose hand it was', () => {
  test('a key that the author issued is a hand of the author, through others too', () => {
    const issuedByAuthor = factsOf({}, { ben: { issuers: ['cat', 'ann'] } });
    expect(whyNot(judged(defaultPolicy, reviewOf(approvals('ben')), issuedByAuthor))).toEqual(['author']);
  });

  test('another key of the author is the author', () => {
    const votes = [vote('ann', 10, { keyId: 'key of cat' })];
    expect(whyNot(judged(defaultPolicy, reviewOf(votes)))).toEqual(['author']);
  });

  test('a key that says it is a human does not make its agent one', () => {
    const votes = [vote('bot', 10, { principal: { ...actor('bot'), kind: 'human' } })];
    expect(whyNot(judged(defaultPolicy, reviewOf(votes)))).toEqual(['principal_kind']);
  });

  test('who is a member no more does not count, and no key without a member beside members', () => {
    const { members } = factsOf();
    const without = factsOf({}, {}, { members: new Map([...members].filter(([id]) => id !== 'ben')) });
    expect(whyNot(judged(defaultPolicy, reviewOf(approvals('ben')), without))).toEqual(['not_a_member']);
  });

  test('without any members each key stands for somebody, until it is revoked', () => {
    const own = [vote('ben', 10, { principal: { ...actor('ben'), id: 'key of ben' } })];
    const nobody = { members: new Map() };
    expect(judged(defaultPolicy, reviewOf(own), factsOf({}, {}, nobody)).met).toBe(true);
    const revoked = factsOf({}, { ben: { revokedAt: daysBefore(0) } }, nobody);
    expect(whyNot(judged(defaultPolicy, reviewOf(own), revoked))).toEqual(['not_a_member']);
    expect(judged(defaultPolicy, reviewOf([]), revoked).requirements[0]?.reachable).toBe(true);
  });

  test('the last editor is kept out where the policy says so, and only there', () => {
    const review = reviewOf(approvals('cat'), { lastEditor: actor('cat') });
    const distinct = policyOf([requirement({ distinctFrom: ['last_editor'] })]);
    expect(whyNot(judged(distinct, review))).toEqual(['last_editor']);
    expect(judged(policyOf([requirement()]), review).met).toBe(true);
  });
});

describe('who is asked', () => {
  test('two of a group are two of its members, and somebody else is none of them', () => {
    const policy = policyOf([requirement({ from: from({ groups: ['security'] }), count: 2 })]);
    const facts = factsOf({ ben: ['security'], cat: ['security', 'ops'], dan: ['ops'] });
    const verdict = judged(policy, reviewOf(approvals('ben', 'dan')), facts);
    expect(verdict.requirements[0]).toMatchObject({ have: 1, missing: 1, voteIds: ['vote of ben 10'] });
    expect(verdict.requirements[0]?.whoCan).toEqual({ anyone: false, groups: ['security'], members: ['cat'] });
    expect(whyNot(verdict)).toEqual(['not_eligible']);
    expect(judged(policy, reviewOf(approvals('ben', 'cat')), facts).met).toBe(true);
  });

  test('named people are those people', () => {
    const policy = policyOf([requirement({ from: from({ members: ['dan'] }) })]);
    expect(judged(policy, reviewOf(approvals('ben'))).met).toBe(false);
    expect(judged(policy, reviewOf(approvals('dan'))).met).toBe(true);
  });

  test('says so when too few are left who could', () => {
    const policy = policyOf([
      requirement({ from: from({ members: ['dan', 'ann'] }), distinctFrom: ['author'], count: 2 }),
    ]);
    expect(judged(policy, reviewOf([])).requirements[0]).toMatchObject({ reachable: false, missing: 2 });
  });

  test('agents and services count where the policy asks for them', () => {
    const policy = policyOf([requirement({ name: 'machines', principals: ['agent', 'service'], count: 2 })]);
    expect(judged(policy, reviewOf(approvals('bot', 'ben'))).met).toBe(false);
    expect(judged(policy, reviewOf(approvals('bot', 'job'))).met).toBe(true);
  });

  test('each owned section wants its owners, whatever the others have', () => {
    const policy = policyOf([requirement({ from: from({ sectionOwners: true }) })], {
      sectionOwners: [
        { pattern: 'risks', groups: ['risk'], members: [] },
        { pattern: 'security-*', groups: [], members: ['cat'] },
      ],
    });
    const facts = factsOf({ ben: ['risk'], dan: ['risk'] });
    const [half] = judged(policy, reviewOf(approvals('ben', 'dan')), facts).requirements;
    expect(half).toMatchObject({ needed: 2, have: 1, met: false });
    expect(half?.sections).toMatchObject([
      { section: 'risks', needed: 1, have: 1, whoCan: { members: [] } },
      { section: 'security-review', needed: 1, have: 0, whoCan: { members: ['cat'] } },
    ]);
    expect(half?.sentence).toBe('1 more approval is needed for security-review by a human from the people named.');
    const covering = [vote('ben', 10, { covers: ['risks'] }), vote('cat', 11, { covers: ['security-review'] })];
    expect(judged(policy, reviewOf(covering), facts).met).toBe(true);
    const crossed = [vote('ben', 10, { covers: ['risks'] }), vote('cat', 11, { covers: ['risks'] })];
    expect(judged(policy, reviewOf(crossed), facts).met).toBe(false);
  });

  test('a vote covers the sections that a requirement is about, or does not count', () => {
    const policy = policyOf([requirement({ sections: ['risks', 'security-*'] })]);
    const covering = (...covers: string[]) => judged(policy, reviewOf([vote('ben', 10, { covers })]));
    expect(covering('risks', 'security-review').met).toBe(true);
    expect(whyNot(covering('risks'))).toEqual(['not_covering']);
  });

  test('a policy that asks nothing of this spec approves nothing', () => {
    const policy = policyOf([requirement({ sections: ['appendix'] })]);
    const verdict = judged(policy, reviewOf(approvals('ben')));
    expect(verdict.met).toBe(false);
    expect(verdict.blocking.map(({ code }) => code)).toEqual(['nothing_required']);
  });
});

describe('a policy that asks for a compliance report', () => {
  const rows = [
    { ruleId: 'house.one', statement: 'One.', outcome: 'non_compliant', message: 'Two.', recommendation: null },
  ];
  const fresh: ComplianceFacts = {
    asked: 'compliant_or_waived',
    freshness: 'fresh',
    verdict: 'compliant',
    reportId: 'report',
    why: [],
    rows: [],
  };
  const blockedBy = (changes: Partial<ComplianceFacts>) => {
    const facts = factsOf({}, {}, { compliance: { ...fresh, ...changes } });
    const { met, blocking } = judged(defaultPolicy, reviewOf(approvals('ben')), facts);
    expect(met).toBe(blocking.length === 0);
    return blocking.map(({ code, rows: named }) => [code, named]);
  };

  test.each(['compliant', 'compliant_with_waivers'] as const)('is met by a fresh report that is %s', (verdict) => {
    expect(blockedBy({ verdict })).toEqual([]);
  });

  test('wants none with waivers where it says so', () => {
    expect(blockedBy({ asked: 'compliant' })).toEqual([]);
    expect(blockedBy({ asked: 'compliant', verdict: 'compliant_with_waivers' })).toEqual([['compliance_not_met', []]]);
  });

  test('is met neither without a report, nor by one that is stale, nor by one with rules that block', () => {
    expect(blockedBy({ freshness: 'none', verdict: null, reportId: null })).toEqual([['compliance_not_fresh', []]]);
    expect(blockedBy({ freshness: 'stale', why: ['The content changed since.'] })).toEqual([
      ['compliance_not_fresh', []],
    ]);
    expect(blockedBy({ verdict: 'non_compliant', rows })).toEqual([['compliance_not_met', rows]]);
  });
});
