import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { Document } from './tour-lives.js';
import { playTour } from './tour-lives.js';

const usage = `Plays the lives of three specs in an organization, with three people and an agent, and prints their histories.

  API=http://127.0.0.1:3000/v1/organizations/<id> KEY=spk_... npm run tour [-- first.md second.md third.md]

KEY is an administrator's. Without files it takes three specs of the corpus in CORPUS_DIR (../shared/corpus by default).
`;

/** Three that belong together: a roadmap and two of its phases. */
const ofCorpus = ['roadmap', 'phase-2-inbound-putaway', 'phase-4-yard-management'].map(
  (name) => `.ai/specs/2026-04-15-wms-${name}.md`,
);

const [, url, organizationId] = /^(https?:\/\/[^/]+)\/v1\/organizations\/([\w-]+)$/.exec(process.env.API ?? '') ?? [];
const apiKey = process.env.KEY;
if (url === undefined || organizationId === undefined || !apiKey || ![2, 5].includes(process.argv.length)) {
  process.stderr.write(usage);
  process.exit(2);
}
const tell = (line: string) => void process.stdout.write(`${line}\n`);
const files = process.argv.slice(2);
const [first, second, third] = files.length > 0 ? files.map(ofFile) : fromCorpus();
if (!first || !second || !third) throw new Error('there are no three documents');
for (const history of await playTour({ url, organizationId, tell }, apiKey, [first, second, third])) {
  tell(`\n${history.trimEnd()}`);
}

function ofFile(path: string): Document {
  const markdown = readFileSync(path, 'utf8');
  return { title: titleOf(markdown) ?? basename(path), markdown };
}

function titleOf(markdown: string): string | undefined {
  return /^# +(.+)$/m.exec(markdown)?.[1]?.trim();
}

/** Read out of the bundle of the corpus, which stays where it is. */
function fromCorpus(): Document[] {
  const bundle = resolve(process.env.CORPUS_DIR ?? '../shared/corpus', 'specs-history.bundle');
  const bare = mkdtempSync(join(tmpdir(), 'specline-tour-'));
  try {
    const git = (...words: string[]) => execFileSync('git', ['-C', bare, ...words], { maxBuffer: 1 << 28 });
    git('clone', '--quiet', '--bare', '--branch', 'main', bundle, '.');
    return ofCorpus.map((path) => {
      const markdown = git('cat-file', 'blob', `main:${path}`).toString();
      return { title: titleOf(markdown) ?? basename(path), markdown };
    });
  } finally {
    rmSync(bare, { recursive: true, force: true });
  }
}
