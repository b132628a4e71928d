import { describe, expect, test } from 'vitest';
import type { LaneHealth, Notice, Sign } from './lane-health.js';
import { afterAttempt, healthy, isBreakerOpen, noticeOf, slowdown } from './lane-health.js';

const start = Date.UTC(2026, 10, 23);
const [minute, day] = [60_000, 86_400_000];
const failure: Sign = { isSuccess: false };

const failing = (times: number, at = start): LaneHealth => {
  let health = healthy;
  for (let n = 0; n < times; n++) health = afterAttempt(health, failure, at);
  return health;
};

describe('the breaker', () => {
  test('stays closed for four failures in a row, and opens with the fifth', () => {
    expect(isBreakerOpen(failing(4))).toBe(false);
    expect(failing(4).blockedUntil).toBeNull();
    expect(isBreakerOpen(failing(5))).toBe(true);
    expect(failing(5).blockedUntil).toBe(start + 30_000);
  });

  test('lets a probe through further and further apart, up to ten minutes', () => {
    expect(failing(6).blockedUntil).toBe(start + minute);
    expect(failing(9).blockedUntil).toBe(start + 8 * minute);
    expect(failing(10).blockedUntil).toBe(start + 10 * minute);
    expect(failing(5000).blockedUntil).toBe(start + 10 * minute);
  });

  test('is closed by one success', () => {
    expect(afterAttempt(failing(50), { isSuccess: true }, start + 1)).toEqual({ ...healthy, lastSuccessAt: start + 1 });
  });
});

describe('a receiver for whom it is too much', () => {
  test('is left alone as long as it asks with 429, 502 or 504, and ten seconds at least', () => {
    for (const status of [429, 502, 504]) {
      expect(slowdown(status, 120_000)).toBe(120_000);
      expect(slowdown(status, undefined)).toBe(10_000);
    }
    expect(slowdown(500, 120_000)).toBeUndefined();
    expect(slowdown(503, 120_000)).toBe(120_000);
    expect(slowdown(undefined, undefined)).toBeUndefined();
  });

  test('is not asked sooner by what was sent before it said so', () => {
    const asked = afterAttempt(healthy, { isSuccess: false, slow: 120_000 }, start);
    expect(afterAttempt(asked, { isSuccess: false, slow: 10_000 }, start + 1).blockedUntil).toBe(start + 120_000);
  });
});

describe('an endpoint that does not work', () => {
  /** One failure every ten minutes, told as it goes. */
  const suffer = (days: number): { notice: Notice; after: number }[] => {
    const told: { notice: Notice; after: number }[] = [];
    let health = healthy;
    for (let now = start; now < start + days * day; now += 10 * minute) {
      health = afterAttempt(health, failure, now);
      const warned = told.length;
      const notice = noticeOf(health, failure, warned, now);
      if (notice) told.push({ notice, after: (now - start) / day });
      if (notice === 'failing') break;
    }
    return told;
  };

  test('is warned about after one day and after four, and disabled after five', () => {
    expect(suffer(7)).toEqual([
      { notice: 'warn_1', after: 1 },
      { notice: 'warn_2', after: 4 },
      { notice: 'failing', after: 5 },
    ]);
  });

  test('is not disabled by few failures far apart', () => {
    let health = healthy;
    for (let n = 0; n < 9; n++) health = afterAttempt(health, failure, start + n * day);
    expect(noticeOf(health, failure, 0, start + 9 * day)).toBeUndefined();
  });

  test('begins anew with every success', () => {
    const health = afterAttempt(failing(500), { isSuccess: true }, start + 4.9 * day);
    expect(noticeOf(afterAttempt(health, failure, start + 5.1 * day), failure, 0, start + 5.1 * day)).toBeUndefined();
  });

  test('is done with at once where it answers 410', () => {
    expect(noticeOf(failing(1), { isSuccess: false, isGone: true }, 0, start)).toBe('gone');
  });
});
