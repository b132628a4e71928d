import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeSpans, plainText, trimMarks } from './inline.js';

describe('codeSpans', () => {
  test('finds code between backtick runs of the same length', () => {
    expect(codeSpans('a `b` and ``c ` d``').map((span) => span.text)).toEqual(['b', 'c ` d']);
  });

  test('leaves unmatched and escaped backticks alone', () => {
    expect(codeSpans('one ` two')).toEqual([]);
    expect(codeSpans('\\`no` code')).toEqual([]);
  });

  test('gives offsets that slice back to the span with its backticks', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('`', '``', 'a', ' ', '\\') }), (text) => {
        for (const span of codeSpans(text)) expect(text.slice(span.start, span.end)).toMatch(/^`+[^]*`+$/);
      }),
    );
  });
});

describe('plainText', () => {
  test.each([
    ['**Bold** and *slanted* and ~~gone~~', 'Bold and slanted and gone'],
    ['[a link](https://example.test/x) with `co_de`', 'a link with co_de'],
    ['`src/**/*.ts` keeps its stars', 'src/**/*.ts keeps its stars'],
    ['organization_id and __dunder__', 'organization_id and dunder'],
    ['5 * 3 &lt; 16 \\* 1', '5 * 3 < 16 * 1'],
    ['**outer `code` inner**', 'outer code inner'],
  ])('reads %j as %j', (source, text) => {
    expect(plainText(source)).toBe(text);
  });

  test('takes any string, NUL included', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof plainText(text) === 'string'));
    expect(plainText('a\0b `c`')).toBe('a\ufffdb c');
  });
});

test('trimMarks takes the marks off both ends only', () => {
  expect(trimMarks(' — a — b -- ', ' —-')).toBe('a — b');
});
