import type { KeyObject } from 'node:crypto';
import { sign, verify } from 'node:crypto';
import type { Signer } from './ledger.js';
import { keyIdOf, publicKeyOf } from './signing.js';

/** What a permit says, as the claims of a JWT (RFC 7519): exactly this revision of a spec is approved and in force. */
export type PermitClaims = {
  iss: 'specline';
  /** The organization. */
  aud: string;
  /** The spec. */
  sub: string;
  jti: string;
  /** Seconds since 1970. */
  iat: number;
  exp: number;
  number: number;
  revision: number;
  /** The version of the spec that the approval made, and the hash of what was approved. */
  version: number;
  contentHash: string;
  lifecycle: string;
  approvedAt: string;
  policy: { key: string; version: number; hash: string };
  /** The override by which it was approved though the policy was not met. */
  overrideId?: string;
};

const type = 'specline-permit+jwt';
const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** A JSON Web Signature in its compact form (RFC 7515), by Ed25519 (RFC 8037). */
export function signPermit(claims: PermitClaims, { keyId, privateKey }: Signer): string {
  const signed = `${encoded({ alg: 'EdDSA', typ: type, kid: keyId })}.${encoded(claims)}`;
  return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`;
}

/** What is wrong with a permit. */
export class InvalidPermit extends Error {
  override readonly name = 'InvalidPermit';
}

/**
 * Reads a permit, offline.
 * @param keys the public keys to believe, 32 bytes in base64url
 * @throws InvalidPermit when it is none, was changed, was signed by another key, or is not valid at that time
 */
export function readPermit(token: string, keys: readonly string[], now: Date): PermitClaims {
  const [head = '', body = '', signature = '', ...rest] = token.trim().split('.');
  const header = decoded(head);
  if (rest.length > 0 || header.alg !== 'EdDSA' || header.typ !== type) throw new InvalidPermit('This is no permit.');
  const key = keys.find((one) => keyIdOf(one) === header.kid);
  if (key === undefined) throw new InvalidPermit('It was signed by a key that is not among those given.');
  if (!isSigned(`${head}.${body}`, signature, publicKeyOf(key))) {
    throw new InvalidPermit('Its signature is not the one of what it says.');
  }
  const claims = decoded(body) as PermitClaims;
  const seconds = now.getTime() / 1000;
  if (seconds >= claims.exp) throw new InvalidPermit(`It ended at ${new Date(claims.exp * 1000).toISOString()}.`);
  return claims;
}

/** A permit's claims as a few lines of text. */
export function tellPermit({
  aud,
  sub,
  number,
  revision,
  version,
  contentHash,
  lifecycle,
  policy,
  overrideId,
  exp,
}: PermitClaims): string {
  return `SPEC-${number} (${sub} of the organization ${aud})
revision ${revision} is ${lifecycle}: version ${version}, ${contentHash}
${overrideId === undefined ? 'by' : `by the override ${overrideId}, past`} the policy ${policy.key} ${policy.version}, ${policy.hash}
VALID until ${new Date(exp * 1000).toISOString()}
`;
}

const isSigned = (text: string, signature: string, key: KeyObject): boolean =>
  /^[A-Za-z0-9_-]{86}$/.test(signature) && verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url'));

function decoded(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
