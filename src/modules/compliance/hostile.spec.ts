import { describe, expect, test } from 'vitest';
import { inputOf, rowsOf } from '../../../test/support/compliance.js';
import { lendingSpec } from '../../../test/support/lending-spec.js';
import { evaluate } from './evaluation.js';
import { matchesGlob } from './glob.js';
import { mostFindings } from './report-row.js';
import { everywhere } from './rules.js';
import type { Rule } from './rules.js';

/** A section of 120,000 characters: what needs time in its square would take minutes. */
const filled = (unit: string, heading: string): string =>
  `## ${heading}\n${unit.repeat(Math.floor(120_000 / unit.length))}\n`;

const units: Readonly<Record<string, string>> = {
  'brackets that open': '[',
  'links that never end': '[a](',
  'backticks of all lengths': '` `` ```` ',
  stars: '*a **b ',
  'dots and names': 'a.b.c.d.e.f ',
  'methods without a path': 'GET POST PUT ',
  'paths of many segments': 'POST /a/b/c/d ',
  'one path': '/a',
  capitals: 'ABCDEFGH',
  labels: '**Gap**: x ',
  'AGENTS.md without a space': 'AGENTS.md/',
  'white space and TBD': '   tbd',
  'comments that open': '<!-- ',
  'rows of a table': '| a | b |\n',
  headings: '### a\n',
  attributes: ' id="a',
};

describe('A document made to be slow', () => {
  test.each(Object.entries(units))('of %s is judged all the same', (_what, unit) => {
    for (const heading of ['API Contracts', 'Risks & Impact Review', 'Final Compliance Report', 'Changelog']) {
      const { verdict } = evaluate(inputOf(filled(unit, heading)));
      expect(verdict).toBe('non_compliant');
    }
  });
});

describe('More findings than anybody reads', () => {
  test('are counted, and the first of them listed', () => {
    const routes = Array.from({ length: 1500 }, (_, index) => `- \`POST /api/x${index}/y\``).join('\n');
    const row = rowsOf(evaluate(inputOf(`## API Contracts\n${routes}\n`))).find(({ ruleId }) =>
      ruleId.endsWith('commands_mutations'),
    );
    expect(row?.findings).toHaveLength(mostFindings);
    expect(row?.finding.message).toContain('1500 findings in 1500 routes that write.');
  });
});

describe('A rule made to be slow', () => {
  const rule = (more: Partial<Rule>): Rule => ({
    ...{
      ruleId: 'house.slow',
      pack: 'house',
      statement: 'x',
      severity: 'blocking',
      evaluator: 'attestation',
      check: null,
    },
    ...{ source: null, owner: null, applies: everywhere, recommendation: '', mode: 'enforced', ...more },
  });
  test('a glob is compared step by step, never by a regular expression', () => {
    const path = `${'a'.repeat(100_000)}/${'b/'.repeat(50_000)}c`;
    expect(matchesGlob(`${'*a'.repeat(500)}*b`, 'a'.repeat(10_000))).toBe(false);
    expect(matchesGlob(`${'**/'.repeat(200)}nowhere`, path)).toBe(false);
    expect(matchesGlob('(a+)+$', 'aaaa')).toBe(false);
  });
  test('a statement is compared with rows by its words', () => {
    const statement = `${'MUST '.repeat(100_000)}${'('.repeat(100_000)}`;
    const source = { path: 'AGENTS.md', anchor: 'a', revision: null, blobHash: 'b' };
    const input = inputOf(lendingSpec(), { rules: [rule({ statement, source })] });
    expect(evaluate(input).verdict).toBe('non_compliant');
  });
});
