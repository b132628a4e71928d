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
  private readonly published = new Map<string, PublishedKey>();

  /** @param given public keys, 32 bytes in base64url */
  constructor(given: readonly string[]) {
    for (const key of given) this.believe(key);
  }

  /**
   * Takes note of a published key; the order in which they come does not matter.
   * @returns what is wrong with it; nothing where it holds together
   */
  add(key: PublishedKey): string | undefined {
    const fault = faultOf(key);
    if (fault) return fault;
    this.published.set(key.keyId, key);
    for (let before = -1; before !== this.keys.size;) {
      before = this.keys.size;
      for (const one of this.published.values()) this.follow(one);
    }
    return undefined;
  }

  /** A believed key. */
  find(keyId: string): KeyObject | undefined {
    return this.keys.get(keyId);
  }

  /** Whether `later` took the place of `earlier`, at once or by way of others. */
  isSuccessor(later: string, earlier: string): boolean {
    const seen = new Set<string>();
    let at = this.keys.has(later) ? this.published.get(later) : undefined;
    while (at && !seen.has(at.keyId)) {
      if (at.previousKeyId === earlier) return true;
      seen.add(at.keyId);
      at = this.published.get(at.previousKeyId ?? '');
    }
    return false;
  }

  private follow(key: PublishedKey): void {
    const previous = this.published.get(key.previousKeyId ?? '');
    if (!previous) return;
    if (this.keys.has(key.keyId)) this.believe(previous.publicKey);
    else if (this.keys.has(previous.keyId) && isEndorsedBy(key, previous.publicKey)) this.believe(key.publicKey);
  }

  private believe(publicKey: string): void {
    this.keys.set(keyIdOf(publicKey), publicKeyOf(publicKey));
  }
}

function faultOf(key: PublishedKey): string | undefined {
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
