import { execFileSync } from 'node:child_process';
import { createHmac, createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { newSecret, publicJwk, signatureHeaders, Signer, verificationKey } from './signature.js';

const now = () => Math.floor(Date.now() / 1000);

test('the public standardwebhooks package verifies what is signed with a shared secret, whatever the body', () => {
  fc.assert(
    fc.property(fc.json(), fc.uuid(), (body, id) => {
      const secret = newSecret('hmac');
      const headers = signatureHeaders({ id, timestamp: now(), body }, [new Signer(secret)]);
      expect(new Webhook(verificationKey(secret)).verify(body, headers)).toEqual(JSON.parse(body));
    }),
  );
});

test('the package verifies with either of two live secrets, and with no other', () => {
  const [old, fresh, foreign] = [newSecret('hmac'), newSecret('hmac'), newSecret('hmac')];
  const body = '{"a":1}';
  const headers = signatureHeaders({ id: 'm', timestamp: now(), body }, [new Signer(fresh), new Signer(old)]);
  for (const secret of [old, fresh])
    expect(new Webhook(verificationKey(secret)).verify(body, headers)).toEqual({ a: 1 });
  expect(() => new Webhook(verificationKey(foreign)).verify(body, headers)).toThrow(/signature/);
  expect(() => new Webhook(verificationKey(old)).verify('{"a":2}', headers)).toThrow(/signature/);
});

test('openssl computes the same HMAC', () => {
  const secret = { kind: 'hmac', bytes: Buffer.alloc(32, 7) } as const;
  const hex = secret.bytes.toString('hex');
  const words = ['dgst', '-sha256', '-mac', 'HMAC', '-macopt', `hexkey:${hex}`, '-binary'];
  const computed = execFileSync('openssl', words, { input: 'm.1.{}' }).toString('base64');
  expect(new Signer(secret).sign({ id: 'm', timestamp: 1, body: '{}' })).toBe(`v1,${computed}`);
  expect(computed).toBe(createHmac('sha256', secret.bytes).update('m.1.{}').digest('base64'));
});

test('openssl verifies an Ed25519 signature with the public key that is published', () => {
  const secret = newSecret('ed25519');
  const [scheme, signature = ''] = new Signer(secret).sign({ id: 'm', timestamp: 1, body: '{"é":1}' }).split(',');
  expect(scheme).toBe('v1a');
  const publicKey = createPublicKey({ key: publicJwk(secret, 'one'), format: 'jwk' });
  expect(verify(null, Buffer.from('m.1.{"é":1}'), publicKey, Buffer.from(signature, 'base64'))).toBe(true);
  expect(verificationKey(secret)).toBe(`whpk_${Buffer.from(publicJwk(secret, '').x, 'base64url').toString('base64')}`);
  const folder = mkdtempSync(join(tmpdir(), 'signature-'));
  try {
    const file = (name: string, content: string | Buffer) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const pem = file('key.pem', publicKey.export({ format: 'pem', type: 'spki' }));
    const signed = file('signature', Buffer.from(signature, 'base64'));
    const check = (content: string) =>
      execFileSync(
        'openssl',
        ['pkeyutl', '-verify', '-pubin', '-inkey', pem, '-rawin', '-in', file('in', content), '-sigfile', signed],
        { stdio: 'pipe' },
      ).toString();
    expect(check('m.1.{"é":1}')).toMatch(/Verified Successfully/);
    expect(() => check('m.1.{"é":2}')).toThrow();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the Ed25519 key of RFC 8032, section 7.1, test 2, signs as it is written there', () => {
  const seed = '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb';
  const secret = { kind: 'ed25519', bytes: Buffer.from(seed, 'hex') } as const;
  const expected = '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c';
  expect(Buffer.from(publicJwk(secret, '').x, 'base64url').toString('hex')).toBe(expected);
});
