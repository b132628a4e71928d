import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Distinction, PrincipalKind, Requirement } from '../../commands/review-policy.js';
import type { Somebody } from '../../../test/support/judged-review.js';
import {
  everybody,
  factsOf,
  from,
  judgedAt,
  policyOf,
  requirement,
  reviewOf,
  vote,
} from '../../../test/support/judged-review.js';
import type { Position } from '../../commands/review.commands.js';
import type { JudgedVote } from './counting.decider.js';
import type { Judgement } from './judgement.decider.js';
import { judge } from './judgement.decider.js';

const sections = ['introduction', 'risks', 'security-review'];
const groups = fc.record(
  Object.fromEntries(everybody.map((id) => [id, fc.subarray(['red', 'blue'])])) as Record<
    Somebody,
    fc.Arbitrary<string[]>
  >,
);

const sources = fc.oneof(
  fc.constant(from({ anyone: true })),
  fc.record({ groups: fc.subarray(['red', 'blue']), members: fc.subarray(everybody) }).map(from),
  fc.constant(from({ sectionOwners: true })),
);

const requirements = (fixed: Partial<Requirement>): fc.Arbitrary<Requirement[]> =>
  fc.array(
    fc
      .record({
        name: fc.constantFrom('one', 'two', 'three'),
        from: sources,
        count: fc.integer({ min: 1, max: 3 }),
        sections: fc.subarray(['risks', 'security-*', '*']),
        principals: fc.subarray<PrincipalKind>(['human', 'agent', 'service'], { minLength: 1 }),
        distinctFrom: fc.subarray<Distinction>(['author', 'contributors', 'last_editor']),
        order: fc.integer({ min: 0, max: 2 }),
      })
      .map((one) => requirement({ ...one, ...fixed })),
    { minLength: 1, maxLength: 3 },
  );

const policies = (fixed: Partial<Requirement> = {}) =>
  fc.record({ asked: requirements(fixed), conditional: fc.boolean() }).map(({ asked, conditional }) =>
    policyOf(asked, {
      conditionalApprovalsCount: conditional,
      sectionOwners: [
        { pattern: '*', groups: ['red'], members: [] },
        { pattern: 'risks', groups: ['blue'], members: ['dan'] },
      ],
    }),
  );

const voteOf = (id: Somebody): fc.Arbitrary<JudgedVote> =>
  fc
    .record({
      version: fc.integer({ min: 10, max: 99 }),
      position: fc.constantFrom<Position>('approve', 'approve', 'approve', 'approve_with_conditions', 'abstain'),
      covers: fc.oneof(fc.constant(null), fc.subarray(sections, { minLength: 1 })),
    })
    .map(({ version, ...changes }) => vote(id, version, changes));

const votesOf = (people: Somebody[]) =>
  fc.subarray(people).chain((voters) => fc.tuple<JudgedVote[]>(...voters.map(voteOf)));

const many = { numRuns: 2000 };
const have = ({ requirements: all }: Judgement) => all.map((one) => one.have);

describe('whatever the policy, the votes and the groups', () => {
  test('agents and services add nothing to a quorum of humans', () => {
    fc.assert(
      fc.property(policies({ principals: ['human'] }), votesOf(everybody), groups, (policy, votes, inGroups) => {
        const humans = votes.filter(({ principal }) => principal.kind === 'human');
        const [all, human] = [votes, humans].map((some) => judge(policy, reviewOf(some), factsOf(inGroups), judgedAt));
        expect(all && have(all)).toEqual(human && have(human));
        expect(all?.met).toBe(human?.met);
      }),
      many,
    );
  });

  test("a vote of the author, or with a key that came from one, never meets a policy that wants others'", () => {
    const others = votesOf(['ben', 'cat', 'dan', 'bot', 'job']);
    const own = fc.constantFrom<Somebody>('ann', 'ben').chain(voteOf);
    fc.assert(
      fc.property(policies({ distinctFrom: ['author'] }), others, own, groups, (policy, votes, added, inGroups) => {
        const facts = factsOf(inGroups, { ben: { issuers: ['ann'] } });
        const before = judge(policy, reviewOf(votes), facts, judgedAt);
        const without = votes.filter(({ principal }) => principal.id !== added.principal.id);
        const after = judge(policy, reviewOf([...without, added]), facts, judgedAt);
        expect(after.met && !before.met).toBe(false);
        expect(after.voteIds).not.toContain(added.voteId);
      }),
      many,
    );
  });

  test('taking a counted vote away never makes more of what is left', () => {
    fc.assert(
      fc.property(policies(), votesOf(everybody), groups, fc.nat(), (policy, votes, inGroups, index) => {
        const before = judge(policy, reviewOf(votes), factsOf(inGroups), judgedAt);
        const removed = before.voteIds[index % Math.max(1, before.voteIds.length)];
        const rest = votes.filter(({ voteId }) => voteId !== removed);
        const after = judge(policy, reviewOf(rest), factsOf(inGroups), judgedAt);
        expect(after.met && !before.met).toBe(false);
        after.requirements.forEach((one, at) => {
          expect(one.have).toBeLessThanOrEqual(before.requirements[at]?.have ?? 0);
        });
      }),
      many,
    );
  });

  test('one principal is one, however often they vote', () => {
    const often = fc.array(voteOf('ben'), { maxLength: 6 });
    fc.assert(
      fc.property(policies({ count: 2, sections: [] }), often, groups, (policy, votes, inGroups) => {
        const { requirements: all } = judge(policy, reviewOf(votes), factsOf(inGroups), judgedAt);
        for (const { voteIds, sections: parts, have: counted } of all) {
          expect(voteIds.length).toBeLessThanOrEqual(1);
          expect(counted).toBeLessThanOrEqual(Math.max(1, parts.length));
          expect(parts.every((part) => part.have <= 1)).toBe(true);
        }
      }),
      many,
    );
  });

  test('what is met has every requirement met by votes that are there, and what is not says what is missing', () => {
    fc.assert(
      fc.property(policies(), votesOf(everybody), groups, (policy, votes, inGroups) => {
        const verdict = judge(policy, reviewOf(votes), factsOf(inGroups), judgedAt);
        for (const one of verdict.requirements) {
          expect(one.missing).toBe(one.needed - one.have);
          expect(one.met).toBe(one.missing === 0);
          expect(one.sentence === '').toBe(one.met);
        }
        const ids = votes.map(({ voteId }) => voteId);
        expect(verdict.voteIds.every((id) => ids.includes(id))).toBe(true);
        expect(verdict.met).toBe(verdict.blocking.length === 0 && verdict.requirements.every(({ met }) => met));
      }),
      many,
    );
  });
});
