import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { movedLines } from './moved-lines.js';

const part = (section: string | null, text: string) => ({ section, heading: section, text });
const long = 'Old searches are deleted after a year.\n';
const other = 'Who may delete one is decided by its owner.\n';

describe('Lines that moved', () => {
  test('are found where they went, in another section as in their own', () => {
    const before = [part('one', `## One\n${long}${other}`), part('two', '## Two\nText.\n')];
    const after = [part('one', `## One\n`), part('two', `## Two\nText.\n${long}${other}`)];
    expect(movedLines(before, after)).toEqual([
      { from: { section: 'one', line: 2 }, to: { section: 'two', line: 3 }, lines: 2, text: long + other },
    ]);
    const own = movedLines([part(null, `${long}a\nb\nc\n`)], [part(null, `a\nb\nc\n${long}`)]);
    expect(own).toMatchObject([{ from: { section: null, line: 1 }, to: { section: null, line: 4 }, lines: 1 }]);
  });

  test('are told of a section that got another key', () => {
    const moved = movedLines([part('one', `## One\n${long}`)], [part('uno', `## Uno\n${long}`)]);
    expect(moved).toMatchObject([{ from: { section: 'one', line: 2 }, to: { section: 'uno', line: 2 } }]);
  });

  test('are none where a few words stand in two places by chance, or a line came twice and went once', () => {
    expect(movedLines([part('one', 'None.\n\n')], [part('two', 'None.\n\n')])).toEqual([]);
    expect(movedLines([part('one', long)], [part('two', long), part('three', long)])).toHaveLength(1);
  });

  test('are lines of both sides, and none is told twice', () => {
    const line = fc.constantFrom(long, other, 'None.\n', '\n', '```\n');
    const text = fc.array(line, { maxLength: 12 }).map((lines) => lines.join(''));
    const parts = fc.tuple(text, text).map(([one, two]) => [part('one', one), part('two', two)]);
    fc.assert(
      fc.property(parts, parts, (before, after) => {
        const told = new Set<string>();
        for (const { from, to, lines, text: moved } of movedLines(before, after)) {
          const at = (all: typeof before, { section, line: first }: typeof from) =>
            (all.find((one) => one.section === section)?.text ?? '')
              .split(/(?<=\n)/)
              .slice(first - 1, first - 1 + lines);
          expect(at(before, from).join('')).toBe(moved);
          expect(at(after, to).join('')).toBe(moved);
          for (let next = 0; next < lines; next++) {
            for (const place of [`from ${from.section} ${from.line + next}`, `to ${to.section} ${to.line + next}`]) {
              expect(told.has(place)).toBe(false);
              told.add(place);
            }
          }
        }
      }),
    );
  });
});
