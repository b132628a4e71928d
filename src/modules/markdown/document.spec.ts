import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { corpusFiles, corpusMissing, rfcFiles } from '../../../test/support/corpus.js';
import { limits, parseDocument, renderDocument } from './document.js';

const headingsOf = (markdown: string) => parseDocument(markdown).sections.map(({ heading }) => heading);

describe('A document', () => {
  test('is its preamble and its sections, each with its heading, the heading as written and its text', () => {
    expect(parseDocument('# Notes\n\nIntro.\n\n## One\na\n\n### Deeper\n\nTwo\n---\n# b\n')).toMatchObject({
      preamble: '# Notes\n\nIntro.\n\n',
      title: 'Notes',
      sections: [
        { heading: 'One', headingSource: '## One\n', body: 'a\n\n### Deeper\n\n' },
        { heading: 'Two', headingSource: 'Two\n---\n', body: '# b\n' },
      ],
    });
  });

  test.each([
    ['nothing', ''],
    ['white space', ' \t\n\r\n '],
    ['a byte order mark', '\uFEFF# a\n## b'],
    ['byte order marks inside', '\uFEFF\uFEFF## a\n\uFEFF## b\n'],
    ['NUL characters', '## a\0\n\0'],
    ['CR line endings', '## a\rb\r\r## c'],
    ['mixed line endings', '# a\r\n\n## b\r\rc\n\r## d\n'],
    ['front matter', '---\ntitle: a\n---\n## b\n---\n'],
    ['unpaired surrogates', '## \ud800\n\udc00'],
  ])('of %s is rendered exactly as it was', (_, markdown) => {
    expect(renderDocument(parseDocument(markdown))).toBe(markdown);
  });

  test('of any characters is rendered exactly as it was', () => {
    const pieces = fc.constantFrom(
      '## a\n',
      'b\r\n---\r\n',
      '```\n',
      '# c',
      '\r',
      '\uFEFF',
      '\0',
      '\t',
      '- ',
      '> ',
      '---\n',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ unit: 'binary' }))), (parts) => {
        const markdown = parts.join('');
        expect(renderDocument(parseDocument(markdown))).toBe(markdown);
      }),
      { numRuns: 1000 },
    );
  });

  test('has 1000 sections at most', () => {
    expect(headingsOf('## a\n'.repeat(limits.sections))).toHaveLength(limits.sections);
    expect(() => parseDocument('## a\n'.repeat(limits.sections + 1))).toThrow(
      expect.objectContaining({ code: 'too_many_sections' }),
    );
  });
});

describe('The text of a heading', () => {
  test.each([
    ['## Plain words', 'Plain words'],
    ['##\tClosed ##  ', 'Closed'],
    ['## C#', 'C#'],
    ['## Not \\#', 'Not #'],
    ['##', ''],
    ['## ##', ''],
    ['## The `Map<K>` & **bold _both_** ~~gone~~', 'The Map<K> & bold both gone'],
    ['## [A link](https://example.org "title") and ![an image](b.png)', 'A link and an image'],
    ['## A [reference] and a note[^1]', 'A [reference] and a note[^1]'],
    ['## Tom &amp; Jerry&#33; \\*', 'Tom & Jerry! *'],
    ['## <a id="x"></a>Anchored', 'Anchored'],
    ['## snake_case and 2 * 3', 'snake_case and 2 * 3'],
    ['two\n  *lines*  \nof it\n---', 'two lines of it'],
  ])('%j is %j', (source, heading) => {
    expect(headingsOf(`\n${source}\n`)).toEqual([heading]);
  });

  test('is its source when that is too long to be read as Markdown', () => {
    const long = '[*'.repeat(1000);
    expect(headingsOf(`## ${long}\n`)).toEqual([long]);
  });
});

describe('The title of a document', () => {
  test.each([
    ['the first heading of level 1', 'Intro\n\n# First `code`\n\n# Second\n', 'First code'],
    ['an underlined heading', 'Under\n=====\n', 'Under'],
    ['the title in front matter', '---\ntitle: In front\n---\n- Feature Name: other\n', 'In front'],
    ['the feature name of an RFC', '- Feature Name: `my_feature`\n- Start Date: 2026-01-01\n', 'my_feature'],
    ['none when the stated one is N/A', '- Feature Name: N/A\n', null],
    ['none when the heading of level 1 comes after a section', '## a\n# b\n', null],
    ['none when the heading is quoted', '> # a\n', null],
  ])('is %s', (_, markdown, title) => {
    expect(parseDocument(markdown).title).toBe(title);
  });
});

describe.skipIf(corpusMissing)('Real specifications', () => {
  test('are rendered byte for byte as they were', () => {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const changed = [...corpusFiles(), ...rfcFiles()].filter(
      ({ bytes }) => !bytes.equals(Buffer.from(renderDocument(parseDocument(decoder.decode(bytes))))),
    );
    expect(changed.map(({ path }) => path)).toEqual([]);
  });

  test('have a title', () => {
    const untitled = corpusFiles().filter(({ bytes }) => !parseDocument(bytes.toString()).title);
    expect(untitled.map(({ path }) => path)).toEqual([]);
  });
});
