import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { SealBroken, SecretBox } from './secret-box.js';

const box = new SecretBox(Buffer.alloc(32, 1));
const secret = randomBytes(32);

test('what is sealed opens again, for the same purpose under the same key', () => {
  const sealed = box.seal(secret, 'a');
  expect(sealed.includes(secret)).toBe(false);
  expect(box.open(sealed, 'a')).toEqual(secret);
  expect(box.open(box.seal(Buffer.alloc(0), 'a'), 'a')).toEqual(Buffer.alloc(0));
  expect(() => box.open(sealed, 'b')).toThrow(SealBroken);
  expect(() => new SecretBox(Buffer.alloc(32, 2)).open(sealed, 'a')).toThrow(SealBroken);
});

test('the same secret is sealed differently each time', () => {
  expect(box.seal(secret, 'a')).not.toEqual(box.seal(secret, 'a'));
});

test('no byte can be changed or left out', () => {
  const sealed = box.seal(secret, 'a');
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(() => box.open(changed, 'a')).toThrow(SealBroken);
    expect(() => box.open(sealed.subarray(0, at), 'a')).toThrow(SealBroken);
  }
});

test('a master key of another length is refused', () => {
  expect(() => new SecretBox(Buffer.alloc(16))).toThrow(RangeError);
});
