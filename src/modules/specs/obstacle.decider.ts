import type { BlockingRule, ComplianceFacts } from './counting.decider.js';

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

export const obstacle = (
  code: Obstacle['code'],
  sentence: string,
  id: string | null = null,
  whoCan: readonly string[] = [],
): Obstacle => ({ code, sentence, id, whoCan });

/** What keeps a spec from an approval by a policy that asks for a compliance report. */
export function complianceObstacles(compliance: ComplianceFacts | null): Obstacle[] {
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
