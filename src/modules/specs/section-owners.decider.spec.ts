import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitsPattern, ownersOf } from './section-owners.decider.js';

describe('patterns of section keys', () => {
  test.each([
    ['risks', 'risks', true],
    ['risks', 'risk', false],
    ['risks', '*', true],
    ['risks', 'r*s', true],
    ['risks', 'risks*', true],
    ['security-review', 'security-*', true],
    ['review-of-security', 'security-*', false],
    ['a-security-b', '*security*', true],
    ['aab', '*ab', true],
    ['abb', 'a*bc', false],
    ['', '*', true],
  ])('%s fits %s: %s', (key, pattern, fits) => {
    expect(fitsPattern(key, pattern)).toBe(fits);
  });

  test('say the same as a regular expression would', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '-'), maxLength: 12 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '-', '*'), maxLength: 8 });
    fc.assert(
      fc.property(text, pattern, (key, one) => {
        expect(fitsPattern(key, one)).toBe(new RegExp(`^${one.replace(/\*+/g, '.*')}$`).test(key));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('owners of sections', () => {
  const ownership = [
    { pattern: '*', groups: ['authors'], members: [] },
    { pattern: 'security-*', groups: ['security'], members: ['ben'] },
    { pattern: 'security-glossary', groups: [], members: [] },
  ];

  test('are those of the last pattern that fits', () => {
    expect(ownersOf('risks', ownership)).toEqual({ groups: ['authors'], members: [] });
    expect(ownersOf('security-review', ownership)).toEqual({ groups: ['security'], members: ['ben'] });
  });

  test('are nobody where the last pattern that fits names nobody, or none fits', () => {
    expect(ownersOf('security-glossary', ownership)).toEqual({ groups: [], members: [] });
    expect(ownersOf('risks', [])).toEqual({ groups: [], members: [] });
  });
});
