import type { KeyObject } from 'node:crypto';
import { createHmac, createPrivateKey, createPublicKey, randomBytes, sign } from 'node:crypto';

/** How an endpoint's messages are signed: with a shared secret, or with a key whose public half is published. */
export const signatureKinds = ['hmac', 'ed25519'] as const;
export type SignatureKind = (typeof signatureKinds)[number];

/** A secret of an endpoint as it is kept: 32 random bytes of HMAC, or the seed of an Ed25519 key (RFC 8032, 5.1.5). */
export type SigningSecret = { kind: SignatureKind; bytes: Buffer };

/** What is signed: the id of the message, when it is sent (seconds since 1970), and its body, byte for byte. */
export type Signable = { id: string; timestamp: number; body: string | Buffer };

/** DER of a PKCS #8 Ed25519 key up to its seed (RFC 8410, section 7). */
const privatePrefix = Buffer.from('302e020100300506032b657004220420', 'hex');
const publicKeyBytes = 32;

/** A new secret. */
export const newSecret = (kind: SignatureKind): SigningSecret => ({ kind, bytes: randomBytes(32) });

/** Signs messages with one secret; made once a secret, because reading a key costs more than signing with it. */
export class Signer {
  private readonly key: KeyObject | undefined;

  constructor(private readonly secret: SigningSecret) {
    if (secret.kind === 'ed25519') this.key = privateKeyOf(secret);
  }

  /** One entry of `webhook-signature` (Standard Webhooks 1.0.0): `v1,` or `v1a,` and the signature in base64. */
  sign({ id, timestamp, body }: Signable): string {
    const before = `${id}.${timestamp}.`;
    if (this.key) {
      const content = Buffer.concat([Buffer.from(before), Buffer.from(body)]);
      return `v1a,${sign(null, content, this.key).toString('base64')}`;
    }
    return `v1,${createHmac('sha256', this.secret.bytes).update(before).update(body).digest('base64')}`;
  }
}

/** The headers of a message, signed with every secret that is live, so that a receiver needs to know only one of them. */
export function signatureHeaders(message: Signable, signers: readonly Signer[]): Record<string, string> {
  return {
    'webhook-id': message.id,
    'webhook-timestamp': String(message.timestamp),
    'webhook-signature': signers.map((signer) => signer.sign(message)).join(' '),
  };
}

/** What a receiver is given to verify with: `whsec_` and the shared secret, or `whpk_` and the public key, in base64. */
export function verificationKey(secret: SigningSecret): string {
  if (secret.kind === 'hmac') return `whsec_${secret.bytes.toString('base64')}`;
  return `whpk_${publicBytes(secret).toString('base64')}`;
}

/** The public key of an Ed25519 secret as a JSON Web Key (RFC 8037). */
export function publicJwk(secret: SigningSecret, keyId: string) {
  const x = publicBytes(secret).toString('base64url');
  return { kty: 'OKP', crv: 'Ed25519', use: 'sig', alg: 'EdDSA', kid: keyId, x } as const;
}

const privateKeyOf = ({ bytes }: SigningSecret): KeyObject =>
  createPrivateKey({ key: Buffer.concat([privatePrefix, bytes]), format: 'der', type: 'pkcs8' });

function publicBytes(secret: SigningSecret): Buffer {
  const der = createPublicKey(privateKeyOf(secret)).export({ format: 'der', type: 'spki' });
  return der.subarray(-publicKeyBytes);
}
