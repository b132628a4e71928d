import { describe, expect, test } from 'vitest';
import { LineCursor } from './line-cursor.js';

function linesOf(text: string): string[] {
  const line = new LineCursor(text);
  const lines: string[] = [];
  while (line.nextLine()) lines.push(text.slice(line.lineStart, line.nextStart));
  return lines;
}

const firstLine = (text: string) => {
  const line = new LineCursor(text);
  line.nextLine();
  return line;
};

describe('Lines', () => {
  test.each([
    ['', []],
    ['a', ['a']],
    ['a\n', ['a\n']],
    ['a\nb\r\nc\rd', ['a\n', 'b\r\n', 'c\r', 'd']],
    ['\r\r\n\n\r', ['\r', '\r\n', '\n', '\r']],
    ['\uFEFFa\n', ['a\n']],
  ])('of %j are %j', (text, lines) => {
    expect(linesOf(text)).toEqual(lines);
  });
});

describe('White space at the start of a line', () => {
  test.each([
    ['  a', 2],
    ['\ta', 4],
    [' \ta', 4],
    ['    \ta', 8],
    ['\u00a0a', 0],
  ])('of %j is %i columns wide', (text, columns) => {
    expect(firstLine(text).indent).toBe(columns);
  });

  test('is used up by column, so that a tab can be used up in part', () => {
    const line = firstLine('\t\ta');
    line.skipColumns(2);
    expect(line).toMatchObject({ offset: 0, indent: 6 });
    line.skipColumns(3);
    expect(line).toMatchObject({ offset: 1, indent: 3 });
    line.skipColumns(9);
    expect(line).toMatchObject({ offset: 2, indent: 0 });
  });

  test('after a marker reaches to the next multiple of four columns', () => {
    const line = firstLine('>\ta');
    line.skipMarker(1);
    expect(line.indent).toBe(3);
    line.skipColumns(1);
    expect(line.indent).toBe(2);
  });
});
