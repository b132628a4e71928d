import { hash } from 'node:crypto';
import { canonicalJson, genesisHash } from '../event-store/history.js';

/** What a seal says: the organization's first `size` events have this Merkle root, and nothing before it was changed. */
export type SealStatement = {
  organizationId: string;
  /** 1 for an organization's first seal, then without gaps. */
  number: number;
  /** How many events are sealed: the position of the last one. */
  size: number;
  /** The Merkle tree hash of those events' hashes, hex (RFC 9162, section 2.1.1). */
  root: string;
  /** The hash of the seal before, hex; zeros in the first. */
  previous: string;
  /** RFC 3339 UTC with milliseconds, by the database's clock. */
  sealedAt: string;
  keyId: string;
};

/** A signed tree head; `signature` is Ed25519 in base64url over `specline-seal-v1` and the rest. */
export type Seal = SealStatement & { signature: string };

/** What the seal after it names as `previous`: the SHA-256 over the whole seal as canonical JSON, hex. */
export const sealHash = (seal: Seal): string => hash('sha256', canonicalJson(seal));

/** What the first seal of an organization names as `previous`. */
export const noSeal = genesisHash;

/**
 * Seals that were kept: one as GET /audit/seals lists it or as a file holds it, or such a list.
 * @throws Error where there is none in the text
 */
export function readSeals(text: string): Seal[] {
  const value = JSON.parse(text) as Partial<Seal> & { items?: Seal[]; lastSeal?: Seal };
  const found = value.items ?? [value.lastSeal ?? (value as Seal)];
  return found.map(({ organizationId, number, size, root, previous, sealedAt, keyId, signature }) => {
    if (![organizationId, root, previous, sealedAt, keyId, signature].every((one) => typeof one === 'string')) {
      throw new Error('this is no seal');
    }
    return { organizationId, number, size, root, previous, sealedAt, keyId, signature };
  });
}
