import { describe, expect, test } from 'vitest';
import type { ContractRow } from './contract-standings.js';
import { standingsOf } from './contract-standings.js';
import { breaksOf } from './contracts.js';

const row = (specId: string, changes: Partial<ContractRow> = {}): ContractRow => ({
  ...{ specId, number: Number(specId), title: specId, lifecycle: 'draft', standing: 'draft', definition: {} },
  ...{ section: 'api-contracts', line: 1, approvedAt: null, isAmended: false },
  ...changes,
});
const approved = (specId: string, changes: Partial<ContractRow> = {}) =>
  row(specId, {
    standing: 'approved',
    lifecycle: 'approved',
    approvedAt: `2026-01-0${specId}T00:00:00.000Z`,
    ...changes,
  });
const rolesOf = (...rows: ContractRow[]) => standingsOf(rows).specs.map(({ specId, role }) => `${specId} ${role}`);

describe('the specs of a contract', () => {
  test('are the first approved, that introduces it, and those that change or repeat it', () => {
    const other = { definition: { request: 'b', response: null } };
    const first = approved('2', { definition: { request: 'a', response: null } });
    expect(rolesOf(row('1', other), first)).toEqual(['2 introduces', '1 changes']);
    expect(rolesOf(first, approved('3', other), row('4', other))).toEqual(['2 introduces', '3 changes', '4 repeats']);
    expect(rolesOf(row('5'), row('4'))).toEqual(['4 introduces', '5 repeats']);
  });

  test('contest it where the drafts of two give it', () => {
    expect(standingsOf([row('1'), row('2'), approved('3')]).contestedBy).toEqual(['1', '2']);
    expect(standingsOf([row('1'), approved('3')]).contestedBy).toEqual([]);
  });

  test('break a promise with a draft that says otherwise, or with an amendment that says nothing', () => {
    const promise = approved('1', { definition: { request: 'a', response: 'b' }, isAmended: true });
    const keeps = row('1', { definition: promise.definition });
    expect(standingsOf([promise, keeps]).broken).toEqual([]);
    expect(standingsOf([promise]).broken).toEqual([{ promisedBy: '1', brokenBy: '1', how: ['it is gone'] }]);
    const breaks = row('2', { definition: { request: 'a', response: 'c' } });
    expect(standingsOf([promise, keeps, breaks]).broken).toEqual([
      { promisedBy: '1', brokenBy: '2', how: ['the response is another'] },
    ]);
    expect(standingsOf([{ ...promise, isAmended: false }]).broken).toEqual([]);
  });
});

test.each([
  [{ fields: { id: 'uuid', name: 'text' } }, { fields: { id: 'uuid', name: 'text', more: 'int' } }, []],
  [
    { fields: { id: 'uuid', name: 'text' } },
    { fields: { id: 'int' } },
    ['the field id has another type', 'the field name is gone'],
  ],
  [{ fields: { id: 'uuid' } }, { fields: { id: null } }, []],
  [{ fields: { id: 'uuid' } }, { fields: {} }, []],
  [{ fields: { constructor: 'text' } }, { fields: { id: 'uuid' } }, ['the field constructor is gone']],
  [{ request: 'a', response: null }, { request: 'b', response: 'c' }, ['the request is another']],
  [{ request: 'a' }, { request: null }, []],
  [{}, undefined, ['it is gone']],
])('%j becoming %j breaks %j', (promise, other, broken) => {
  expect(breaksOf(promise, other)).toEqual(broken);
});
