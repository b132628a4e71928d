import { describe, expect, test } from 'vitest';
import { verdictClassOf } from './compliance-report.js';
import { extractSectionElements } from './elements.js';

const read = (source: string) =>
  extractSectionElements({ key: 'final-compliance-report', heading: 'Final Compliance Report', source });

const report = `## Final Compliance Report — 2026-04-05

### AGENTS.md Files Reviewed
- \`AGENTS.md\` (root)
- root and \`packages/core/AGENTS.md\`, \`packages/ui/AGENTS.md\`

### Compliance Matrix
| Rule Source | Rule | Status | Notes |
|---|---|---|---|
| root | Filter by tenant | Compliant | always |
| ui | Use forms | Non-compliant | |

### Internal Consistency Check
| Check | Status | Notes |
|---|---|---|
| Models match contracts | Pass | |

### Non-Compliant Items
- **Rule**: Use forms
- **Source**: ui
- **Gap**: one raw input
- **Recommendation**: replace it
- **Rule**: Another
- **Gap**: also

### Verdict
- **Non-compliant**: Blocked — two items
`;

describe('compliance reports', () => {
  test('all parts of the template', () => {
    const [found] = read(report).complianceReports;
    expect(found).toMatchObject({
      date: '2026-04-05',
      filesReviewed: ['AGENTS.md', 'packages/core/AGENTS.md', 'packages/ui/AGENTS.md'],
      matrix: [
        { ruleSource: 'root', rule: 'Filter by tenant', status: 'Compliant', notes: 'always' },
        { ruleSource: 'ui', rule: 'Use forms', status: 'Non-compliant', notes: null },
      ],
      consistency: [{ check: 'Models match contracts', status: 'Pass', notes: null }],
      nonCompliantItems: [
        { rule: 'Use forms', source: 'ui', gap: 'one raw input', recommendation: 'replace it' },
        { rule: 'Another', source: null, gap: 'also', recommendation: null },
      ],
      verdict: 'Non-compliant: Blocked — two items',
      verdictClass: 'blocked',
    });
    expect(found?.matrix[1]?.position.line).toBe(11);
  });

  test('a later report under the first is its own, and does not leak into it', () => {
    const { complianceReports } = read(
      `${report}\n### Final Compliance Report — 2026-05-06\n\n**Verdict**: Fully compliant\n`,
    );
    expect(complianceReports.map(({ date, verdictClass }) => [date, verdictClass])).toEqual([
      ['2026-04-05', 'blocked'],
      ['2026-05-06', 'approved'],
    ]);
  });

  test('a report in prose is unread, an empty section is nothing', () => {
    expect(read('## Final Compliance Report\n\n- all is well\n').unread.map((found) => found.kind)).toEqual([
      'complianceReport',
    ]);
    const empty = read('## Final Compliance Report\n');
    expect([empty.complianceReports, empty.unread]).toEqual([[], []]);
  });
});

test.each([
  ['Verdict: Fully compliant', 'Fully compliant', 'approved'],
  ['- **Final verdict**: ✅ Approved', '✅ Approved', 'approved'],
  ['**Verdict:** Blocked', 'Blocked', 'blocked'],
])('under its heading %j says %j, classed %j', (text, verdict, verdictClass) => {
  const [found] = read(`## Final Compliance Report\n\n### Verdict\n\n${text}\n`).complianceReports;
  expect(found).toMatchObject({ verdict, verdictClass });
});

test.each([
  ['Fully compliant: Approved — ready', 'approved'],
  ['✅ Approved', 'approved'],
  ['Non-compliant: Blocked — two items', 'blocked'],
  ['Not compliant', 'blocked'],
  ['Fully compliant: Approved; nothing is blocked', 'approved'],
  ['Fully compliant — no items blocked', 'approved'],
  ['Compliant, but nothing is done about what is blocked', null],
  ['Partially compliant: needs another pass', null],
  ['Fully compliant: Approved — ready Non-compliant: Blocked — items must be resolved', null],
])('verdict %j is classed %j', (verdict, verdictClass) => {
  expect(verdictClassOf(verdict)).toBe(verdictClass);
});
