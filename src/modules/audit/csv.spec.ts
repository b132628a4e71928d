import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvLine } from './csv.js';

/** The cells of a line, by RFC 4180. */
function cellsOf(line: string): string[] {
  const cells = [...line.slice(0, -2).matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,"\r\n]*))/g)];
  return cells.map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '');
}

describe('a line of CSV', () => {
  test('ends with CR and LF, and quotes what needs it', () => {
    expect(csvLine(['a', 'b,c', 'd"e', 'f\r\ng', 7, null, undefined, ''])).toBe('a,"b,c","d""e","f\r\ng",7,,,\r\n');
  });

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1', "'=1", "''=1"])(
    'takes %j for no formula',
    (text) => {
      const [cell] = cellsOf(csvLine([text, 'x']));
      expect(cell).toBe(`'${text}`);
    },
  );

  test('gives back every text, one apostrophe before a formula taken off', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 5 }), (texts) => {
        const read = cellsOf(csvLine(['id', ...texts])).slice(1);
        expect(read.map((cell) => (/^'+[=+\-@\t\r＝＋－＠]/.test(cell) ? cell.slice(1) : cell))).toEqual(texts);
      }),
    );
  });
});
