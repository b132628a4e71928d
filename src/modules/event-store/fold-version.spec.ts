import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { foldFiles } from './fold-version.js';

/** Modules of ours that a file runs; what it imports for its types alone runs nothing. */
function importsOf(file: URL): URL[] {
  const found = readFileSync(file, 'utf8').matchAll(/^(?:import|export) (?!type\b)[^;]*?from '(\.[^']+)\.js';/gms);
  return [...found].map(([, path]) => new URL(`${path}.ts`, file));
}

test('the version of a fold covers every file that a decider runs, however far away', () => {
  const covered = new Set(foldFiles().map(({ href }) => href));
  const waiting = foldFiles().filter(({ href }) => href.endsWith('.decider.ts'));
  const seen = new Set<string>();
  for (let file = waiting.pop(); file; file = waiting.pop()) {
    if (seen.has(file.href)) continue;
    seen.add(file.href);
    waiting.push(...importsOf(file));
  }
  expect(seen.size).toBeGreaterThan(20);
  expect([...seen].filter((file) => !covered.has(file))).toEqual([]);
});
