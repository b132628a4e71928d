import type { KeyObject } from 'node:crypto';
import { createPublicKey } from 'node:crypto';
import type { PublishedKey } from './signing-key.js';
import { isEndorsedBy, isSelfSigned } from './signing-key.js';
import { exportPublicKey, keyIdOf, publicKeyOf } from './signing.js';

/**
 * The keys whose seals are believed: those that were given, and those that rotations lead to from them. A key that was
 * not given is believed when a believed key signed it as its successor, or when a believed key names it as the one
 * it replaced.
 */
export class TrustedKeys {
  private readonly keys = new Map<string, KeyObject>();
  /** key id -> ids of the keys after it */
  private readonly successors = new Map<string, string>();
  private readonly published: PublishedKey[] = [];

  /** @param given public keys, 32 bytes in base64url */
  constructor(given: readonly string[]) {
    for (const key of given) this.believe(key);
  }

  /** Takes note of a published key; the order in which they come does not matter. */
  add(key: PublishedKey): void {
    this.published.push(key);
    if (key.previousKeyId !== null) this.successors.set(key.previousKeyId, key.keyId);
    for (let before = -1; before !== this.keys.size; ) {
      before = this.keys.size;
      for (const one of this.published) this.follow(one);
    }
  }

  find(keyId: string): KeyObject | undefined {
    return this.keys.get(keyId);
  }

  /** Whether `later` came after `earlier` by rotations. */
  isSuccessor(later: string, earlier: string): boolean {
    const seen = new Set<string>();
    for (let at = this.successors.get(earlier); at !== undefined && !seen.has(at); at = this.successors.get(at)) {
      if (at === later) return true;
      seen.add(at);
    }
    return false;
  }

  private follow(key: PublishedKey): void {
    const previous = this.published.find(({ keyId }) => keyId === key.previousKeyId);
    if (this.keys.has(key.keyId) && previous) this.believe(previous.publicKey);
    else if (previous && this.keys.has(previous.keyId) && isEndorsedBy(key, previous.publicKey)) {
      this.believe(key.publicKey);
    }
  }

  private believe(publicKey: string): void {
    this.keys.set(keyIdOf(publicKey), publicKeyOf(publicKey));
  }
}

/** What is wrong with a published key; nothing where it holds together. */
export function faultOfKey(key: PublishedKey): string | undefined {
  try {
    return isSelfSigned(key) ? undefined : 'its id or its own signature does not fit it';
  } catch {
    return 'it is no Ed25519 key';
  }
}

/**
 * Public keys as people hand them on: PEM, the JSON of /.well-known/specline-keys.json, or 32 bytes in base64url or hex.
 * @returns each as 32 bytes in base64url
 * @throws Error where there is none in the text
 */
export function readPublicKeys(text: string): string[] {
  const word = text.trim();
  if (word.startsWith('-----BEGIN')) return [exportPublicKey(createPublicKey(word))];
  if (word.startsWith('{')) {
    const { keys } = JSON.parse(word) as { keys?: { publicKey?: unknown }[] };
    const found = (keys ?? []).map(({ publicKey }) => publicKey).filter((key) => typeof key === 'string');
    if (found.length > 0) return found.map(checked);
  }
  return [checked(/^[0-9a-f]{64}$/i.test(word) ? Buffer.from(word, 'hex').toString('base64url') : word)];
}

function checked(key: string): string {
  if (!/^[\w-]{43}$/.test(key)) throw new Error('no Ed25519 public key is in it');
  return exportPublicKey(publicKeyOf(key));
}
