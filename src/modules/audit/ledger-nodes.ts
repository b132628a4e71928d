import type { LeafRange } from './merkle-proof.js';
import { isPowerOfTwo, leftSize } from './merkle-proof.js';
import { foldPeaks, nodeHash } from './merkle-tree.js';

/**
 * Every sixth level of a ledger's tree is kept, one row for 64 of the kept level below; the leaves are the ledger's
 * entries. What lies between is hashed from at most 32 kept ones when a proof asks for it.
 */
const levelsApart = 6;

/** Whether complete subtrees of a level are kept as rows. */
export const isKept = (level: number): boolean => level % levelsApart === 0;

/** Kept nodes of one level: from `first` up to but not including `end`. Level 0 is the leaves. */
export type KeptNodes = { level: number; first: number; end: number };

/** A complete subtree: its height, and its place from the left among those of the same height. */
type Subtree = { level: number; index: number };

/** What must be read to hash runs of leaves, each node once: proofs of neighbours have most of them in common. */
export function keptFor(ranges: readonly LeafRange[]): KeptNodes[] {
  const wanted = ranges.flatMap(subtreesOf).map(keptUnder);
  const merged: KeptNodes[] = [];
  for (const next of wanted.sort((a, b) => a.level - b.level || a.first - b.first)) {
    const last = merged.at(-1);
    if (last?.level === next.level && next.first <= last.end) last.end = Math.max(last.end, next.end);
    else merged.push(next);
  }
  return merged;
}

/** Hashes a run of leaves out of what was read for it. */
export function hashOfRange(range: LeafRange, read: (level: number, index: number) => Buffer): Buffer {
  return foldPeaks(
    subtreesOf(range).map((subtree) => {
      const { level, first, end } = keptUnder(subtree);
      let row = Array.from({ length: end - first }, (_, at) => read(level, first + at));
      while (row.length > 1) row = pairs(row);
      return row[0] ?? Buffer.alloc(0);
    }),
  );
}

/** A run of leaves that a proof names is complete, or the right end of a tree: then complete ones that shrink. */
function subtreesOf({ start, end }: LeafRange): Subtree[] {
  const found: Subtree[] = [];
  for (let at = start; at < end;) {
    const size = end - at;
    const width = isPowerOfTwo(size) ? size : leftSize(size);
    found.push({ level: Math.log2(width), index: at / width });
    at += width;
  }
  return found;
}

function keptUnder({ level, index }: Subtree): KeptNodes {
  const kept = level - (level % levelsApart);
  const width = 2 ** (level - kept);
  return { level: kept, first: index * width, end: (index + 1) * width };
}

const pairs = (row: readonly Buffer[]): Buffer[] =>
  Array.from({ length: row.length / 2 }, (_, at) => {
    const [left, right] = [row[at * 2], row[at * 2 + 1]];
    if (!left || !right) throw new Error('a subtree has an odd number of nodes');
    return nodeHash(left, right);
  });
