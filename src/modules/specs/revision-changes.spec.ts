import { applyPatch } from 'diff';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Parts } from './revision-changes.js';
import { changesBetween } from './revision-changes.js';

const part = (section: string, text = `${section}.\n`) => ({ section, heading: section.toUpperCase(), text });
const summary = (before: Parts, after: Parts) =>
  changesBetween(before, after).map(({ section, change }) => `${section} ${change}`);

describe('What differs between two revisions', () => {
  test('is told once for each section: added, removed, changed or moved', () => {
    const before = ['one', 'two', 'three', 'four'].map((key) => part(key));
    expect(summary(before, before)).toEqual([]);
    const [one = part(''), two = part(''), three = part(''), four = part('')] = before;
    expect(summary(before, [four, one, two, three])).toEqual(['four moved']);
    expect(summary(before, [two, one, three, four])).toHaveLength(1);
    expect(summary(before, [one, part('five'), two, four])).toEqual(['five added', 'three removed']);
    expect(summary(before, [one, part('two', 'Another.\n'), three, four])).toEqual(['two changed']);
    // A section that took the place of one that was removed has not moved.
    expect(summary(before, [two, three, four])).toEqual(['one removed']);
  });

  test('is a diff in lines, which says that a last line has no end', () => {
    const changes = changesBetween([part('one', 'a\nb\nc\n')], [part('one', 'a\nB\nc')]);
    expect(changes).toMatchObject([
      { heading: 'ONE', diff: '@@ -1,3 +1,3 @@\n a\n-b\n-c\n+B\n+c\n\\ No newline at end of file\n' },
    ]);
  });

  test('is told as a whole where comparing would take too long', () => {
    const lines = (seed: number) => `${Array.from({ length: 30_000 }, (_, at) => (at * seed) % 7919).join('\n')}\n`;
    const [change] = changesBetween([part('one', lines(31))], [part('one', lines(37))]);
    expect(change?.diff.startsWith('@@ -1,')).toBe(true);
    expect(change?.kind).toBe('normative');
  });

  test('leads from the earlier text to the later one', () => {
    const text = fc
      .array(fc.constantFrom('a\n', 'b\n', 'c\n', '\n', '-x\n', '+y\n', '@@\n'))
      .map((lines) => lines.join(''));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const [change] = changesBetween([part('one', before)], [part('one', after)]);
        expect(applyPatch(before, `--- \n+++ \n${change?.diff ?? ''}`)).toBe(after);
      }),
    );
  });
});
