import { describe, expect, test } from 'vitest';
import { fitsPattern } from './path-pattern.js';

describe('a pattern of paths', () => {
  test.each([
    ['packages/core/AGENTS.md', 'packages/core/AGENTS.md', true],
    ['packages/core/AGENTS.md', 'packages/core', false],
    ['packages/core/src/a.ts', 'packages/core/**', true],
    ['packages/core/src/a.ts', 'packages/core/*', false],
    ['packages/core/a.ts', 'packages/*/a.ts', true],
    ['packages/core/src/a.ts', 'packages/*/a.ts', false],
    ['a.ts', '**/a.ts', true],
    ['src/deep/a.ts', '**/a.ts', true],
    ['src/aa.ts', '**/a.ts', false],
    ['src/a.ts', 'src/**/a.ts', true],
    ['src/b/c/a.ts', 'src/**/a.ts', true],
    ['src/a.ts', 'src/?.ts', true],
    ['src/ab.ts', 'src/?.ts', false],
    ['src//.ts', 'src/?.ts', false],
    ['', '**', true],
    ['a', '', false],
    ['a+b(c).ts', 'a+b(c).*', true],
    ['axb', 'a.b', false],
  ])('says of %s and %s: %s', (path, pattern, fits) => {
    expect(fitsPattern(path, pattern)).toBe(fits);
  });

  test('is no regular expression, and cannot be made to take for ever', () => {
    expect(fitsPattern('a'.repeat(300), `${'*a'.repeat(149)}b`)).toBe(false);
    expect(fitsPattern('a'.repeat(300), `${'**a'.repeat(99)}b`)).toBe(false);
    expect(fitsPattern('a'.repeat(30), '(a+)+$')).toBe(false);
  });
});
