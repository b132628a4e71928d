import { describe, expect, test } from 'vitest';
import { rootHeadings } from './blocks.js';

describe('Nesting', () => {
  const depths = [
    ['quotes', (depth: number) => '>'.repeat(depth)],
    ['list items on one line', (depth: number) => '- '.repeat(depth) + 'a'],
    ['numbered items on one line', (depth: number) => '1. '.repeat(depth) + 'a'],
    [
      'list items by indentation',
      (depth: number) => Array.from({ length: depth }, (_, at) => `${'  '.repeat(at)}- a`).join('\n'),
    ],
    ['footnotes', (depth: number) => '[^a]: '.repeat(depth) + 'a'],
  ] as const;

  test.each(depths)(
    'of %s is read up to the limit and refused beyond it',
    (_, nested) => {
      expect(rootHeadings(nested(100))).toEqual([]);
      expect(() => rootHeadings(nested(101))).toThrow(expect.objectContaining({ code: 'markdown_too_deep' }));
      expect(() => rootHeadings(nested(1000))).toThrow(expect.objectContaining({ code: 'markdown_too_deep' }));
    },
    20_000,
  );

  test('is not what a thematic break or code looks like', () => {
    expect(rootHeadings(`${'- '.repeat(300)}\n\n    ${'> '.repeat(300)}\n\`\`\`\n${'+ - '.repeat(300)}\n`)).toEqual([]);
  });
});

describe('Hostile text of 500 kB', () => {
  const repeat = (text: string, before = '', after = '') => before + text.repeat(500_000 / text.length) + after;
  test.each([
    ['brackets', repeat('[')],
    ['open labels', repeat('[a\n', '', '---\n')],
    ['escapes in a label', repeat('[\\', '', '\n---')],
    ['definitions', repeat('[a]: b\n', '', '---\n')],
    ['definitions, each underlined', repeat('[a]: b\n---\n')],
    ['an open title', repeat('c\n', '[a]: b "', '---\n')],
    ['open parentheses', repeat('(', '[a]: ', '\n---')],
    ['backticks', repeat('` `` ')],
    ['emphasis', repeat('*a _b ')],
    ['tags', repeat('<a ')],
    ['attributes', repeat(' a', '<b')],
    ['spaces in a tag', repeat(' ', '<b')],
    ['open character data', repeat(']]\n', '<![CDATA[')],
    ['quotes', repeat('> a\n\n')],
    ['lazy lines', repeat('a\n', '> ')],
    ['empty items', repeat('-\n')],
    ['items and quotes', repeat('- > a\n')],
    ['nearly thematic breaks in items', repeat(`${'- '.repeat(99)}${'-'.repeat(800)}x\n`)],
    ['deep indentation', repeat(`${' '.repeat(198)}a\n\n`, depthOf99())],
    ['a table', repeat('|a|b|\n', '|a|b|\n|-|-|\n')],
    ['heads of tables', repeat(`${'|'.repeat(1000)}\n`)],
    ['fences', repeat('```\n')],
    ['blank lines', repeat('\r')],
    ['front matter that never ends', repeat('\n---x', '---')],
    ['number signs', repeat('#')],
    ['tabs', repeat('-\t\t\t\t\n')],
  ])('made of %s is read to its end', (_, text) => {
    expect(rootHeadings(`${text}\n\n`)).toBeInstanceOf(Array);
  });

  function depthOf99(): string {
    return Array.from({ length: 99 }, (_, depth) => `${'  '.repeat(depth)}- a\n`).join('');
  }
});
