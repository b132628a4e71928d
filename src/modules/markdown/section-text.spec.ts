import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDocument } from './document.js';
import { assertPreamble, detectEol, isAtxHeading, retitlePreamble, sectionHeadingSource } from './section-text.js';

const refusal = (code: string) => expect.objectContaining({ code }) as Error;
const accepted = (check: () => void) => {
  try {
    check();
    return true;
  } catch {
    return false;
  }
};

describe('The source of a heading', () => {
  test.each([
    ['Plain words', '## Plain words\n'],
    ['snake_case & more', '## snake_case & more\n'],
    ['*starred*', '## \\*starred\\*\n'],
    ['Map<string>', '## Map\\<string\\>\n'],
    ['`code`', '## \\`code\\`\n'],
    ['C #', '## C \\#\n'],
    ['# one', '## # one\n'],
    ['&amp;', '## \\&amp;\n'],
    ['[a](b)', '## \\[a\\](b)\n'],
  ])('%j is %j', (heading, source) => {
    expect(sectionHeadingSource(heading, '\n')).toBe(source);
  });

  test('reads back as the heading, or the heading is refused', () => {
    const marks = fc.constantFrom(
      'a',
      ' ',
      '#',
      '*',
      '_',
      '`',
      '[',
      ']',
      '(',
      ')',
      '<',
      '>',
      '&',
      ';',
      '!',
      '\\',
      '~',
      ':',
      '|',
    );
    const heading = fc.oneof(
      fc.array(marks).map((parts) => parts.join('')),
      fc.string({ unit: 'binary', maxLength: 40 }),
    );
    fc.assert(
      fc.property(heading, fc.constantFrom('\n', '\r\n'), (text, eol) => {
        const given = accepted(() => sectionHeadingSource(text, eol));
        if (given) {
          const source = sectionHeadingSource(text, eol);
          expect(parseDocument(source).sections).toEqual([{ heading: text, headingSource: source, body: '' }]);
        }
        // Ordinary text is always taken.
        if (/^[\w*`[\]<>&!~#()]+(?: [\w*`[\]<>&!~#()]+)*$/.test(text)) expect(given).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['empty', ''],
    ['white space', ' \t'],
    ['of two lines', 'a\nb'],
    ['of two lines (CR)', 'a\rb'],
    ['with white space around it', ' a'],
    ['with a NUL character', 'a\0b'],
    ['longer than 300 characters', 'a'.repeat(301)],
  ])('is refused for a heading %s', (_, heading) => {
    expect(() => sectionHeadingSource(heading, '\n')).toThrow(refusal('invalid_heading'));
  });
});

describe('A preamble', () => {
  test.each(['', '\uFEFF', '# a', '---\ntitle: a\n---\n# a\n', 'a\n\n---\n'])('%j stands before sections', (text) => {
    expect(() => assertPreamble(text)).not.toThrow();
  });

  test.each(['## a', 'a\n---\n', '# a\n\n```\n', '<!--'])('%j does not', (text) => {
    expect(() => assertPreamble(text)).toThrow(refusal('section_not_self_contained'));
  });

  test.each([
    ['', '# New\n\n'],
    ['# Old\n\nText.\n', '# New\n\nText.\n'],
    ['  #\tOld  ##\r\nText.', '  #\tNew  ##\r\nText.'],
    ['#\n', '# New\n'],
    ['Old\ntitle\n===\nText.\n', 'New\n===\nText.\n'],
    ['Text.\n', '# New\n\nText.\n'],
    ['\uFEFFText.\n', '\uFEFF# New\n\nText.\n'],
    ['---\ntitle: Old\n---\nText.\n', '---\ntitle: Old\n---\n# New\n\nText.\n'],
    ['```\n# no\n```\n# Old', '```\n# no\n```\n# New'],
    ['# Old\n# Second\n', '# New\n# Second\n'],
  ])('%j is retitled as %j', (preamble, retitled) => {
    expect(retitlePreamble(preamble, 'New', '\n')).toBe(retitled);
  });

  test('has the new title, whatever that is and whatever was there', () => {
    const before = fc.constantFrom(
      '',
      '# Old\n',
      'Old\n===\n',
      '  Old ##\n=\n',
      '# Old #\r\n',
      'Text\n',
      '---\na: b\n---',
    );
    const marks = fc.constantFrom(
      '- a',
      '1. b',
      '> c',
      '# d',
      'e',
      '*f*',
      '[g]: h',
      '```',
      '<i>',
      '===',
      '|j|',
      'k #',
      '---',
    );
    fc.assert(
      fc.property(before, fc.array(marks, { minLength: 1, maxLength: 3 }), (preamble, words) => {
        const title = words.join(' ');
        expect(parseDocument(retitlePreamble(preamble, title, '\n')).title).toBe(title);
      }),
    );
  });
});

test('The line ending of a text is the one that most of its lines have', () => {
  expect(['', 'a\n', 'a\r\n', 'a\r\nb\n', 'a\r\nb\r\nc\n'].map(detectEol)).toEqual(['\n', '\n', '\r\n', '\n', '\r\n']);
});

test('A heading with number signs at the start of its line stands behind any text', () => {
  expect(['## a\n', '  ## a\n', 'a\n---\n'].map(isAtxHeading)).toEqual([true, false, false]);
});
