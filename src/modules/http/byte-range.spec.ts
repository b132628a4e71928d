import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byteRange } from './byte-range.js';

describe('a Range header', () => {
  test.each([
    ['bytes=0-499', { from: 0, end: 500 }],
    ['bytes=500-', { from: 500, end: 1000 }],
    ['bytes=-200', { from: 800, end: 1000 }],
    ['bytes=-2000', { from: 0, end: 1000 }],
    ['bytes=990-2000', { from: 990, end: 1000 }],
    ['Bytes = 1-1', { from: 1, end: 2 }],
    ['bytes=1000-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=5-4', undefined],
    ['bytes=0-1,5-6', undefined],
    ['bytes=-', undefined],
    ['items=0-1', undefined],
    ['nonsense', undefined],
    [undefined, undefined],
  ])('%j of 1000 bytes is %j', (header, range) => {
    expect(byteRange(header, 1000)).toEqual(range);
  });

  test('never leads outside of the file', () => {
    const digits = fc.nat(3000).map(String);
    fc.assert(
      fc.property(fc.option(digits, { nil: '' }), fc.option(digits, { nil: '' }), fc.nat(2000), (first, last, size) => {
        const range = byteRange(`bytes=${first}-${last}`, size);
        if (typeof range !== 'object') return;
        expect(range.from).toBeGreaterThanOrEqual(0);
        expect(range.end).toBeGreaterThan(range.from);
        expect(range.end).toBeLessThanOrEqual(size);
      }),
    );
  });
});
