import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bucketsOf } from './buckets.js';
import { spans } from './statistics.view.js';

const time = fc.date({ min: new Date('0001-01-01'), max: new Date('9990-01-01'), noInvalidDate: true });
const days = (date: string) => new Date(`${date}T00:00:00Z`).getTime() / 86_400_000;

describe('The spans of a period', () => {
  test('are days, weeks from Monday on, or months, in UTC', () => {
    const of = (from: string, to: string, span: (typeof spans)[number]) =>
      bucketsOf(new Date(from), new Date(to), span, 400);
    expect(of('2026-02-27T23:59:59.999Z', '2026-03-02T00:00:00Z', 'day')).toEqual([
      ...['2026-02-27', '2026-02-28', '2026-03-01'],
    ]);
    expect(of('2026-11-22T12:00:00Z', '2026-11-30T00:00:00.001Z', 'week')).toEqual([
      ...['2026-11-16', '2026-11-23', '2026-11-30'],
    ]);
    expect(of('2026-11-30T23:30:00-01:00', '2027-02-01T00:00:00Z', 'month')).toEqual(['2026-12-01', '2027-01-01']);
    expect(of('0004-02-29T00:00:00Z', '0004-03-02T00:00:00Z', 'day')).toEqual(['0004-02-29', '0004-03-01']);
  });

  test('hold every moment of it, without gaps', () => {
    fc.assert(
      fc.property(time, fc.integer({ min: 1, max: 4e10 }), fc.constantFrom(...spans), (from, length, span) => {
        const to = new Date(from.getTime() + length);
        const found = bucketsOf(from, to, span, 1000);
        const [first = '', last = ''] = [found[0], found.at(-1)];
        expect(days(first) * 86_400_000).toBeLessThanOrEqual(from.getTime());
        expect(days(last) * 86_400_000).toBeLessThan(to.getTime());
        const [least, most] = { day: [1, 1], week: [7, 7], month: [28, 31] }[span] as [number, number];
        expect(days(first) + most).toBeGreaterThan(from.getTime() / 86_400_000);
        expect(days(last) + most).toBeGreaterThanOrEqual(to.getTime() / 86_400_000);
        for (const [at, date] of found.slice(1).entries()) {
          const gap = days(date) - days(found[at] ?? '');
          expect(gap).toBeGreaterThanOrEqual(least);
          expect(gap).toBeLessThanOrEqual(most);
        }
      }),
    );
  });

  test('are no more than one above what is asked for', () => {
    expect(bucketsOf(new Date(0), new Date('2026-01-01'), 'day', 400)).toHaveLength(401);
  });
});
