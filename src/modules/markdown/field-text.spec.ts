import { expect, test } from 'vitest';
import { bulletField } from './field-text.js';

const fields = (source: string) =>
  bulletField(source).map(({ name, type, nullable, description, constraints }) => [
    name,
    type,
    nullable,
    constraints,
    description,
  ]);

test.each([
  ['`id`: UUID PK', [['id', 'UUID', false, 'PK', null]]],
  ['`id`: string (UUID)', [['id', 'string', null, null, 'UUID']]],
  ['`notes`: text nullable (short, please)', [['notes', 'text', true, 'nullable', 'short, please']]],
  ['`state`: `open | closed`', [['state', 'open | closed', null, null, null]]],
  ['`status` text — open or closed', [['status', 'text', null, null, 'open or closed']]],
  [
    '`a` uuid, `b` uuid nullable (x, y); `c`',
    [
      ['a', 'uuid', null, null, null],
      ['b', 'uuid', true, 'nullable', 'x, y'],
      ['c', null, null, null, null],
    ],
  ],
  [
    '`id`: uuid PK; `site_id`: uuid null (a, b); `created_at`',
    [
      ['id', 'uuid', false, 'PK', null],
      ['site_id', 'uuid', true, 'null', 'a, b'],
      ['created_at', null, null, null, null],
    ],
  ],
  ['`mode`: text, `fast` or `safe`', [['mode', 'text', null, 'fast or safe', null]]],
  [
    '`net` / `gross`: numeric(18,4) null (per day)',
    [
      ['net', 'numeric(18,4)', true, 'null', 'per day'],
      ['gross', 'numeric(18,4)', true, 'null', 'per day'],
    ],
  ],
  [
    '`opened_at` / `closed_at` timestamptz; `state`: text',
    [
      ['opened_at', 'timestamptz', null, null, null],
      ['closed_at', 'timestamptz', null, null, null],
      ['state', 'text', null, null, null],
    ],
  ],
  ['`key text null`', [['key', 'text', true, 'null', null]]],
  ['`phone?`: string', [['phone', 'string', true, null, null]]],
  ['id: string, required', [['id', 'string', false, 'required', null]]],
  ['note: this is prose', []],
  ['Unique `(a, b)`', []],
  ['`src/a.ts`: a file', []],
])('%j', (source, expected) => {
  expect(fields(source)).toEqual(expected);
});
