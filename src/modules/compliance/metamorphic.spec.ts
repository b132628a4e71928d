import { format } from 'prettier';
import { describe, expect, test } from 'vitest';
import { inputOf, rowsOf, template, templateMarkdown } from '../../../test/support/compliance.js';
import { lendingSpec } from '../../../test/support/lending-spec.js';
import { evaluate } from './evaluation.js';

const spec = lendingSpec();
const outcomes = (markdown: string): Map<string, string> =>
  new Map(rowsOf(evaluate(inputOf(markdown))).map(({ ruleId, outcome }) => [ruleId, outcome]));

/** The rules whose outcome a change of the text turns, with what it becomes. */
function turned(change: (markdown: string) => string): string[] {
  const changed = change(spec);
  expect(changed).not.toBe(spec);
  const before = outcomes(spec);
  return [...outcomes(changed)]
    .filter(([rule, outcome]) => before.get(rule) !== outcome)
    .map(([rule, outcome]) => `${rule}: ${outcome}`);
}

const without = (heading: string) => (markdown: string) =>
  markdown.replace(new RegExp(`## ${heading}\n[^]*?\n(?=## )`), '');
const emptied = (heading: string) => (markdown: string) =>
  markdown.replace(new RegExp(`(## ${heading}\n)[^]*?\n(?=## )`), '$1\n');

describe('A specification that keeps every rule', () => {
  test('is compliant', () => {
    const { verdict, counts } = evaluate(inputOf(spec));
    expect({ verdict, gaps: counts.non_compliant + counts.not_linked, blocking: counts.blocking }).toEqual({
      verdict: 'compliant',
      gaps: 0,
      blocking: 0,
    });
    expect(counts.not_applicable).toBe(3);
  });
});

describe('The template itself, filled in by nobody', () => {
  const rows = rowsOf(evaluate(inputOf(templateMarkdown)));
  const keys = (ruleId: string) =>
    rows.find((row) => row.ruleId === ruleId)?.findings.map(({ elements }) => elements[0]?.key) ?? [];

  test('says nothing of its own in any required section', () => {
    const required = template.sections.filter((section) => section.required).map(({ key }) => key);
    expect(keys('template.sections.filled')).toEqual(expect.arrayContaining(required));
  });
  test('answers for no category of risks with its questions', () => {
    expect(keys('template.risks.categories')).toHaveLength(5);
  });
});

