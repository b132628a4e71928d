import fc from 'fast-check';
import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { frontmatterFromMarkdown } from 'mdast-util-frontmatter';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { frontmatter } from 'micromark-extension-frontmatter';
import { gfm } from 'micromark-extension-gfm';
import { describe, expect, test } from 'vitest';
import { corpusFiles, corpusMissing, rfcFiles } from '../../../test/support/corpus.js';
import { rootHeadings } from './blocks.js';

/** The same headings by a full GFM parse: level, the line of the first word, the last line. */
function headingsByMicromark(markdown: string): string[] {
  const tree = fromMarkdown(markdown, {
    extensions: [gfm(), frontmatter(['yaml', 'toml'])],
    mdastExtensions: [gfmFromMarkdown(), frontmatterFromMarkdown(['yaml', 'toml'])],
  });
  return tree.children.flatMap((node) => {
    if (node.type !== 'heading' || node.depth > 2) return [];
    const first: Nodes = node.children[0]?.position ? node.children[0] : node;
    return [`${node.depth}: ${first.position?.start.line} to ${node.position?.end.line}`];
  });
}

/**
 * micromark breaks an assertion of its own on a task mark behind an empty list item ("-", then "[x] a"): there is nothing to
 * compare with then. Every other error is one.
 */
function isKnownToMicromark(markdown: string): boolean {
  try {
    headingsByMicromark(markdown);
    return true;
  } catch (error) {
    if ((error as Error).name === 'Assertion') return false;
    throw error;
  }
}

function headings(markdown: string): string[] {
  const lineOf = (index: number) => markdown.slice(0, index).split(/\r\n|\r|\n/).length;
  return rootHeadings(markdown).map(({ level, start, end }) => {
    const source = markdown.slice(start, end).replace(/(?:\r\n|\r|\n)$/, '');
    return `${level}: ${lineOf(start)} to ${lineOf(start + source.length)}`;
  });
}

const texts = (markdown: string) => rootHeadings(markdown).map(({ start, end }) => markdown.slice(start, end));

const indentation = [
  '',
  '',
  '',
  ' ',
  '  ',
  '   ',
  '    ',
  '\t',
  ' \t',
  '> ',
  '>',
  '>  ',
  '>\t',
  '- ',
  '-\t',
  '-     ',
  '1. ',
];
const openings = [
  '## a',
  '# b',
  '##',
  '### c',
  '---',
  '--',
  '-',
  '===',
  '=',
  '- ',
  '+ ',
  '1. ',
  '2. ',
  '10) ',
  '> ',
  '>',
];
const rows = ['b | c', '|a|b|', '|-|-|', '--|--', ':--', '\\|', 'a', 'a: b', '[x] ', '\\', '\0', ' ', '    ', '\t'];
const verbatim = [
  '```',
  '````',
  '~~~',
  '``` x',
  '```` `',
  '<!--',
  '-->',
  '<!-->',
  '<div>',
  '</div>',
  '<pre>',
  '</pre>',
];
const html = [
  '<b>',
  '</b>',
  '<b c="d" e>',
  '<p/>',
  '<p/',
  '<textarea/>',
  '<?',
  '?>',
  '<!A',
  '>',
  '<a',
  '<![CDATA[',
  ']]>',
];
const definitions = ['[a]: b', '[a]: b "c"', '[a]:', '[a', '"c"', "'c", ']:', 'b)', '(c', ')', '[^a]: ', '[a]: <b> (c'];
const breaks = ['***', '* * *', '- - -', '___', '+++'];

const line = fc
  .tuple(
    fc.constantFrom(...indentation),
    fc.array(fc.constantFrom(...openings, ...rows, ...verbatim, ...html, ...definitions, ...breaks), { maxLength: 3 }),
    fc.constantFrom('', '', ' ', '\t'),
  )
  .map(([start, parts, end]) => start + parts.join('') + end);

/** Markdown at its worst: every construct of blocks next to, inside and half inside every other. */
const markdown = fc
  .tuple(
    fc.constantFrom('', '', '', '---\n', '\uFEFF', '\uFEFF---\n', '+++\n'),
    fc.array(fc.tuple(line, fc.constantFrom('\n', '\n', '\n', '\r\n', '\r', '\n\n')), { maxLength: 12 }),
  )
  .map(([start, lines]) => start + lines.flat().join(''));

describe('The headings that divide a document', () => {
  test('are the ones that a full parse finds, whatever stands around them', () => {
    fc.assert(
      fc.property(markdown, (text) => {
        fc.pre(isKnownToMicromark(text));
        expect(headings(text)).toEqual(headingsByMicromark(text));
      }),
      { numRuns: 2000 },
    );
  });

  test('are the ones that a full parse finds in any text at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(isKnownToMicromark(text));
        expect(headings(text)).toEqual(headingsByMicromark(text));
      }),
    );
  });

  test.each([
    ['in a fence', '```\n## a\n```\n'],
    ['in a longer fence that holds a shorter one', '````\n```\n## a\n````\n'],
    ['in a fence that is never closed', '~~~\n## a\n'],
    ['in a comment', '<!--\n\n## a\n-->\n'],
    ['in an HTML block', '<details>\n## a\n</details>\n'],
    ['in a quote', '> ## a\n'],
    ['in a list item', '- b\n\n  ## a\n'],
    ['in a footnote', '[^1]: b\n\n    ## a\n'],
    ['indented as code', '    ## a\n'],
    ['in front matter', '---\n## a\n---\n'],
    ['without a space', '##a\n'],
    ['escaped', '\\## a\n'],
    ['under a lazy line of a quote', '> a\nb\n---\n'],
    ['under a table', 'a | b\n--|--\nc | d\n---\n'],
    ['under link reference definitions only', '[a]: b\n---\n'],
  ])('do not include text %s', (_, text) => {
    expect(rootHeadings(text)).toEqual([]);
  });

  test.each([
    ['after a tab that fills up the indentation of an item', '-\ta\n\n \t## b\n', []],
    ['after a tab that is used up in part', '>\t## a\n- \t    ## b\n', []],
    ['after an item that starts empty and stays empty', '-\n\n  ## a\n', ['  ## a\n']],
    ['behind an item that is no child of code', '> b\n    c\n-\n  ## a\n', []],
    ['in a paragraph, behind a number that cannot start a list there', 'a\n2. b\n---\n', ['a\n2. b\n---\n']],
    ['behind an item of that number', '- a\n2. b\n---\n', []],
  ])('depend on columns and on lists %s', (_, text, found) => {
    expect(texts(text)).toEqual(found);
    expect(headings(text)).toEqual(headingsByMicromark(text));
  });

  test('keep their indentation, closing signs and line endings', () => {
    expect(texts('x\r\n  ## a ##\r\n\r\nb\nc\n ---\n## d')).toEqual(['  ## a ##\r\n', 'b\nc\n ---\n', '## d']);
  });

  test('start after the link reference definitions before them', () => {
    expect(texts('[a]: b "c"\n[d]: <e>\ntitle\n---\n')).toEqual(['title\n---\n']);
  });

  test('are found behind a byte order mark', () => {
    expect(rootHeadings('\uFEFF## a')).toEqual([{ level: 2, start: 1, end: 5 }]);
  });
});

describe.skipIf(corpusMissing)('Real specifications', () => {
  test('are divided at the headings that a full parse finds', () => {
    const differing = [...corpusFiles(), ...rfcFiles()].filter(({ bytes }) => {
      const text = bytes.toString();
      return headings(text).join() !== headingsByMicromark(text).join();
    });
    expect(differing.map(({ path }) => path)).toEqual([]);
  }, 120_000);
});
