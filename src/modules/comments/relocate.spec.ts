import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Relocated } from './relocate.js';
import { relocate } from './relocate.js';

/** Follows what stands in brackets in the first text into the second: gives it in brackets there. */
function follow(marked: string, after: string): string {
  const [start, end] = [marked.indexOf('['), marked.indexOf(']') - 1];
  const found = relocate(marked.replace('[', '').replace(']', ''), after, { start, end });
  return `${found.status}${shown(after, found)}`;
}

const shown = (after: string, found: Relocated): string =>
  found.status === 'gone'
    ? ''
    : ` ${after.slice(0, found.start)}[${after.slice(found.start, found.end)}]${after.slice(found.end)}`;

describe('A stretch of text', () => {
  test.each([
    ['stays', 'a [b c] d', 'a b c d', 'exact a [b c] d'],
    ['stays when more is written behind', 'a [b c] d', 'a b c d e', 'exact a [b c] d e'],
    ['moves when more is written before', 'a [b c] d', 'x a b c d', 'moved x a [b c] d'],
    ['does not take what is written directly before', 'a [bc] d', 'a xbc d', 'moved a x[bc] d'],
    ['does not take what is written directly behind', 'a [bc] d', 'a bcx d', 'exact a [bc]x d'],
    ['grows when something is written inside', 'a [b c] d', 'a b x c d', 'changed a [b x c] d'],
    ['shrinks when something inside is deleted', 'a [bb xx cc] d', 'a bb cc d', 'changed a [bb cc] d'],
    ['loses its beginning', 'a [bb cc dd] e', 'cc dd e', 'changed [cc dd] e'],
    ['loses its end', 'a [bb cc dd] e', 'a bb cc', 'changed a [bb cc]'],
    ['is gone when it is deleted', 'a [bb cc] d', 'a  d', 'gone'],
    ['is gone when something else stands there', 'a [bb cc] d', 'a xx yy d', 'gone'],
    ['is gone with all text', 'a [bb cc] d', '', 'gone'],
    ['is followed among many edits', 'one two [three four] five', 'One 2 three four 5', 'moved One 2 [three four] 5'],
    [
      'is followed to another paragraph',
      'one\n\n[two words]\n\nthree\n',
      'three\n\none\n\ntwo words\n',
      'moved three\n\none\n\n[two words]\n',
    ],
    ['is not taken for its like elsewhere', 'a b\n\nx [y] z\n\ny c\n', 'a b\n\nx z\n\ny c\n', 'gone'],
    [
      'of several alike is the one it was',
      'x\nsame\n[same]\nsame\n',
      'x\nmore\nsame\nsame\nsame\n',
      'moved x\nmore\nsame\n[same]\nsame\n',
    ],
  ])('%s', (_name, before, after, expected) => {
    expect(follow(before, after)).toBe(expected);
  });

  test('that was cut out and put elsewhere is found by its words', () => {
    const [one, two, three] = ['The first paragraph here.', 'The cache keeps every answer.', 'The last one.'];
    const before = `${one}\n\n${two}\n\n${three}\n`;
    const after = `${two}\n\nNew text.\n\n${one}\n\n${three} More.\n`;
    const start = before.indexOf(two);
    expect(shown(after, relocate(before, after, { start, end: start + two.length }))).toContain(`[${two}]`);
  });
});

const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' ', '\n', '.', 'ab'), maxLength: 40 });
/** Of letters of its own, so that nothing else is like it. */
const stretch = fc
  .string({ unit: fc.constantFrom('x', 'y', 'z', ' ', 'é', '𝒳'), maxLength: 20 })
  .map((inner) => `x${inner}x`);
const textOf = (after: string, found: Relocated) =>
  found.status === 'gone' ? null : after.slice(found.start, found.end);

