import type { KeyObject } from 'node:crypto';
import { exportPublicKey, isSignedBy, keyIdOf, publicKeyOf, signStatement } from './signing.js';

/** What is signed of a key: by itself, and by the key before it. */
export type KeyStatement = {
  algorithm: 'Ed25519';
  /** RFC 3339 UTC with milliseconds. The key before it has signed nothing since. */
  createdAt: string;
  keyId: string;
  /** The id of the key that it replaced; null for the first. */
  previousKeyId: string | null;
  /** Its 32 bytes in base64url. */
  publicKey: string;
};

/**
 * A public key as it is published, for good: signatures in base64url over `specline-key-v1` and the statement. A rotation
 * is signed from both sides, so that whoever trusts either key can come to trust the other.
 */
export type PublishedKey = KeyStatement & {
  /** Its own signature: the new key names the one that it replaced. */
  signature: string;
  /** The replaced key's signature: the old key names its successor. Null for the first. */
  previousSignature: string | null;
};

/** The statement of a new key pair, signed from both sides. */
export function stateKey(
  pair: { publicKey: KeyObject; privateKey: KeyObject },
  createdAt: string,
  previous?: { keyId: string; privateKey: KeyObject },
): PublishedKey {
  const publicKey = exportPublicKey(pair.publicKey);
  const previousKeyId = previous?.keyId ?? null;
  const statement: KeyStatement = {
    algorithm: 'Ed25519',
    createdAt,
    keyId: keyIdOf(publicKey),
    previousKeyId,
    publicKey,
  };
  const signature = signStatement('specline-key-v1', statement, pair.privateKey);
  const previousSignature = previous ? signStatement('specline-key-v1', statement, previous.privateKey) : null;
  return { ...statement, signature, previousSignature };
}

/** The statement in a published key. */
export function keyStatementOf({ algorithm, createdAt, keyId, previousKeyId, publicKey }: KeyStatement): KeyStatement {
  return { algorithm, createdAt, keyId, previousKeyId, publicKey };
}

/** Whether a key's id is its own, and its own signature fits. */
export function isSelfSigned(key: PublishedKey): boolean {
  return (
    keyIdOf(key.publicKey) === key.keyId &&
    isSignedBy('specline-key-v1', keyStatementOf(key), key.signature, publicKeyOf(key.publicKey))
  );
}

/** Whether `previous` has signed `key` as its successor. */
export function isEndorsedBy(key: PublishedKey, previous: string): boolean {
  return (
    key.previousKeyId === keyIdOf(previous) &&
    key.previousSignature !== null &&
    isSignedBy('specline-key-v1', keyStatementOf(key), key.previousSignature, publicKeyOf(previous))
  );
}
