import { expect, test } from 'vitest';
import { extractSectionElements } from './elements.js';

const read = (source: string, heading = 'Implementation Plan') => extractSectionElements({ key: 'x', heading, source });
const files = (source: string, heading?: string) =>
  read(source, heading).fileManifest.map(({ file, action, purpose }) => [file, action, purpose]);

test('the table of the template, also with several files in a cell', () => {
  expect(
    files(
      '## P\n\n### File Manifest\n| File | Action | Purpose |\n|-|-|-|\n| `a.ts` | Create | x |\n| `b.ts`, `c.ts` | Modify | y |\n',
    ),
  ).toEqual([
    ['a.ts', 'Create', 'x'],
    ['b.ts', 'Modify', 'y'],
    ['c.ts', 'Modify', 'y'],
  ]);
});

test('a list under a heading that names the action', () => {
  expect(files('## Files to Create\n\n- `src/a.ts` — the thing\n- not a file\n', 'Files to Create')).toEqual([
    ['src/a.ts', 'Create', 'the thing'],
  ]);
});

test('elsewhere only a table with file, action and purpose', () => {
  expect(files('## Notes\n\n| File | Action | Why |\n|-|-|-|\n| a | b | c |\n', 'Notes')).toEqual([]);
  expect(files('## Notes\n\n| Path | Action | Purpose |\n|-|-|-|\n| a | b | c |\n', 'Notes')).toEqual([
    ['a', 'b', 'c'],
  ]);
});

test('a manifest without a file column is unread', () => {
  expect(read('## P\n\n### File Manifest\n| A | B |\n|-|-|\n| 1 | 2 |\n').unread.map((found) => found.kind)).toEqual([
    'file',
  ]);
});

const table = '| Path | Description |\n|-|-|\n| `a.ts` | x |\n';

test.each([
  ['**Files to create:**', 'Create'],
  ['**Files to Modify** (first phase)', 'Modify'],
  ['Deleted files:', 'Delete'],
  ['It is small.\n**File Manifest**', null],
  ['Files changed:', null],
  ['_Files touched (all of them):_', null],
])('a table below the label %j', (label, action) => {
  expect(files(`## P\n\n### Add the door\n\n${label}\n\n${table}`)).toEqual([['a.ts', action, 'x']]);
});

test.each([
  'Files changed here are few.',
  '**Files not changed:**',
  'We looked at these files:',
  '**Files to create:**\n\nNone.',
])('no table below the text %j', (text) => {
  expect(read(`## P\n\n${text}\n\n${table}`)).toMatchObject({ fileManifest: [], unread: [] });
});

test('a label inside a manifest names the action of its table only', () => {
  const manifest = `## P\n\n### File Manifest\n\n**New files:**\n\n${table}\n${table.replace('a.ts', 'b.ts')}`;
  expect(files(manifest)).toEqual([
    ['a.ts', 'Create', 'x'],
    ['b.ts', null, 'x'],
  ]);
});

test('a labelled table without a file column is unread', () => {
  expect(read('## P\n\nFiles changed:\n\n| A | B |\n|-|-|\n| 1 | 2 |\n').unread).toHaveLength(1);
});
