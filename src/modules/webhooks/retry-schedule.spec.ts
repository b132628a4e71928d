import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextDelay, readRetryAfter, retryDelays } from './retry-schedule.js';

const now = new Date('2026-11-23T12:00:00.000Z');
const day = 86_400_000;

test('ten attempts are made over 75 hours, 35 minutes and 5 seconds, and no eleventh', () => {
  expect(retryDelays).toHaveLength(10);
  const total = retryDelays.reduce((sum, delay) => sum + delay, 0);
  expect(total).toBe(((75 * 60 + 35) * 60 + 5) * 1000);
  expect(nextDelay(9, 0)).toBe(day);
  expect(nextDelay(10, 0)).toBeUndefined();
});

test('jitter only ever adds, up to a fifth', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempts, random) => {
      const base = retryDelays[attempts] ?? 0;
      const delay = nextDelay(attempts, random) ?? -1;
      expect(delay).toBeGreaterThanOrEqual(base);
      expect(delay).toBeLessThanOrEqual(base * 1.2 + 1);
    }),
  );
});

test('Retry-After makes a wait longer, never shorter, and no longer than a day', () => {
  expect(nextDelay(1, 0, 60_000)).toBe(60_000);
  expect(nextDelay(4, 0, 60_000)).toBe(2 * 3_600_000);
  expect(nextDelay(1, 0, 30 * day)).toBe(day);
});

test('Retry-After is read as seconds and as a date; what cannot be understood says nothing', () => {
  expect(readRetryAfter('120', now)).toBe(120_000);
  expect(readRetryAfter('Mon, 23 Nov 2026 12:05:00 GMT', now)).toBe(300_000);
  expect(readRetryAfter('Monday, 23-Nov-26 12:05:00 GMT', now)).toBe(300_000);
  expect(readRetryAfter('Mon, 23 Nov 2020 12:05:00 GMT', now)).toBe(0);
  expect(readRetryAfter('9999999999', now)).toBe(day);
  for (const header of [undefined, '', '-1', '1.5', 'soon', '2026-11-24', 'Xyz, soon', '1e3']) {
    expect(readRetryAfter(header, now), header).toBeUndefined();
  }
});
