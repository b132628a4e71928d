import { applies } from './applicability.js';
import { checkTable } from './check-table.js';
import type { CheckResult, Subject } from './checks.js';
import { DocumentReading } from './document-reading.js';
import type { SectionMemo } from './document-reading.js';
import { hashesOf, linkableElements } from './element-hashes.js';
import type { EvaluationInput } from './evaluation-input.js';
import { ruleOutcomes } from './evaluation.view.js';
import type { Evaluation, OutcomeCounts, ReportRow, RuleOutcome, Verdict } from './evaluation.view.js';
import { LinkBook } from './link-book.js';
import { rowOf } from './report-row.js';
import { checkNames } from './rules.js';
import type { CheckName } from './rules.js';

/**
 * What the rules say of a spec. Pure: the same input gives the same answer, with a memo or without one. Never throws:
 * what is too hard to read stays unread, and an element that was not read cannot be right or wrong.
 */
export function evaluate(input: EvaluationInput, memo?: SectionMemo): Evaluation {
  const document = new DocumentReading(input.spec, memo);
  const links = new LinkBook(input.links, hashesOf(linkableElements(document)));
  const applying = new Set(input.rules.filter((rule) => applies(rule.applies, input, document)));
  const subject: Subject = { document, input, links, rules: [...applying] };
  const results = new Map<CheckName, CheckResult>();
  const resultOf = (name: CheckName): CheckResult => {
    const known = results.get(name) ?? checkTable[name](subject);
    results.set(name, known);
    return known;
  };
  const rows = input.rules.map((rule) =>
    rowOf(rule, {
      subject,
      applies: applying.has(rule),
      result: rule.check === null || !applying.has(rule) ? null : resultOf(rule.check),
    }),
  );
  const consistency = new Set(input.rules.flatMap((rule, index) => (isConsistency(rule.check) ? [index] : [])));
  return {
    verdict: verdictOf(rows),
    rows: rows.filter((_row, index) => !consistency.has(index)),
    consistency: rows.filter((_row, index) => consistency.has(index)),
    contentHash: input.spec.contentHash,
    packHash: input.packHash,
    counts: countsOf(rows),
  };
}

const isConsistency = (check: CheckName | null): boolean =>
  check !== null && checkNames.indexOf(check) >= checkNames.indexOf('consistency.models_contracts');

/** Only enforced rules that block decide; what a waiver carries is said in the verdict. */
function verdictOf(rows: readonly ReportRow[]): Verdict {
  if (rows.some(({ blocks }) => blocks)) return 'non_compliant';
  const carried = rows.some(
    ({ outcome, severity, mode }) => outcome === 'waived' && severity === 'blocking' && mode === 'enforced',
  );
  return carried ? 'compliant_with_waivers' : 'compliant';
}

function countsOf(rows: readonly ReportRow[]): OutcomeCounts {
  const counted = Object.fromEntries(
    ruleOutcomes.map((outcome) => [outcome, rows.filter((row) => row.outcome === outcome).length]),
  ) as Record<RuleOutcome, number>;
  return {
    ...counted,
    blocking: rows.filter(({ blocks }) => blocks).length,
    contradicted: rows.filter(({ contradicted }) => contradicted).length,
  };
}
