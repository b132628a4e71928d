import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sqlModels } from './sql-models.js';

test('CREATE TABLE and ADD COLUMN, other statements are passed over', () => {
  const sql = `-- users; and more
CREATE TABLE IF NOT EXISTS users (
  id uuid PRIMARY KEY,
  name varchar(80) NOT NULL DEFAULT 'a;b',
  tags text[]
);
CREATE INDEX users_name ON users (name);
ALTER TABLE orders ADD COLUMN paid_at timestamptz NULL, ADD COLUMN n int;
ALTER TABLE orders DROP COLUMN old;`;
  const { models, unread } = sqlModels(sql);
  expect(
    models.map(({ name, fields }) => [name, fields.map(({ name: field, type, nullable }) => [field, type, nullable])]),
  ).toEqual([
    [
      'users',
      [
        ['id', 'uuid', false],
        ['name', 'varchar(80)', false],
        ['tags', 'text[]', true],
      ],
    ],
    [
      'orders',
      [
        ['paid_at', 'timestamptz', true],
        ['n', 'int', true],
      ],
    ],
  ]);
  expect(sql.slice(models[0]?.start, models[0]?.end)).toMatch(/^CREATE TABLE[^]*\)$/);
  expect(unread).toEqual([]);
});

test('a statement that does not parse is unread, the next one is read', () => {
  const sql = 'CREATE TABLE a (… fields …);\nCREATE TABLE b (id int);';
  const { models, unread } = sqlModels(sql);
  expect(models.map((model) => model.name)).toEqual(['b']);
  expect(unread.map(({ start, end }) => sql.slice(start, end))).toEqual(['CREATE TABLE a (… fields …)']);
});

test('unclosed quotes and comments run to the end, nothing throws', () => {
  expect(sqlModels("CREATE TABLE a (id int, 'x").unread).toHaveLength(1);
  const words = fc.constantFrom(
    'CREATE TABLE',
    'ALTER TABLE',
    ' a ',
    '(',
    ')',
    ';',
    "'",
    '"',
    '--',
    '\n',
    '/*',
    '*/',
    'int',
    ',',
  );
  fc.assert(fc.property(fc.array(words, { maxLength: 20 }), (sql) => Array.isArray(sqlModels(sql.join('')).models)));
});
