import type { KeyObject } from 'node:crypto';
import { createPublicKey, hash, sign, verify } from 'node:crypto';
import { canonicalJson } from '../event-store/history.js';

/**
 * What is signed, and under which first line: no signature over one kind of statement is good for another. Ed25519
 * (RFC 8032) over the UTF-8 bytes of that line, a line feed, and the statement as canonical JSON (RFC 8785).
 */
export type SignedKind = 'specline-seal-v1' | 'specline-key-v1' | 'specline-evidence-v1' | 'specline-bundle-v1';

/** Base64url without padding, 86 characters. */
export function signStatement(kind: SignedKind, statement: object, privateKey: KeyObject): string {
  return sign(null, signedBytes(kind, statement), privateKey).toString('base64url');
}

export function isSignedBy(kind: SignedKind, statement: object, signature: string, publicKey: KeyObject): boolean {
  return verify(null, signedBytes(kind, statement), publicKey, Buffer.from(signature, 'base64url'));
}

const signedBytes = (kind: SignedKind, statement: object): Buffer =>
  Buffer.from(`${kind}\n${canonicalJson(statement)}`);

/** The id of a public key: the first 128 bits of the SHA-256 over its 32 bytes, hex. So an id names one key only. */
export const keyIdOf = (publicKey: string): string =>
  hash('sha256', Buffer.from(publicKey, 'base64url'), 'hex').slice(0, 32);

/** A public key from its 32 bytes in base64url, as in the member `x` of a JWK (RFC 8037). */
export const publicKeyOf = (x: string): KeyObject =>
  createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });

/** The 32 bytes of a public key in base64url. */
export function exportPublicKey(key: KeyObject): string {
  const { x, crv } = key.export({ format: 'jwk' });
  if (crv !== 'Ed25519' || !x) throw new Error('this is not an Ed25519 key');
  return x;
}
