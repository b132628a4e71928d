import type { ComplianceReport } from '../markdown/compliance-report.view.js';
import { dateThen, newestEntry } from './changelog-checks.js';
import type { Check, CheckResult, Gap, Subject } from './checks.js';
import { basisOf, elementRef, gapAt } from './checks.js';
import { claimOf, consistencyTopic } from './claims.js';
import type { DocumentReading } from './document-reading.js';

const reportKey = 'final-compliance-report';
const noReport: CheckResult = { nothing: "The spec has no author's report." };

/** Checks of the report that its author wrote; without one there is nothing to check. */
const ofReport =
  (check: (report: ComplianceReport, subject: Subject) => CheckResult): Check =>
  (subject) => {
    const { report } = subject.document;
    return report ? check(report, subject) : noReport;
  };

const aboutReport = (
  document: DocumentReading,
  { position }: ComplianceReport,
  message: string,
  element = elementRef('section', reportKey),
): Gap => gapAt(document, element, position, message);

const parts: readonly (readonly [key: string, name: string, has: (report: ComplianceReport) => boolean])[] = [
  ['date', 'a date in its heading', ({ date }) => date !== null],
  ['files-reviewed', 'the rule files that were reviewed', ({ filesReviewed }) => filesReviewed.length > 0],
  ['matrix', 'a compliance matrix', ({ matrix }) => matrix.length > 0],
  ['consistency', 'an internal consistency check', ({ consistency }) => consistency.length > 0],
  ['verdict', 'a verdict', ({ verdict }) => verdict !== null],
];

export const reportStructure: Check = (subject) => {
  const { document } = subject;
  const placed = document.section(reportKey);
  const { report } = document;
  if (!report && (!placed || placed.section.notApplicable !== null)) return noReport;
  if (!report && placed) {
    const elements = [elementRef('section', reportKey, placed.reading.hash)];
    const message = 'The section has no report that can be read.';
    const evidence = [document.sectionEvidence(placed)];
    return {
      looked: parts.length,
      of: 'parts',
      basis: [],
      gaps: [{ outcome: 'non_compliant', message, elements, evidence }],
    };
  }
  const gaps = parts.flatMap(([key, name, has]) =>
    report && !has(report)
      ? [aboutReport(document, report, `The report lacks ${name}.`, elementRef('section', key))]
      : [],
  );
  return { looked: parts.length, of: 'parts', basis: report ? basisOf(document, [report]) : [], gaps };
};

export const reportSources: Check = ofReport((report, { document, input }) => {
  if (input.sources.length === 0) return { nothing: 'No rule source is kept here.' };
  const cited = new Map<string, ComplianceReport['position']>();
  for (const file of report.filesReviewed.flatMap(ruleFilesIn)) cited.set(file, report.position);
  for (const { ruleSource, position } of report.matrix) {
    for (const file of ruleFilesIn(ruleSource ?? '')) if (!cited.has(file)) cited.set(file, position);
  }
  const known = input.sources.map(({ path }) => path);
  const gaps = [...cited]
    .filter(([file]) => !known.some((path) => path === file || path.endsWith(`/${file}`)))
    .map(([file, position]) =>
      gapAt(document, elementRef('file', file), position, `The report cites ${file}, which is no rule source.`),
    );
  return { looked: cited.size, of: 'rule files', basis: basisOf(document, [report]), gaps };
});

/** The rule files that a text names: `root AGENTS.md` names the one at the root. */
const ruleFilesIn = (text: string): string[] =>
  (text.slice(0, 2000).match(/[^\s`'"(),;|]{0,200}AGENTS\.md/g) ?? [])
    .map((path) => path.replace(/^(?:\.\/)+/, ''))
    .filter((path) => !/\.\.\.|…|\*/.test(path));

export const reportAgrees: Check = ofReport((report, { document }) => {
  const failing = [
    ...report.matrix.filter(({ status }) => isFailure(status)).map(({ rule, position }) => ({ rule, position })),
    ...report.consistency
      .filter(({ status }) => isFailure(status))
      .map(({ check, position }) => ({ rule: check, position })),
    ...report.nonCompliantItems.map(({ rule, gap, position }) => ({ rule: rule ?? gap ?? 'an item', position })),
  ];
  if (report.verdictClass === null) return { nothing: 'The verdict says neither that it is approved nor blocked.' };
  if (report.verdictClass === 'blocked') {
    if (!/^\W{0,20}(?:non-?compliant|blocked|not )/i.test(report.verdict ?? '')) {
      return { nothing: 'The verdict speaks of something that is blocked, and may mean another thing.' };
    }
    const message = 'The verdict is blocked, and no row says why.';
    return {
      looked: 1,
      of: 'verdicts',
      basis: basisOf(document, [report]),
      gaps: failing.length > 0 ? [] : [aboutReport(document, report, message)],
    };
  }
  const gaps = failing.map(({ rule, position }) =>
    gapAt(
      document,
      elementRef('rule', rule.slice(0, 200)),
      position,
      `Approved, although "${rule.slice(0, 200)}" is not met.`,
    ),
  );
  return {
    looked: report.matrix.length + report.consistency.length,
    of: 'rows',
    basis: basisOf(document, [report]),
    gaps,
  };
});

/** Whether a row's status says that the rule is not met. */
export const isFailure = (status: string | null): boolean =>
  status !== null && /^\W{0,20}(?:non-?compliant|not compliant|fail(?:s|ed)?\b|violat)|^\s{0,5}[❌✗✘]/i.test(status);

export const reportCurrent: Check = ofReport((report, { document, input }) => {
  if (report.date === null) return { nothing: 'The report has no date.' };
  const newest = newestEntry(document);
  const changed = input.spec.lastContentChangeAt;
  const since = [newest ?? '', changed === null ? '' : dateThen(changed)].reduce((one, other) =>
    one > other ? one : other,
  );
  const message = `The report is of ${report.date}, and the content changed on ${since}.`;
  return {
    looked: 1,
    of: 'reports',
    basis: basisOf(document, [report]),
    gaps: report.date < since ? [aboutReport(document, report, message)] : [],
  };
});

export const reportCovers: Check = ofReport((report, { document, rules }) => {
  const asked = rules.filter(
    ({ source, check, mode }) =>
      mode === 'enforced' && (source !== null || (report.consistency.length > 0 && consistencyTopic(check) !== null)),
  );
  const gaps = asked
    .filter((rule) => claimOf(rule, report) === null)
    .map(({ ruleId, statement }) =>
      aboutReport(
        document,
        report,
        `The report has no row for "${statement.slice(0, 200)}".`,
        elementRef('rule', ruleId),
      ),
    );
  return asked.length === 0
    ? { nothing: 'No rule asks for a row.' }
    : { looked: asked.length, of: 'rules', basis: basisOf(document, [report]), gaps };
});
