import type { ReviewPolicy } from '../../commands/review-policy.js';
import type { BlockingRule, JudgedReview, ReviewFacts } from './counting.decider.js';
import { changedByWriters } from './rules-change.decider.js';

/** Something that no vote outweighs. `whoCan` are the ids of those who can take it away, where it is up to somebody. */
export type Obstacle = {
  code:
    | 'open_concern'
    | 'open_thread'
    | 'dependency_not_approved'
    | 'compliance_not_fresh'
    | 'compliance_not_met'
    | 'policy_changed_by_author'
    | 'nothing_required';
  sentence: string;
  /** The concern, thread, spec or report that it is about. */
  id: string | null;
  whoCan: readonly string[];
  /** The rules that block, where it is about compliance. */
  rows?: readonly BlockingRule[];
};

/** What stands between a spec and its approval, however many votes it has. */
export function obstacles(policy: ReviewPolicy, review: JudgedReview, facts: ReviewFacts): Obstacle[] {
  const concerns = review.concerns.filter(({ resolvedAt }) => resolvedAt === null);
  const threads = policy.blockOnOpenThreads ? facts.openBlockingThreads : [];
  const dependencies = policy.dependenciesApproved ? facts.unapprovedDependencies : [];
  return [
    ...concerns.map(({ concernId: id, raisedBy }) =>
      obstacle('open_concern', 'A concern is open; who raised it can resolve it.', id, [raisedBy.id]),
    ),
    ...threads.map((id) => obstacle('open_thread', 'A blocking thread of comments is open.', id)),
    ...dependencies.map((id) => obstacle('dependency_not_approved', 'A spec it depends on is not approved.', id)),
    ...complianceObstacles(facts.compliance),
    ...(changedByWriters(policy, review, facts)
      ? [
          obstacle(
            'policy_changed_by_author',
            'Only who wrote this changed policies, or a group that is asked, since it was submitted.',
          ),
        ]
      : []),
  ];
}

/** What keeps a spec from an approval by a policy that asks for a compliance report. */
function complianceObstacles(compliance: ReviewFacts['compliance']): Obstacle[] {
  if (!compliance) return [];
  const { asked, freshness, verdict, reportId, why, rows } = compliance;
  const because = [
    freshness === 'none' ? 'The policy asks for a compliance report, and there is none.' : '',
    freshness === 'stale' ? `The last compliance report is stale: ${why.join(' ')}` : '',
  ].join('');
  if (freshness !== 'fresh') return [{ ...obstacle('compliance_not_fresh', because, reportId), rows }];
  if (verdict === 'compliant' || (verdict === 'compliant_with_waivers' && asked === 'compliant_or_waived')) return [];
  const sentence =
    verdict === 'non_compliant'
      ? `Rules block, ${rows[0]?.ruleId ?? 'by the report'} first: ${rows[0]?.message ?? 'read it.'}`
      : 'The policy asks for a spec that is compliant without waivers.';
  return [{ ...obstacle('compliance_not_met', sentence, reportId), rows }];
}

/** @param whoCan ids of members who can take it away, where somebody in particular can */
export const obstacle = (
  code: Obstacle['code'],
  sentence: string,
  id: string | null = null,
  whoCan: readonly string[] = [],
): Obstacle => ({ code, sentence, id, whoCan });
