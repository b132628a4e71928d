import { describe, expect, test } from 'vitest';
import { preferredWait } from './preference.js';

describe('Prefer: wait', () => {
  test.each<[string | string[] | undefined, number | undefined]>([
    [undefined, undefined],
    ['', undefined],
    ['wait=5', 5],
    ['wait=0', 0],
    ['WAIT = 5', 5],
    ['wait="5"', 5],
    ['respond-async, wait=10', 10],
    ['return=minimal; foo="some, parameter; wait=3", wait=7', 7],
    ['handling="a, wait=1", wait=2', 2],
    ['wait=5; strict', 5],
    [['respond-async', 'wait=4'], 4],
    ['wait=600', 30],
  ])('%j is %s seconds', (header, seconds) => expect(preferredWait(header)).toBe(seconds));

  test.each(['wait', 'wait=', 'wait=-1', 'wait=1.5', 'wait=soon', 'await=5', 'wait=5s', 'wait=99999999999'])(
    '%j is no preference',
    (header) => expect(preferredWait(header)).toBeUndefined(),
  );

  test('of two of them the first counts', () => expect(preferredWait('wait=1, wait=2')).toBe(1));

  test('a header made to be slow is read in time', () => {
    for (const part of [' ', ';', 'a=', '"', '\\"', 'wait=;', 'a;"', ',']) {
      const started = performance.now();
      preferredWait(part.repeat(100_000));
      expect(performance.now() - started).toBeLessThan(1_000);
    }
  });
});
