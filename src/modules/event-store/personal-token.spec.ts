import { randomBytes, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openToken, sealToken, subjectOfToken } from './personal-token.js';

const subject = randomUUID();
const key = randomBytes(32);
const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 }).filter((text) => !text.includes('\0'));

test('any name comes back from its token, with the right key only', () => {
  fc.assert(
    fc.property(name, fc.uuid(), (text, person) => {
      const token = sealToken(person, key, text);
      expect(subjectOfToken(token)).toBe(person);
      expect(openToken(key, token)).toBe(text);
      expect(openToken(randomBytes(32), token)).toBeUndefined();
    }),
  );
});

test('the same name of the same person is the same token, and another name or person is another one', () => {
  fc.assert(
    fc.property(name, name, (one, other) => {
      expect(sealToken(subject, key, one) === sealToken(subject, key, other)).toBe(one === other);
      expect(sealToken(subject, randomBytes(32), one)).not.toBe(sealToken(subject, key, one));
    }),
  );
});

test('a token holds nothing of the name, and its length says little of it', () => {
  const tokens = ['A', 'Ada', 'Ada Lovelace', 'x'.repeat(32)].map((text) => sealToken(subject, key, text));
  expect(new Set(tokens.map(({ length }) => length))).toEqual(new Set([91]));
  for (const token of tokens) {
    expect(token).toMatch(/^pd1:[\w-]{22}:[\w-]{64}$/);
    expect(Buffer.from(token.split(':')[2] ?? '', 'base64url').includes('Ada')).toBe(false);
  }
});

test('a token that was changed, cut or put together opens nothing', () => {
  const token = sealToken(subject, key, 'Ada Lovelace');
  const [, , sealed = ''] = token.split(':');
  for (let at = 0; at < 48; at++) {
    const bytes = Buffer.from(sealed, 'base64url');
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    expect(openToken(key, token.replace(sealed, bytes.toString('base64url')))).toBeUndefined();
  }
  for (const other of ['', 'pd1:', 'Ada', token.slice(0, -1), `${token}AAAA`, ` ${token}`]) {
    expect(openToken(key, other)).toBeUndefined();
  }
});

test('what is no token has no person', () => {
  for (const text of ['', 'Ada', 'pd1:', 'pd1:Ada:Lovelace', 'pd2:AZlPbmwceo6dHj9vOm8LEQ:AAAA', '[erased]']) {
    expect(subjectOfToken(text)).toBeUndefined();
  }
});
