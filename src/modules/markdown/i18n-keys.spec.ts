import { expect, test } from 'vitest';
import { extractSectionElements } from './elements.js';

const read = (body: string) =>
  extractSectionElements({ key: 'internationalization-i18n', heading: 'i18n', source: `## i18n\n\n${body}` });
const keys = (body: string) => read(body).i18nKeys.map(({ key, defaultText }) => [key, defaultText]);

test('inline code in lists, with shorthand and families', () => {
  expect(
    keys(
      '- `shop.title` / `.hint`\n- `shop.errors.*` in `locales/en.json`\n- `shop.ok`: "Fine"\n- `shop.title` again\n',
    ),
  ).toEqual([
    ['shop.title', null],
    ['shop.hint', null],
    ['shop.errors.*', null],
    ['shop.ok', 'Fine'],
  ]);
});

test('tables', () => {
  expect(keys('| Key | English text |\n|-|-|\n| `shop.ok` | Fine |\n')).toEqual([['shop.ok', 'Fine']]);
  expect(read('| A | B |\n|-|-|\n| 1 | 2 |\n').unread.map((found) => found.kind)).toEqual(['i18nKey']);
});

test('JSON with nested objects and comment lines', () => {
  expect(keys('```json\n// en.json\n{ "shop": { "ok": "Fine", "n": 1 } }\n```\n')).toEqual([
    ['shop.ok', 'Fine'],
    ['shop.n', null],
  ]);
  expect(read('```json\n{ "shop": \n```\n').unread.map((found) => found.kind)).toEqual(['i18nKey']);
});

test('lines of text: a quoted remark is the default, another remark is not', () => {
  expect(keys('```\nshop.ok // "Fine"\nshop.no // the button\nshop.eq = Equal\nnot a key\n```\n')).toEqual([
    ['shop.ok', 'Fine'],
    ['shop.no', null],
    ['shop.eq', 'Equal'],
  ]);
});
