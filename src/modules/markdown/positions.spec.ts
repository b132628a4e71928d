import fc from 'fast-check';
import { expect, test } from 'vitest';
import { movePositions, SourcePositions } from './positions.js';

test('bytes agree with the UTF-8 encoding of every prefix that does not split a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 700 }), (text) => {
      const positions = new SourcePositions(text);
      let offset = 0;
      for (const character of text) {
        expect(positions.byte(offset)).toBe(Buffer.byteLength(text.slice(0, offset)));
        offset += character.length;
      }
      expect(positions.byte(text.length)).toBe(Buffer.byteLength(text));
    }),
  );
});

test('a lone surrogate counts as the replacement character that stands for it', () => {
  expect(new SourcePositions('a\ud800b').byte(3)).toBe(5);
});

test('LF, CRLF and CR each end one line', () => {
  const positions = new SourcePositions('a\nb\r\nc\rd');
  expect([0, 2, 5, 7].map((offset) => positions.line(offset))).toEqual([1, 2, 3, 4]);
  expect(positions.place('key', { start: 2, end: 6 })).toEqual({
    section: 'key',
    line: 2,
    endLine: 3,
    start: 2,
    end: 6,
  });
});

test('moving adds lines and bytes to nested positions and leaves the original alone', () => {
  const position = { section: 'key', line: 1, endLine: 2, start: 3, end: 4 };
  const original = { name: 'x', position, steps: [{ position }], none: null };
  const moved = movePositions(original, 10, 100);
  expect(moved.steps[0]?.position).toEqual({ section: 'key', line: 11, endLine: 12, start: 103, end: 104 });
  expect(moved.position.start).toBe(103);
  expect(original.position.line).toBe(1);
});
