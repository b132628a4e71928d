import type { KeyObject } from 'node:crypto';
import { isKept } from './ledger-nodes.js';
import { leafHash, MerkleTree } from './merkle-tree.js';
import type { Seal, SealStatement } from './seal.js';
import { noSeal, sealHash } from './seal.js';
import { signStatement } from './signing.js';

/** Where an organization's ledger ends. */
export type LedgerHead = {
  organizationId: string;
  /** How many events it holds. */
  size: number;
  /** The peaks of its tree, 32 bytes each. */
  peaks: Buffer;
  /** The number of its last seal, that seal's hash in hex, and its time. */
  seals: number;
  lastSeal: string;
  sealedAt: string;
};

/** An inner node of a ledger's tree that is kept. */
export type LedgerNode = { organizationId: string; level: number; index: number; hash: Buffer };

/** A key to sign with. */
export type Signer = { keyId: string; privateKey: KeyObject };

/** The ledger before the first event. */
export const emptyLedger = (organizationId: string): LedgerHead => {
  return { organizationId, size: 0, peaks: Buffer.alloc(0), seals: 0, lastSeal: noSeal, sealedAt: '' };
};

/**
 * Appends events to a ledger and seals them.
 *
 * @param hashes the events' hashes of 32 bytes, in the order of history
 * @param now RFC 3339 UTC with milliseconds; a seal is never older than the one before
 */
export function sealEvents(
  { organizationId, size, peaks, seals, lastSeal, sealedAt }: LedgerHead,
  hashes: readonly Buffer[],
  { keyId, privateKey }: Signer,
  now: string,
): { head: LedgerHead; seal: Seal; nodes: LedgerNode[] } {
  const tree = MerkleTree.of(size, peaks);
  const nodes: LedgerNode[] = [];
  for (const hash of hashes) {
    tree.append(leafHash(hash), (level, index, node) => {
      if (isKept(level)) nodes.push({ organizationId, level, index, hash: node });
    });
  }
  const statement: SealStatement = {
    organizationId,
    number: seals + 1,
    size: tree.size,
    root: tree.root().toString('hex'),
    previous: lastSeal,
    sealedAt: now > sealedAt ? now : sealedAt,
    keyId,
  };
  const seal = { ...statement, signature: signStatement('specline-seal-v1', statement, privateKey) };
  const head: LedgerHead = {
    organizationId,
    size: tree.size,
    peaks: tree.packedPeaks,
    seals: seal.number,
    lastSeal: sealHash(seal),
    sealedAt: seal.sealedAt,
  };
  return { head, seal, nodes };
}
