import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Real specifications, kept outside this repository; the same that the tests read (test/support/corpus.ts). */
const root = resolve(import.meta.dirname, '..');
const bundle = join(resolve(root, process.env.CORPUS_DIR ?? '../shared/corpus'), 'specs-history.bundle');

/** Why the corpus cannot be measured, or nothing. */
export const corpusMissing = existsSync(bundle) ? undefined : `there is no ${bundle} (set CORPUS_DIR)`;

/**
 * The specs at the tip of the corpus' history, read straight out of the bundle.
 *
 * @returns {{ path: string, bytes: Buffer }[]}
 */
export function corpusFiles() {
  const bare = mkdtempSync(join(tmpdir(), 'specline-bench-corpus-'));
  try {
    const git = (/** @type {string[]} */ ...words) =>
      execFileSync('git', ['-C', bare, ...words], { maxBuffer: 1 << 28 });
    execFileSync('git', ['clone', '--quiet', '--bare', '--branch', 'main', bundle, bare], { stdio: 'pipe' });
    const paths = git('ls-tree', '-r', '-z', '--name-only', 'main').toString().split('\0').filter(Boolean);
    return paths.map((path) => ({ path, bytes: git('cat-file', 'blob', `main:${path}`) }));
  } finally {
    rmSync(bare, { recursive: true, force: true });
  }
}
