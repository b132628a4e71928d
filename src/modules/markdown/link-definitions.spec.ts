import { expect, test } from 'vitest';
import { endOfDefinitions } from './link-definitions.js';

test.each([
  ['[a]: b', ''],
  ['[a]: b "c"\n[d]:\n  <e f>\n  (g\nh)\n', ''],
  ["[a]: b 'c'\ntext", 'text'],
  ['[a]: b\n  text', 'text'],
  ['[a]: b\n"c" text', '"c" text'],
  ['[a\nb]: c\n', ''],
  ['[a\\]]: b', ''],
  ['[a]: (b(c)d)', ''],
  ['[a]: \\(', ''],
  ['[a]:<>', ''],
])('In %j the link reference definitions end before %j', (paragraph, rest) => {
  expect(paragraph.slice(endOfDefinitions(paragraph))).toBe(rest);
});

test.each([
  'text',
  '[a]',
  '[a] : b',
  '[]: b',
  '[ ]: b',
  '[a[]: b',
  `[${'a'.repeat(1000)}]: b`,
  '[a]:',
  '[a]: b c',
  '[a]: b "c',
  '[a]: b "c" d',
  '[a]: <b>"c"',
  '[a]: <b',
  '[a]: (b',
  '[a]: b)',
  '[a]: \u0001',
])('%j holds no link reference definition', (paragraph) => {
  expect(endOfDefinitions(paragraph)).toBe(0);
});
