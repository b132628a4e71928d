import { hash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hashOfRange, isKept, keptFor } from './ledger-nodes.js';
import { consistencyRanges, inclusionRanges, isConsistent, leftSize, rootOfInclusion } from './merkle-proof.js';
import { leafHash, MerkleTree, nodeHash } from './merkle-tree.js';

const eventHash = (number: number): Buffer => hash('sha256', `event ${number}`, 'buffer');
const leaves = Array.from({ length: 5000 }, (_, at) => leafHash(eventHash(at)));

/** The definition of RFC 9162, section 2.1.1, word for word. */
function rootByDefinition(of: readonly Buffer[]): Buffer {
  if (of.length === 0) return hash('sha256', '', 'buffer');
  const [first] = of;
  if (of.length === 1 && first) return first;
  const left = leftSize(of.length);
  return nodeHash(rootByDefinition(of.slice(0, left)), rootByDefinition(of.slice(left)));
}

function treeOf(size: number) {
  const tree = MerkleTree.empty();
  const kept = new Map<string, Buffer>(leaves.slice(0, size).map((leaf, at) => [`0/${at}`, leaf]));
  const close = (level: number, index: number, node: Buffer) => isKept(level) && kept.set(`${level}/${index}`, node);
  for (const leaf of leaves.slice(0, size)) tree.append(leaf, close);
  let reads = 0;
  const read = (level: number, index: number) => {
    reads++;
    return kept.get(`${level}/${index}`) ?? expect.fail(`level ${level} has no node ${index}`);
  };
  return { tree, read, reads: () => reads };
}

const sized = fc.integer({ min: 1, max: leaves.length });
const flipped = (bytes: Buffer, bit: number) => {
  const copy = Buffer.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
};

describe('the Merkle tree', () => {
  test('has the roots that certificate transparency publishes for its test leaves', () => {
    const [empty, second] = ['00', '0000'].map((hex) => hash('sha256', Buffer.from(hex, 'hex'), 'buffer'));
    expect(rootByDefinition([]).toString('hex')).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
    expect(empty?.toString('hex')).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
    if (!empty || !second) throw new Error('there are two leaves');
    expect(nodeHash(empty, second).toString('hex')).toBe(
      'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    );
  });

  test('has at every size the root of the definition, also when it goes on from its peaks', () => {
    let tree = MerkleTree.empty();
    leaves.slice(0, 300).forEach((leaf, at) => {
      expect(tree.root()).toEqual(rootByDefinition(leaves.slice(0, at)));
      tree = MerkleTree.of(tree.size, tree.packedPeaks);
      tree.append(leaf);
    });
    expect(tree.size).toBe(300);
  });
});

describe('an inclusion proof', () => {
  test('leads from every leaf to the root, out of the kept nodes', () => {
    fc.assert(
      fc.property(sized, fc.nat(), (size, at) => {
        const { tree, read } = treeOf(size);
        const index = at % size;
        const proof = inclusionRanges(index, size).map((range) => hashOfRange(range, read));
        expect(rootOfInclusion(leaves[index] ?? fail(), index, size, proof)).toEqual(tree.root());
      }),
      { numRuns: 40 },
    );
  });

  test('of another leaf, for another place, or with any bit changed leads elsewhere', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 700 }), fc.nat(), fc.nat(), (size, at, seed) => {
        const { tree, read } = treeOf(size);
        const index = at % size;
        const leaf = leaves[index] ?? fail();
        const root = tree.root();
        const proof = inclusionRanges(index, size).map((range) => hashOfRange(range, read));
        const forged = proof.map((one, place) => (place === seed % proof.length ? flipped(one, seed % 256) : one));
        const other = (index + 1 + (seed % (size - 1))) % size;
        expect(rootOfInclusion(leaves[other] ?? fail(), index, size, proof)).not.toEqual(root);
        expect(rootOfInclusion(leaf, other, size, proof)).not.toEqual(root);
        expect(rootOfInclusion(leaf, index, size, forged)).not.toEqual(root);
        expect(rootOfInclusion(leaf, index, size, proof.slice(0, -1))).toBeUndefined();
        expect(rootOfInclusion(leaf, index, size, proof.slice(1))).not.toEqual(root);
        expect(rootOfInclusion(leaf, index, size, [...proof, leaf])).toBeUndefined();
        expect(rootOfInclusion(leaf, index, size, [...proof].reverse())).toSatisfy(
          (found?: Buffer) => proof.length === 1 || !found?.equals(root),
        );
        expect(rootOfInclusion(leaf, size, size, proof)).toBeUndefined();
        expect(rootOfInclusion(leaf, -1, size, proof)).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });

  test('an inner node does not pass for a leaf', () => {
    const { tree } = treeOf(4);
    const [a, b, c, d] = leaves;
    if (!a || !b || !c || !d) throw new Error('there are four leaves');
    expect(rootOfInclusion(nodeHash(a, b), 0, 2, [nodeHash(c, d)])).toEqual(tree.root());
    const asEvent = leafHash(nodeHash(a, b));
    expect(rootOfInclusion(asEvent, 0, 2, [nodeHash(c, d)])).not.toEqual(tree.root());
  });

  test('over a million events reads a few hundred kept nodes', () => {
    const size = 1_000_003;
    for (const index of [0, 1, 65_535, 524_287, 999_999, 1_000_002]) {
      const count = keptFor(inclusionRanges(index, size)).reduce((sum, { first, end }) => sum + end - first, 0);
      expect(count).toBeLessThan(400);
    }
    for (const first of [1, 65_535, 524_289, 1_000_002]) {
      const count = keptFor(consistencyRanges(first, size)).reduce((sum, { first, end }) => sum + end - first, 0);
      expect(count).toBeLessThan(400);
    }
  });
});

describe('a consistency proof', () => {
  const two = fc.tuple(sized, sized).map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]);

  test('shows of any two sizes that one begins with the other', () => {
    fc.assert(
      fc.property(two, ([first, second]) => {
        const { tree, read } = treeOf(second);
        const proof = consistencyRanges(first, second).map((range) => hashOfRange(range, read));
        const before = { size: first, root: treeOf(first).tree.root() };
        expect(isConsistent(before, { size: second, root: tree.root() }, proof)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test('fails for a history that was rewritten, and for any bit that is changed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 300 }), fc.nat(), (first, more, seed) => {
        const { tree, read } = treeOf(first + more);
        const proof = consistencyRanges(first, first + more).map((range) => hashOfRange(range, read));
        const rewritten = MerkleTree.empty();
        leaves.slice(0, first).forEach((leaf, at) => rewritten.append(at === seed % first ? leafHash(leaf) : leaf));
        const before = { size: first, root: treeOf(first).tree.root() };
        const after = { size: first + more, root: tree.root() };
        expect(isConsistent({ size: first, root: rewritten.root() }, after, proof)).toBe(false);
        expect(isConsistent(before, { ...after, root: flipped(after.root, seed % 256) }, proof)).toBe(false);
        expect(isConsistent(after, before, proof)).toBe(false);
        expect(isConsistent(before, after, proof.slice(1))).toBe(false);
        const forged = proof.map((one, place) => (place === seed % proof.length ? flipped(one, seed % 256) : one));
        expect(isConsistent(before, after, forged)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });
});

function fail(): never {
  throw new Error('there is no such leaf');
}
