import { describe, expect, test } from 'vitest';
import { matchesGlob } from './glob.js';

describe('A glob', () => {
  test.each([
    ['packages/core/**', 'packages/core/src/a.ts', true],
    ['packages/core/**', 'packages/core', true],
    ['packages/core/**', 'packages/core2/a.ts', false],
    ['**/migrations/*.ts', 'src/modules/x/migrations/1.ts', true],
    ['**/migrations/*.ts', 'migrations/1.ts', true],
    ['**/migrations/*.ts', 'migrations/deep/1.ts', false],
    ['src/*/route.ts', 'src/a/route.ts', true],
    ['src/*/route.ts', 'src/a/b/route.ts', false],
    ['src/**/route.ts', 'src/a/b/route.ts', true],
    ['a?c', 'abc', true],
    ['a?c', 'a/c', false],
    ['*.md', '.md', true],
    ['A.md', 'a.md', false],
    ['**', 'any/thing', true],
    ['a.b', 'axb', false],
  ])('%s fits %s: %s', (glob, path, fits) => {
    expect(matchesGlob(glob, path)).toBe(fits);
  });
});
