import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { corpusMissing, ruleFiles } from '../../../test/support/corpus.js';
import { HeadingAnchors } from './heading-anchors.js';
import { readRuleStatements, statementLimits } from './rule-statements.js';

const said = (markdown: string) => readRuleStatements(markdown).map(({ force, text }) => [force, text]);

describe('the statements of a rule file', () => {
  test('are the sentences of a paragraph that hold one of the words in capitals', () => {
    const prose = 'Queries are cheap. You MUST scope them, e.g. by tenant. They SHOULD NOT join. Nobody must say must.';
    expect(said(prose)).toEqual([
      ['must', 'You MUST scope them, e.g. by tenant.'],
      ['should_not', 'They SHOULD NOT join.'],
    ]);
  });

  test('are list items, table rows and headings as a whole', () => {
    expect(said('- Keep it short. It MUST fit.\n- Nothing.\n')).toEqual([['must', 'Keep it short. It MUST fit.']]);
    expect(said('| a | b |\n|---|---|\n| `x` | MUST NOT be empty |\n| y | is |\n')).toEqual([
      ['must_not', '`x` | MUST NOT be empty'],
    ]);
    expect(said('### Cache — MUST be scoped\n\nText.\n')).toEqual([['must', 'Cache — MUST be scoped']]);
  });

  test('are the items of a list under a heading or a line that says Always, Never or MUST, unless they say otherwise', () => {
    const items = '- One thing.\n- Another SHOULD be.\n  - A detail.\n';
    expect(said(`## Never\n\n${items}`)).toEqual([
      ['never', 'One thing.'],
      ['should', 'Another SHOULD be.'],
    ]);
    expect(said(`MUST rules:\n${items}\n- Still.\n`).at(-1)).toEqual(['must', 'Still.']);
    expect(said('## Always\n\nNothing of this binds.\n\n## Later\n\n- Nor does this.\n')).toEqual([]);
  });

  test('begin with Always or Never in any case, and stand in quotes as well', () => {
    expect(said('> **Never** commit secrets.\n>\n> Always ask.\n')).toEqual([
      ['never', '**Never** commit secrets.'],
      ['always', 'Always ask.'],
    ]);
  });

  test('are not what stands in code, in a comment, or names rules only', () => {
    expect(said('```\nYou MUST\n```\n\n<!-- You MUST -->\n\nThe word `MUST`. See the MUST rules below.\n')).toEqual([]);
  });

  test('are not what stands in front matter, and their lines are those of the file', () => {
    const file = '---\ndescription: You MUST\n---\n\nYou MUST NOT.\n';
    expect(readRuleStatements(file)).toEqual([{ force: 'must_not', text: 'You MUST NOT.', anchor: '', line: 5 }]);
  });

  test('have the strictest word of theirs, their line, and the anchor of the heading above them', () => {
    const text =
      '# Rules\n\n## Caching & keys!\n\nIt SHOULD be kept, and MUST NOT leak.\n\n## Caching & keys!\n\n1. NEVER guess.\n';
    expect(readRuleStatements(text)).toEqual([
      { force: 'must_not', text: 'It SHOULD be kept, and MUST NOT leak.', anchor: 'caching--keys', line: 5 },
      { force: 'never', text: 'NEVER guess.', anchor: 'caching--keys-1', line: 9 },
    ]);
  });

  test('keep the lines that they are written in, without indentation and marks', () => {
    expect(said('> You MUST\r\n>   do it.\r\n')).toEqual([['must', 'You MUST\ndo it.']]);
    expect(said('\ufeffYou MUST.\n')).toEqual([['must', 'You MUST.']]);
  });

  test.each([
    ['many statements', 'You MUST.\n\n'.repeat(statementLimits.statements + 1), /more than 2000 rules/],
    ['a statement without end', `You MUST ${'and '.repeat(1100)}`, /line 1 is longer/],
    ['quotes in quotes', `${'> '.repeat(120)}You MUST.`, /nested deeper/],
    ['more text than is read', 'word '.repeat(120_000), /longer than/],
  ])('are refused where there are %s', (_, markdown, message) => {
    expect(() => readRuleStatements(markdown)).toThrow(message);
  });

  /** How many statements a text has, or why it is refused. */
  const outcome = (markdown: string): number | string => {
    try {
      return readRuleStatements(markdown).length;
    } catch (refusal) {
      return (refusal as { code: string }).code;
    }
  };

  // Anything more than linear time would outlast the test.
  test.each([
    ['stops', 'MUST. '.repeat(80_000), 'validation_failed'],
    ['backticks', '`MUST '.repeat(80_000), 'validation_failed'],
    ['stars', '**MUST'.repeat(80_000), 'validation_failed'],
    ['blanks behind a stop', `MUST.${' '.repeat(500_000)}`, 1],
    ['abbreviations', 'e.g. '.repeat(100_000), 0],
    ['brackets', `MUST ${'['.repeat(500_000)}`, 'validation_failed'],
    ['stops and brackets', `${'.)'.repeat(250_000)} MUST`, 1],
  ])('are read or refused from hostile %s', (_, markdown, expected) => {
    expect(outcome(markdown)).toBe(expected);
  });

  test.skipIf(corpusMissing)('of the 18 real rule files are as many as the reviewed count of them says', () => {
    const counts = ruleFiles().map(({ path, bytes }) => [path, readRuleStatements(bytes.toString()).length]);
    const reviewed = JSON.parse(readFileSync(join('test', 'compliance', 'rule-files.json'), 'utf8')) as object;
    expect(Object.fromEntries(counts)).toEqual(reviewed);
  });
});

test('anchors are those of GitHub', () => {
  const anchors = new HeadingAnchors();
  const made = ['Where to Put Code', 'A/B & C (d)', 'a-1', 'A', 'a', 'Naïve_x — y', '`code`'].map((one) =>
    anchors.next(one),
  );
  expect(made).toEqual(['where-to-put-code', 'ab--c-d', 'a-1', 'a', 'a-2', 'naïve_x--y', 'code']);
});
