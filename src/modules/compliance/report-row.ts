import type { CheckResult, Gap, Subject } from './checks.js';
import { claimOf, claimsCompliance, isGap } from './claims.js';
import type { Attestation, Waiver } from './evaluation-input.js';
import type { EngineFinding, Finding, ReportRow, RuleOutcome, Ruling } from './evaluation.view.js';
import type { Rule } from './rules.js';

/** How many findings a row carries. */
export const mostFindings = 200;

type Judged = { subject: Subject; applies: boolean; result: CheckResult | null };

/** A rule with claim, finding and ruling side by side. */
export function rowOf(rule: Rule, { subject, applies, result }: Judged): ReportRow {
  const { ruleId, pack, source, statement, severity, evaluator, mode } = rule;
  const { input, document } = subject;
  const attestation = input.attestations.findLast(
    (one) => one.ruleId === ruleId && one.contentHash === input.spec.contentHash,
  );
  const waiver = input.waivers.find((one) => carries(one, rule, input.spec.specId, input.now));
  const finding = findingOf(rule, applies, result, attestation);
  const waived = waiver !== undefined && (isGap(finding.outcome) || finding.outcome === 'needs_attestation');
  const outcome = waived ? 'waived' : finding.outcome;
  const claim = claimOf(rule, document.report);
  return {
    ...{ ruleId, pack, source, statement, severity, evaluator, mode, outcome, claim, finding },
    recommendation: rule.recommendation === '' ? null : rule.recommendation,
    blocks: severity === 'blocking' && mode === 'enforced' && (isGap(outcome) || outcome === 'needs_attestation'),
    contradicted: isGap(finding.outcome) && claimsCompliance(claim),
    ruling: waived
      ? waiverRuling(waiver)
      : attestation && rule.evaluator === 'attestation'
        ? attested(attestation)
        : null,
    findings: gapsOf(result)
      .slice(0, mostFindings)
      .map((gap) => findingFrom(gap, rule)),
  };
}

const gapsOf = (result: CheckResult | null): readonly Gap[] => (result && 'gaps' in result ? result.gaps : []);

const findingFrom = ({ outcome, message, elements, evidence }: Gap, { ruleId, recommendation }: Rule): Finding => ({
  ...{ ruleId, outcome, message, elements, evidence },
  recommendation: recommendation === '' ? null : recommendation,
});

function findingOf(
  rule: Rule,
  applies: boolean,
  result: CheckResult | null,
  attestation: Attestation | undefined,
): EngineFinding {
  const evidence = result && 'basis' in result ? result.basis : [];
  if (!applies) return { outcome: 'not_applicable', message: 'The rule is not about this spec.', evidence };
  if (result === null) {
    return attestation
      ? { outcome: attestation.position, message: 'It was attested on this content.', evidence }
      : {
          outcome: 'needs_attestation',
          message: 'Only judgement can decide this rule: nobody attested it on this content.',
          evidence,
        };
  }
  if ('nothing' in result) return { outcome: 'not_applicable', message: result.nothing, evidence };
  const { looked, of, gaps } = result;
  if (gaps.length === 0) {
    return looked === 0
      ? { outcome: 'not_applicable', message: `There are no ${of}.`, evidence }
      : { outcome: 'compliant', message: `Looked at ${looked} ${of}.`, evidence };
  }
  const outcome: RuleOutcome = gaps.some((gap) => gap.outcome === 'non_compliant') ? 'non_compliant' : 'not_linked';
  const first = gaps[0]?.message ?? '';
  const message = gaps.length === 1 ? first : `${gaps.length} findings in ${looked} ${of}. ${first}`;
  return { outcome, message, evidence: [] };
}

/** A waiver counts for its rule, on its spec or on all, until it runs out. */
const carries = (waiver: Waiver, { ruleId }: Rule, specId: string | null, now: Date): boolean =>
  waiver.ruleId === ruleId &&
  (waiver.specId === null || waiver.specId === specId) &&
  Date.parse(waiver.expiresAt) > now.getTime();

const waiverRuling = ({ waiverId, compensatingControl, approvedBy, expiresAt }: Waiver): Ruling => ({
  ...{ kind: 'waiver', position: null, reasonCode: null, sentence: compensatingControl },
  ...{ by: approvedBy, expiresAt, waiverId },
});

const attested = ({ position, reasonCode, sentence, by }: Attestation): Ruling => ({
  ...{ kind: 'attestation', position, reasonCode, sentence, by, expiresAt: null, waiverId: null },
});
