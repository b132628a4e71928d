import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { corpusBundle } from './corpus.js';

/** What a commit did to one file; `from` is what a renamed one was called before. */
export type FileChange = { kind: 'put' | 'delete'; path: string; from?: string };
export type Commit = { hash: string; changes: FileChange[] };

/** The history of the corpus in one line: the first parents, each merge as what it brought. */
export class CorpusHistory {
  private readonly bare = mkdtempSync(join(tmpdir(), 'specline-history-'));

  constructor() {
    execFileSync('git', ['clone', '--quiet', '--bare', '--branch', 'main', corpusBundle, this.bare], { stdio: 'pipe' });
  }

  commits(): Commit[] {
    const hashes = this.git('rev-list', '--reverse', '--first-parent', 'main').toString().trim().split('\n');
    return hashes.map((hash, at) => ({ hash, changes: this.changes(hashes[at - 1] ?? emptyTree, hash) }));
  }

  bytes(hash: string, path: string): Buffer {
    return this.git('cat-file', 'blob', `${hash}:${path}`);
  }

  /** The commit that brought each line of a file, as git sees it. */
  blame(hash: string, path: string): string[] {
    const told = this.git('blame', '--first-parent', '--line-porcelain', hash, '--', path).toString();
    return [...told.matchAll(/^([0-9a-f]{40}) \d+ \d+/gm)].map(([, commit = '']) => commit);
  }

  close(): void {
    rmSync(this.bare, { recursive: true, force: true });
  }

  private changes(before: string, after: string): FileChange[] {
    const words = this.git('diff-tree', '-r', '-z', '-M', '--name-status', before, after).toString().split('\0');
    const changes: FileChange[] = [];
    for (let at = 0; at < words.length - 1;) {
      const [status = '', path = '', to = ''] = words.slice(at, at + 3);
      if (status.startsWith('R')) changes.push({ kind: 'put', path: to, from: path });
      else changes.push({ kind: status === 'D' ? 'delete' : 'put', path });
      at += status.startsWith('R') ? 3 : 2;
    }
    return changes;
  }

  private git(...words: string[]): Buffer {
    return execFileSync('git', ['-C', this.bare, ...words], { maxBuffer: 1 << 28 });
  }
}

/** What a first commit is compared with: git knows it without being told. */
const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
