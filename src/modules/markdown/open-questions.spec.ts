import { expect, test } from 'vitest';
import { extractSectionElements } from './elements.js';

const read = (body: string) =>
  extractSectionElements({ key: 'x', heading: 'Open Questions', source: `## Open Questions\n\n${body}` }).openQuestions;

test('list items, with what they say about being resolved', () => {
  const found = read(
    '1. Which queue?\n2. ~~Which database?~~ **Resolved: Postgres**\n3. Retention? — decided: a year\n- ~~Gone?~~\n- [x] done\n- [ ] not yet\n',
  );
  expect(found.map(({ text, resolved }) => [text, resolved])).toEqual([
    ['Which queue?', null],
    ['Which database? Resolved: Postgres', true],
    ['Retention? — decided: a year', true],
    ['Gone?', true],
    ['done', true],
    ['not yet', false],
  ]);
});

test('lines that start with a question number', () => {
  expect(read('Q1. One?\nQ2. Two?\n').map((question) => question.text)).toEqual(['Q1. One?', 'Q2. Two?']);
});

test('none is no question, a heading says resolved for all below it', () => {
  expect(read('- None\n\n### Resolved\n\n- Why?\n')).toMatchObject([{ text: 'Why?', resolved: true }]);
});

test('tables', () => {
  expect(read('| Q | Answer |\n|-|-|\n| Why? | Because |\n| When? | |\n')).toMatchObject([
    { text: 'Why?', resolved: true },
    { text: 'When?', resolved: null },
  ]);
});
