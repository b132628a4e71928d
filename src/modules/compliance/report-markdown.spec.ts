import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inputOf } from '../../../test/support/compliance.js';
import { lendingSpec } from '../../../test/support/lending-spec.js';
import { extractElements } from '../markdown/elements.js';
import type { ComplianceReport } from '../markdown/compliance-report.view.js';
import { parseDocument } from '../markdown/document.js';
import { evaluate } from './evaluation.js';
import type { Evaluation } from './evaluation.view.js';
import { oneLine } from './inline-markdown.js';
import { reportMarkdown } from './report-markdown.js';

const frame = { date: '2026-11-23', filesReviewed: ['AGENTS.md', 'packages/core/AGENTS.md'] };

/** The report as an import reads it: the only one in the only section. */
function readBack(markdown: string): ComplianceReport {
  const document = parseDocument(markdown);
  expect(document.sections.map(({ heading }) => heading)).toEqual(['Final Compliance Report — 2026-11-23']);
  const section = {
    key: 'final-compliance-report',
    heading: 'Final Compliance Report',
    start: 0,
    end: markdown.length,
  };
  const elements = extractElements(markdown, [section]);
  expect(elements.unread).toEqual([]);
  const [report] = elements.complianceReports;
  if (!report || elements.complianceReports.length !== 1)
    throw new Error(`Not one report, but ${elements.complianceReports.length}`);
  return report;
}

const gapped = evaluate(
  inputOf(
    lendingSpec()
      .replace(/- \*\*Mitigation\*\*.*\n/, '')
      .replace('## Overview', '## Something'),
  ),
);

/** The evaluation with a text in every place where a rule, a finding or a person gives one. */
const saying = (text: string): Evaluation => ({
  ...gapped,
  rows: gapped.rows.map((row) => ({
    ...row,
    statement: text,
    source: { path: text, anchor: 'a', revision: null, blobHash: 'b' },
    finding: { ...row.finding, message: text },
    findings: row.findings.map((finding) => ({ ...finding, message: text, recommendation: text })),
  })),
});

describe('A report as Markdown', () => {
  test('has the structure of the template, and reads as the rows that it was made of', () => {
    const report = readBack(reportMarkdown(gapped, frame));
    expect(report).toMatchObject({ date: '2026-11-23', filesReviewed: frame.filesReviewed, verdictClass: 'blocked' });
    expect(report.matrix.map(({ rule, notes }) => [rule, notes])).toEqual(
      gapped.rows.map(({ statement, finding }) => [statement, finding.message]),
    );
    expect(report.matrix.filter(({ status }) => status === 'Non-compliant')).toHaveLength(2);
    expect(report.consistency.map(({ check }) => check)).toEqual(gapped.consistency.map(({ statement }) => statement));
    expect(report.nonCompliantItems.map(({ rule, gap }) => [rule, gap])).toEqual(
      gapped.rows
        .filter(({ blocks }) => blocks)
        .flatMap(({ statement, findings }) => findings.map(({ message }) => [statement, message])),
    );
  });
  test('of a spec that keeps every rule is approved, and agrees with itself when it is judged', () => {
    const markdown = reportMarkdown(evaluate(inputOf(lendingSpec())), frame);
    expect(readBack(markdown)).toMatchObject({ verdictClass: 'approved', nonCompliantItems: [] });
    const reported = lendingSpec().replace(/## Final Compliance Report[^]*?\n(?=## Changelog)/, `${markdown}\n`);
    const again = evaluate(inputOf(reported, { sources: frame.filesReviewed.map((path) => ({ path })) }));
    expect(
      again.rows.filter(({ ruleId, outcome }) => ruleId.startsWith('template.report.') && outcome !== 'compliant'),
    ).toEqual([]);
  });

  const hostile = [
    'a | b || c \\| d',
    '<script>alert(1)</script> <img src=x onerror=alert(1)> <!-- ',
    '[a](javascript:alert(1)) ![b](http://x/y.png) [c]: http://z',
    'one\n\n## Final Compliance Report — 2020-01-01\n\n### Verdict\n- Approved',
    'x **Gap**: y **Rule**: z',
    '`code` and ``more` ` \\` `',
    '*a* _b_ ~~c~~ **d** \\*e\\*',
    '&lt;b&gt; &amp; &#42; © é 🛠️',
    '- Source: elsewhere\n| x | y |\n|---|---|\n| 1 | 2 |',
    '```\n## out\n```',
    '\u0000\u2028\u202e',
    '-',
  ];
  test.each(hostile)('gives %j as text: no row, heading, label, link or HTML comes of it', (text) => {
    const markdown = reportMarkdown(saying(text), frame);
    const report = readBack(markdown);
    expect(report.matrix.length + report.nonCompliantItems.length).toBe(
      /\p{L}|\p{N}/u.test(text) ? gapped.rows.length + 2 : report.matrix.length + report.nonCompliantItems.length,
    );
    expect(report.verdictClass).toBe('blocked');
    expect(markdown.replace(/(`+) .*? \1/g, '')).not.toMatch(/<[a-z!/]|(?<!\\)\]\(/i);
  });
  test('gives back any text, or one that only lost marks', () => {
    const letters = (value: string | null | undefined) => (value ?? '').replace(/[^\p{L}\p{N}]/gu, '');
    const words = fc.array(fc.oneof(fc.constantFrom(...hostile, '**', '`', '|', '\\', '<', ':', 'Gap:'), fc.string()), {
      maxLength: 5,
    });
    fc.assert(
      fc.property(
        words.map((parts) => `a${parts.join('')}z`),
        (text) => {
          const report = readBack(reportMarkdown(saying(text), frame));
          expect(report.matrix.map(({ rule }) => letters(rule))).toEqual(gapped.rows.map(() => letters(oneLine(text))));
          expect(report.nonCompliantItems.map(({ gap }) => letters(gap))).toEqual(
            [1, 2].map(() => letters(oneLine(text))),
          );
        },
      ),
      { numRuns: 200 },
    );
  });
});
