import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Real specifications to test against; they stay outside this repository (CORPUS_DIR names the folder). */
const folder = resolve(process.env.CORPUS_DIR ?? '../shared/corpus');

/** All of the corpus' history, as git packs it. */
export const corpusBundle = join(folder, 'specs-history.bundle');

/** True when the corpus is not there: tests that need it say so and are skipped. `.ci/run` makes that an error. */
export const corpusMissing = !existsSync(corpusBundle);

if (corpusMissing) {
  if (process.env.CORPUS_REQUIRED) throw new Error(`CORPUS_REQUIRED is set, and there is no corpus in ${folder}`);
  process.stderr.write(
    `The corpus is not in ${folder} (set CORPUS_DIR): tests over real specifications are skipped.\n`,
  );
}

export type CorpusFile = { path: string; bytes: Buffer };

let tip: CorpusFile[] | undefined;

/** The specs at the tip of the corpus' history, read straight out of the bundle. */
export function corpusFiles(): CorpusFile[] {
  if (corpusMissing) return [];
  return (tip ??= readBundle(corpusBundle));
}

/** The Rust RFCs and their template. */
export function rfcFiles(): CorpusFile[] {
  if (corpusMissing) return [];
  const rfcs = join(folder, 'rust-rfcs');
  return readdirSync(rfcs)
    .filter((name) => name.endsWith('.md'))
    .map((name) => ({ path: name, bytes: readFileSync(join(rfcs, name)) }));
}

/** The rule files that the specs cite, by their paths in the repository that they are from. */
export function ruleFiles(): CorpusFile[] {
  if (corpusMissing) return [];
  const agents = join(folder, 'agents');
  const manifest = JSON.parse(readFileSync(join(agents, 'manifest.json'), 'utf8')) as { file: string; path: string }[];
  return manifest.map(({ file, path }) => ({ path, bytes: readFileSync(join(agents, file)) }));
}

export const templateMarkdown = (): string => readFileSync(join(folder, 'spec-template.md'), 'utf8');

export const rfcTemplateMarkdown = (): string => readFileSync(join(folder, 'rust-rfcs', '0000-template.md'), 'utf8');

function readBundle(bundle: string): CorpusFile[] {
  const bare = mkdtempSync(join(tmpdir(), 'specline-corpus-'));
  try {
    const git = (...words: string[]) => execFileSync('git', ['-C', bare, ...words], { maxBuffer: 1 << 28 });
    execFileSync('git', ['clone', '--quiet', '--bare', '--branch', 'main', bundle, bare], { stdio: 'pipe' });
    const paths = git('ls-tree', '-r', '-z', '--name-only', 'main').toString().split('\0').filter(Boolean);
    return paths.map((path) => ({ path, bytes: git('cat-file', 'blob', `main:${path}`) }));
  } finally {
    rmSync(bare, { recursive: true, force: true });
  }
}
