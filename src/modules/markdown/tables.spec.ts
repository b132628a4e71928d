import { expect, test } from 'vitest';
import { normalizeHeader, readTable } from './tables.js';
import type { Row } from './tree.js';

const row = (...cells: string[]): Row => ({ start: 0, end: 1, cells });

test.each([
  ['**Affected Area**', 'affected area'],
  ['Default (en)', 'default'],
  ['OK?', 'ok'],
  ['#', '#'],
])('header %j is %j', (cell, header) => {
  expect(normalizeHeader(cell)).toBe(header);
});

test('a column serves only the first field that names it', () => {
  const table = { kind: 'table' as const, start: 0, end: 1, header: row('Risk', 'Level'), rows: [row('`a`', '—')] };
  const reading = readTable(table, { title: ['risk'], scenario: ['risk'], severity: ['severity', 'level'] });
  expect(reading.has('scenario')).toBe(false);
  expect(reading.text(table.rows[0] ?? row(), 'title')).toBe('a');
  expect(reading.text(table.rows[0] ?? row(), 'severity')).toBeNull();
});