describe('For every text', () => {
  test('an edit before or behind the stretch leaves it whole', () => {
    fc.assert(
      fc.property(text, text, stretch, text, (head, newHead, own, tail) => {
        const before = head + own + tail;
        const range = { start: head.length, end: head.length + own.length };
        const [start, end] = [newHead.length, newHead.length + own.length];
        const status = start === head.length ? 'exact' : 'moved';
        expect(relocate(before, newHead + own + tail, range)).toEqual({ status, start, end });
        expect(relocate(before, head + own + newHead, range)).toEqual({ status: 'exact', ...range });
      }),
      { numRuns: 500 },
    );
  });

  test('edits on both sides of whole words leave them whole', () => {
    const head = fc
      .string({ unit: fc.constantFrom('a', 'b ', 'c', '\n', '.'), maxLength: 40 })
      .map((one) => `${one}\n`);
    const tail = fc
      .string({ unit: fc.constantFrom('d', 'e\t', 'f', '\r', ';'), maxLength: 40 })
      .map((one) => `\t${one}`);
    const own = fc.array(fc.constantFrom('x', 'yy', 'é', '𝒳'), { minLength: 1 }).map((all) => all.join('  '));
    fc.assert(
      fc.property(head, head, own, tail, tail, (one, other, words, rest, newRest) => {
        const range = { start: one.length, end: one.length + words.length };
        const found = relocate(one + words + rest, other + words + newRest, range);
        const status = one.length === other.length ? 'exact' : 'moved';
        expect(found).toEqual({ status, start: other.length, end: other.length + words.length });
      }),
      { numRuns: 500 },
    );
  });

  test('one edit inside makes it shorter or longer by as much', () => {
    fc.assert(
      fc.property(text, stretch, text, stretch, text, (head, begin, put, end, tail) => {
        const [before, after] = [`${head}${begin}DELETED${end}${tail}`, `${head}${begin}${put}${end}${tail}`];
        const own = { start: head.length, end: before.length - tail.length };
        expect(relocate(before, after, own)).toEqual({
          status: 'changed',
          start: head.length,
          end: after.length - tail.length,
        });
      }),
      { numRuns: 500 },
    );
  });

  test('one that is deleted is gone', () => {
    fc.assert(
      fc.property(text, text, stretch, text, (head, newHead, own, tail) => {
        const range = { start: head.length, end: head.length + own.length };
        expect(relocate(head + own + tail, head + tail, range)).toEqual({ status: 'gone' });
        expect(relocate(head + own + tail, newHead + tail, range)).toEqual({ status: 'gone' });
      }),
      { numRuns: 500 },
    );
  });

  test('what is found lies in the text, in order, and is what it says', () => {
    fc.assert(
      fc.property(text, text, fc.nat(), fc.nat(), (before, after, one, other) => {
        fc.pre(before.length > 0);
        const [start, end] = [one % before.length, other % before.length].sort((a, b) => a - b) as [number, number];
        const range = { start, end: end + 1 };
        const found = relocate(before, after, range);
        if (found.status === 'gone') return;
        expect(found.start).toBeGreaterThanOrEqual(0);
        expect(found.start).toBeLessThan(found.end);
        expect(found.end).toBeLessThanOrEqual(after.length);
        expect(textOf(after, found) === before.slice(range.start, range.end)).toBe(found.status !== 'changed');
        if (before === after) expect(found).toEqual({ status: 'exact', ...range });
      }),
      { numRuns: 1000 },
    );
  });

  test('two long texts that have nothing in common are compared in bounded time', () => {
    const before = Array.from({ length: 100_000 }, (_, index) => `a${index}`).join(' ');
    const after = Array.from({ length: 100_000 }, (_, index) => `b${index}`).join(' ');
    expect(relocate(before, after, { start: 500_000, end: 500_100 })).toEqual({ status: 'gone' });
    expect(relocate('a'.repeat(1_000_000), `${'b'.repeat(1_000_000)}`, { start: 5, end: 6 })).toEqual({
      status: 'gone',
    });
  });
});