describe('What breaks one rule turns exactly its row', () => {
  test.each(['TLDR', 'Overview', 'Problem Statement', 'Proposed Solution'])('deleting the section %s', (heading) => {
    expect(turned(without(heading))).toEqual(['template.sections.required: non_compliant']);
  });
  test.each(['TLDR', 'Overview', 'Problem Statement', 'Proposed Solution'])('emptying the section %s', (heading) => {
    expect(turned(emptied(heading))).toEqual(['template.sections.filled: non_compliant']);
  });
  test.each([
    'TBD',
    '_To be defined._',
    '[Describe the specific pain points, existing limitations, or gaps that this specification aims to solve.]',
    'N/A',
  ])('leaving "%s" instead of a section', (text) => {
    const change = (markdown: string) => markdown.replace(/(## Problem Statement\n)[^\n]*/, `$1${text}`);
    expect(turned(change)).toEqual(['template.sections.filled: non_compliant']);
  });
  test('moving a required section', () => {
    const overview = /## Overview\n[^]*?\n(?=## )/.exec(spec)?.[0] ?? '';
    expect(
      turned((markdown) => markdown.replace(overview, '').replace('## Data Models', `${overview}## Data Models`)),
    ).toEqual(['template.sections.ordered: non_compliant']);
  });
  test('dropping the mitigation of a risk', () => {
    expect(turned((markdown) => markdown.replace(/- \*\*Mitigation\*\*.*\n/, ''))).toEqual([
      'template.risks.complete: non_compliant',
    ]);
  });
  test('a severity that is none of the four', () => {
    expect(turned((markdown) => markdown.replace('**Severity**: High', '**Severity**: Severe'))).toEqual([
      'template.risks.complete: non_compliant',
    ]);
  });
  test('dropping a category of risks', () => {
    const change = (markdown: string) => markdown.replace('### Operational Risks', '### Other Risks');
    expect(turned(change)).toEqual(['template.risks.categories: non_compliant']);
  });
  test('making the name of an event imperative', () => {
    const change = (markdown: string) => markdown.replace('`lending.tool.created`', '`lending.tool.rename`');
    expect(turned(change)).toEqual(['template.events.named: non_compliant']);
  });
  test('making the entity of a command plural', () => {
    const change = (markdown: string) => markdown.replace('`lending.tool.create`', '`lending.tools.create`');
    expect(turned(change)).toEqual(['template.commands.named: non_compliant']);
  });
  test('adding a POST route without a command, under a path that risks cover', () => {
    const change = (markdown: string) =>
      markdown.replace(
        '- `POST /api/lending/loans`',
        '- `POST /api/lending/loans/{id}/extend`\n- `POST /api/lending/loans`',
      );
    expect(turned(change)).toEqual(['template.consistency.commands_mutations: not_linked']);
  });
  test('adding a GET route that nothing says how to cache', () => {
    const change = (markdown: string) =>
      markdown.replace('- `POST /api/lending/loans`', '- `GET /api/lending/members`\n- `POST /api/lending/loans`');
    expect(turned(change)).toEqual(['template.consistency.cache_reads: not_linked']);
  });
  test('adding a data model that no contract names', () => {
    const change = (markdown: string) => markdown.replace('### Loan\n', '### Reminder\n- `id`: uuid\n\n### Loan\n');
    expect(turned(change)).toEqual(['template.consistency.models_contracts: not_linked']);
  });
  test('an interface that names no route', () => {
    const change = (markdown: string) => markdown.replace('reads `GET /api/lending/tools`', 'shows all tools');
    expect(turned(change)).toEqual(['template.consistency.contracts_ui: not_linked']);
  });
  test('a risk that no longer names the routes it covers', () => {
    const change = (markdown: string) => markdown.replace('Loans: `/api/lending/loans`', 'Loans');
    expect(turned(change)).toEqual(['template.consistency.risks_writes: not_linked']);
  });
  test('a link to a heading that is not there', () => {
    expect(turned((markdown) => markdown.replace('who has which', '[who](#members) has which'))).toEqual([
      'template.links.resolve: non_compliant',
    ]);
  });
  test('a changelog that is newer than the report', () => {
    const change = (markdown: string) =>
      markdown.replace('### 2026-11-20\n', '### 2026-11-21\n- Loans end\n\n### 2026-11-20\n');
    expect(turned(change)).toEqual(['template.report.current: non_compliant']);
  });
  test('an entry without a date', () => {
    const change = (markdown: string) => markdown.replace('### 2026-11-20\n', '### Soon\n- More\n\n### 2026-11-20\n');
    expect(turned(change)).toEqual(['template.changelog.dated: non_compliant']);
  });
  test('an approval over a row that is not met', () => {
    const change = (markdown: string) => markdown.replace('| Compliant | Every query |', '| Non-compliant | Not yet |');
    expect(turned(change)).toEqual(['template.report.agrees: non_compliant']);
  });
  test('a report without one of the consistency checks', () => {
    expect(turned((markdown) => markdown.replace(/\| Cache strategy.*\n/, ''))).toEqual([
      'template.report.covers: non_compliant',
    ]);
  });
  test('a report that cites a rule file that is not there', () => {
    expect(turned((markdown) => markdown.replace('- `AGENTS.md` (root)', '- `tools/AGENTS.md`'))).toEqual([
      'template.report.sources: non_compliant',
    ]);
  });
  test('a report without a date', () => {
    expect(turned((markdown) => markdown.replace('Report — 2026-11-20', 'Report'))).toEqual([
      'template.report.structure: non_compliant',
      'template.report.current: not_applicable',
    ]);
  });
  test('a heading that skips a level', () => {
    expect(turned((markdown) => markdown.replace('### Cache Strategy', '##### Cache Strategy'))).toEqual([
      'template.headings.levels: non_compliant',
    ]);
  });
});

describe('What changes the form only turns no row', () => {
  const numbered = (markdown: string) => {
    let number = 0;
    return markdown.replace(/^## /gm, () => `## ${++number}. `);
  };
  test('reformatting', async () => {
    const wrapped = await format(spec, { parser: 'markdown', proseWrap: 'always', printWidth: 40 });
    expect(turned(() => wrapped)).toEqual([]);
    expect(turned((markdown) => markdown.replace(/^- /gm, '* ').replaceAll('\n', '\r\n'))).toEqual([]);
  });
  test('numbering headings, and numbering them anew', () => {
    expect(turned(numbered)).toEqual([]);
    expect(
      turned((markdown) => numbered(markdown).replace(/^## (\d+)\. /gm, (_, number) => `## ${Number(number) + 4}) `)),
    ).toEqual([]);
  });
  test('headings with a line below them', () => {
    expect(turned((markdown) => markdown.replace(/^## (.*)$/gm, '$1\n---'))).toEqual([]);
  });
  test('tables instead of bullets', () => {
    expect(turned(() => lendingSpec('table'))).toEqual([]);
  });
});
