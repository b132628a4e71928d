import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';

const tokenPattern = /^pd1:([\w-]{22}):([\w-]{64,})$/;
const tagBytes = 16;
/** Texts are filled up to a multiple of this, so that a token tells little of how long a name is. */
const fillBytes = 32;

const derive = (key: Buffer, use: string): Buffer => createHmac('sha256', key).update(use).digest();
const tagOf = (key: Buffer, filled: Buffer): Buffer =>
  createHmac('sha256', derive(key, 'tag')).update(filled).digest().subarray(0, tagBytes);

/**
 * A text that names a person, as it is stored: `pd1:<subject>:<ciphertext>`. The tag of the text is also its
 * initialization vector (the construction of RFC 5297, with HMAC-SHA-256 and AES-256-CTR), so the same text of the same
 * person is always the same token, and equality can be asked for without any key.
 *
 * @param subject the person, a UUID
 * @param key the person's 32 bytes
 * @param text without NUL
 */
export function sealToken(subject: string, key: Buffer, text: string): string {
  const bytes = Buffer.from(text);
  const filled = Buffer.alloc(Math.max(1, Math.ceil(bytes.length / fillBytes)) * fillBytes);
  bytes.copy(filled);
  const tag = tagOf(key, filled);
  const cipher = createCipheriv('aes-256-ctr', derive(key, 'text'), tag);
  const sealed = Buffer.concat([tag, cipher.update(filled), cipher.final()]);
  return tokensOf(subject) + sealed.toString('base64url');
}

/** What every token of a person begins with, and no other text that is stored. */
export const tokensOf = (subject: string): string =>
  `pd1:${Buffer.from(subject.replaceAll('-', ''), 'hex').toString('base64url')}:`;

/** The person a token is of, a UUID; nothing when the text is no token. */
export function subjectOfToken(text: string): string | undefined {
  const [, subject] = text.startsWith('pd1:') ? (tokenPattern.exec(text) ?? []) : [];
  const hex = subject && Buffer.from(subject, 'base64url').toString('hex');
  return hex?.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The text that was sealed; nothing when the token is not of this key, or was changed. */
export function openToken(key: Buffer, token: string): string | undefined {
  const sealed = Buffer.from(tokenPattern.exec(token)?.[2] ?? '', 'base64url');
  if (sealed.length < tagBytes + fillBytes) return undefined;
  const tag = sealed.subarray(0, tagBytes);
  const decipher = createDecipheriv('aes-256-ctr', derive(key, 'text'), tag);
  const filled = Buffer.concat([decipher.update(sealed.subarray(tagBytes)), decipher.final()]);
  if (!timingSafeEqual(tag, tagOf(key, filled))) return undefined;
  return filled.toString('utf8').replace(/\0+$/, '');
}
