import type { ReviewPolicy } from '../../commands/review-policy.js';
import type { JudgedReview, ReviewFacts, RulesChange } from './counting.decider.js';

/**
 * Whether, since a spec was submitted, somebody changed by what it is judged, and nobody but those who wrote it had a say in
 * that: a policy, this one or another that may have judged it before, a rule pack, or a group that this one asks.
 */
export function changedByWriters(
  policy: ReviewPolicy,
  { submittedAt, authors, contributors }: JudgedReview,
  { changes = [] }: ReviewFacts,
): boolean {
  if (submittedAt === null) return false;
  const writers = [...authors, ...contributors].map(({ id }) => id);
  const asked = [...policy.requirements.map(({ from }) => from), ...policy.sectionOwners].flatMap(
    ({ groups }) => groups,
  );
  const own: RulesChange = { group: null, at: policy.decidedAt, by: policy.decidedBy.map((id) => [id]) };
  return [own, ...changes].some(({ group, at, by }) => {
    const counts = by.length > 0 && at > submittedAt && (group === null || asked.includes(group));
    return counts && by.every((hands) => hands.some((id) => writers.includes(id)));
  });
}
