import { hash } from 'node:crypto';

/** Called with every complete subtree that an append closes: `level` 1 holds two leaves, `index` counts from the left. */
export type NodeClosed = (level: number, index: number, hash: Buffer) => void;

const leafInput = Buffer.alloc(33);
const nodeInput = Buffer.alloc(65, 1);

/** A leaf's hash (RFC 9162, section 2.1.1): SHA-256 over 0x00 and the event's hash of 32 bytes. */
export function leafHash(eventHash: Buffer): Buffer {
  eventHash.copy(leafInput, 1);
  return hash('sha256', leafInput, 'buffer');
}

/** An inner node's hash (RFC 9162, section 2.1.1): SHA-256 over 0x01, the left child and the right one. */
export function nodeHash(left: Buffer, right: Buffer): Buffer {
  left.copy(nodeInput, 1);
  right.copy(nodeInput, 33);
  return hash('sha256', nodeInput, 'buffer');
}

/** The hash over neighbouring subtrees that shrink from left to right: how a tree is hashed that is not complete. */
export function foldPeaks(peaks: readonly Buffer[]): Buffer {
  const last = peaks.at(-1);
  if (!last) return hash('sha256', '', 'buffer');
  return peaks.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last);
}

/**
 * A Merkle tree that only grows, known by its peaks: the hashes of its largest complete subtrees, left to right. They
 * suffice to append to it and to tell its root, in memory that grows with the logarithm of its size.
 */
export class MerkleTree {
  private constructor(
    private leaves: number,
    private readonly peaks: Buffer[],
  ) {}

  static empty(): MerkleTree {
    return new MerkleTree(0, []);
  }

  /** The tree that `packedPeaks` was taken of. */
  static of(size: number, packed: Buffer): MerkleTree {
    const peaks = Array.from({ length: packed.length / 32 }, (_, at) => packed.subarray(at * 32, at * 32 + 32));
    return new MerkleTree(size, peaks);
  }

  get size(): number {
    return this.leaves;
  }

  get packedPeaks(): Buffer {
    return Buffer.concat(this.peaks);
  }

  append(leaf: Buffer, onClosed?: NodeClosed): void {
    let node = leaf;
    let level = 0;
    // Divided, not shifted: a shift would lose what is over 32 bits.
    for (let index = this.leaves; index % 2 === 1; index = (index - 1) / 2) {
      const left = this.peaks.pop();
      if (!left) throw new Error(`${this.leaves} leaves need more peaks than there are`);
      node = nodeHash(left, node);
      level++;
      onClosed?.(level, (index - 1) / 2, node);
    }
    this.peaks.push(node);
    this.leaves++;
  }

  root(): Buffer {
    return foldPeaks(this.peaks);
  }

  copy(): MerkleTree {
    return new MerkleTree(this.leaves, [...this.peaks]);
  }
}
