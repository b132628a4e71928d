import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PermitClaims } from './permit.js';
import { InvalidPermit, readPermit, signPermit } from './permit.js';
import { exportPublicKey, keyIdOf } from './signing.js';

const pair = () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const x = exportPublicKey(publicKey);
  return { x, signer: { keyId: keyIdOf(x), privateKey } };
};
const [ours, theirs] = [pair(), pair()];
const now = new Date('2026-11-23T12:00:00.000Z');
const iat = now.getTime() / 1000;
const claims: PermitClaims = {
  ...{ iss: 'specline', aud: 'an organization', sub: 'a spec', jti: 'once', iat, exp: iat + 300 },
  ...{ number: 7, revision: 2, version: 12, contentHash: 'ab'.repeat(32), lifecycle: 'approved' },
  ...{ approvedAt: '2026-11-23T11:00:00.000Z', policy: { key: 'default', version: 1, hash: 'cd'.repeat(32) } },
};
const permit = signPermit(claims, ours.signer);

describe('A permit', () => {
  test('says what was signed, to whoever has the key', () => {
    expect(readPermit(permit, [theirs.x, ours.x], now)).toEqual(claims);
    expect(readPermit(` ${permit}\n`, [ours.x], new Date(now.getTime() + 299_000))).toEqual(claims);
  });

  test('ends', () => {
    const later = new Date(now.getTime() + 300_000);
    expect(() => readPermit(permit, [ours.x], later)).toThrow('It ended at 2026-11-23T12:05:00.000Z.');
  });

  test('of another key is none, even under the id of ours', () => {
    expect(() => readPermit(permit, [theirs.x], now)).toThrow(InvalidPermit);
    const forged = signPermit(claims, { ...theirs.signer, keyId: ours.signer.keyId });
    expect(() => readPermit(forged, [ours.x], now)).toThrow('Its signature is not the one');
  });

  test('cannot choose how it is verified', () => {
    const [, body = ''] = permit.split('.');
    const header = (fields: object) => Buffer.from(JSON.stringify(fields)).toString('base64url');
    const kid = ours.signer.keyId;
    for (const token of [
      `${header({ alg: 'none', typ: 'specline-permit+jwt', kid })}.${body}.`,
      `${header({ alg: 'EdDSA', typ: 'JWT', kid })}.${body}.${'A'.repeat(86)}`,
      `${header({ alg: 'EdDSA', typ: 'specline-permit+jwt', kid })}.${body}.`,
      `${permit}.${body}`,
    ]) {
      expect(() => readPermit(token, [ours.x], now)).toThrow(InvalidPermit);
    }
  });

  test('in which a character was changed is none', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.';
    // The last character of a part may carry bits that mean nothing: two texts are the same bytes then.
    const bytes = (token: string) => token.split('.').map((part) => Buffer.from(part, 'base64url').toString('hex'));
    fc.assert(
      fc.property(fc.nat(permit.length - 1), fc.constantFrom(...alphabet), (at, character) => {
        const changed = permit.slice(0, at) + character + permit.slice(at + 1);
        fc.pre(changed !== permit && bytes(changed).join() !== bytes(permit).join());
        expect(() => readPermit(changed, [ours.x], now)).toThrow(InvalidPermit);
      }),
      { numRuns: 500 },
    );
  });

  test.each(['', '.', '..', 'a.b.c', '{}', 'bnVsbA.bnVsbA.bnVsbA'])('is not: %j', (text) => {
    expect(() => readPermit(text, [ours.x], now)).toThrow(InvalidPermit);
  });
});
