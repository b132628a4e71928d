import { expect, test } from 'vitest';
import { handsOf, lineageOf } from './key-lineage.js';

const issuers = (holder: string, ...keys: [holder: string, issuedBy: string][]): string[] =>
  [...(lineageOf(keys.map(([one, issuedBy]) => ({ holder: one, issuedBy }))).get(holder) ?? [])].sort();

test('a key came through the hands of its issuer, and of whoever issued theirs', () => {
  expect(issuers('cat', ['root', 'operator'], ['ann', 'root'], ['ben', 'ann'], ['cat', 'ben'])).toEqual([
    'ann',
    'ben',
    'operator',
    'root',
  ]);
});

test('of somebody with several keys all issuers count', () => {
  expect(issuers('cat', ['cat', 'ben'], ['cat', 'ann'])).toEqual(['ann', 'ben']);
});

test('who issued keys to each other, or to themselves, ends nowhere and is counted once', () => {
  expect(issuers('ann', ['ann', 'ben'], ['ben', 'ann'], ['ann', 'ann'])).toEqual(['ann', 'ben']);
});

test('one key of several came through its own issuer’s hands, and through those of whoever could act as the issuer', () => {
  const lineage = lineageOf([
    { holder: 'ben', issuedBy: 'root' },
    { holder: 'ben', issuedBy: 'ann' },
  ]);
  expect(handsOf('root', lineage)).toEqual(['root']);
  expect(handsOf('ann', lineage)).toEqual(['ann']);
  // Ann could have acted as Ben with the key that she issued to him.
  expect(handsOf('ben', lineage).sort()).toEqual(['ann', 'ben', 'root']);
});
