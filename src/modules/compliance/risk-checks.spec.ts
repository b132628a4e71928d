import { expect, test } from 'vitest';
import { inputOf, judged } from '../../../test/support/compliance.js';

const told = (bullets: string): string[] => {
  const row = judged(inputOf(`# Lending\n\n## Risks & Impact Review\n\n${bullets}`), 'template.risks.complete');
  return row.findings.map(({ message, evidence: [place] }) => `${place?.line ?? 0}: ${message}`);
};

const level = 'a severity out of Critical, High, Medium and Low';

test('a risk in one bullet is told which fields it lacks', () => {
  expect(
    told('- **Keys go stale** → Mitigated: they expire.\n- **Risk (high).** Two clocks differ.\n- a remark\n'),
  ).toEqual([
    `5: "Keys go stale" lacks a scenario, ${level}, an affected area, a residual risk.`,
    '6: "risk 2" lacks an affected area, a mitigation, a residual risk.',
  ]);
});

test('a risk in one bullet with all fields lacks none, and a bullet without any is no risk', () => {
  expect(
    told(
      '- **Rust.** It is wet. Severity: high. Affected area: sheds. Mitigation: oil. Residual risk: low.\n- **Moss** is green.\n',
    ),
  ).toEqual([]);
});
