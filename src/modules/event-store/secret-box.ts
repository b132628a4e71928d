import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';

/** The 32 bytes of SPECLINE_MASTER_KEY. */
export const MASTER_KEY = Symbol('master key');

/** The form of what `seal` gives, so that another one can be told apart. */
const form = 1;
const nonceBytes = 12;
const tagBytes = 16;
const start = 1 + nonceBytes;

/** A secret cannot be opened: another master key, another purpose, or bytes that were changed. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
}

/** Secrets at rest: signing keys and keys of persons stand in the database only as this box seals them. */
@Injectable()
export class SecretBox {
  /** @param masterKey 32 random bytes */
  constructor(@Inject(MASTER_KEY) private readonly masterKey: Buffer) {
    if (masterKey.length !== 32) throw new RangeError('the master key has 32 bytes');
  }

  /**
   * Encrypts with AES-256-GCM (NIST SP 800-38D) under a random nonce.
   * @param purpose what the secret is for; authenticated with it, so that one sealed secret cannot pass for another
   * @returns a byte that names the form, nonce, ciphertext and tag
   */
  seal(secret: Buffer, purpose: string): Buffer {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.masterKey, nonce).setAAD(Buffer.from(purpose));
    return Buffer.concat([Buffer.of(form), nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
  }

  /**
   * The secret that was sealed for the same purpose.
   * @throws SealBroken
   */
  open(sealed: Buffer, purpose: string): Buffer {
    try {
      if (sealed[0] !== form || sealed.length < start + tagBytes) throw new Error('no such form');
      const [nonce, secret, tag] = [
        sealed.subarray(1, start),
        sealed.subarray(start, -tagBytes),
        sealed.subarray(-tagBytes),
      ];
      const decipher = createDecipheriv('aes-256-gcm', this.masterKey, nonce, { authTagLength: tagBytes });
      decipher.setAAD(Buffer.from(purpose)).setAuthTag(tag);
      return Buffer.concat([decipher.update(secret), decipher.final()]);
    } catch {
      throw new SealBroken(`What was sealed for "${purpose}" does not open under this master key.`);
    }
  }
}
