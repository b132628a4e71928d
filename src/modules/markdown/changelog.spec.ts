import { expect, test } from 'vitest';
import { extractSectionElements } from './elements.js';

const read = (source: string) => extractSectionElements({ key: 'changelog', heading: 'Changelog', source });

test('headings with a date, in brackets or with a note', () => {
  const { changelog } = read(
    '## Changelog\n\n### [2026-01-02]\n- one\n  - deep\n- two\n\n### 2026-01-03 — second look\n\nText.\n\n#### Details\n- three\n',
  );
  expect(changelog).toMatchObject([
    { date: '2026-01-02', title: null, items: ['one', 'deep', 'two'] },
    { date: '2026-01-03', title: 'second look', items: ['Text.', 'Details', 'three'] },
  ]);
  expect(changelog[1]?.position).toMatchObject({ line: 8, endLine: 13 });
});

test('a heading without a date keeps its text', () => {
  expect(read('## Changelog\n\n### Unreleased\n- one\n').changelog).toMatchObject([
    { date: null, title: 'Unreleased' },
  ]);
});

test('tables, with a version as title', () => {
  const { changelog } = read('## Changelog\n\n| Version | Date | Change |\n|-|-|-|\n| 0.2 | 2026-02-03 | **more** |\n');
  expect(changelog).toMatchObject([{ date: '2026-02-03', title: '0.2', items: ['more'] }]);
});

test('list items and lines that start with a date', () => {
  const { changelog } = read(
    '## Changelog\n\n- 2026-02-03: plain\n- **2026-02-04 (late)** — bold\n  - nested\n\n2026-02-05 — a line\n',
  );
  expect(changelog).toMatchObject([
    { date: '2026-02-03', title: null, items: ['plain'] },
    { date: '2026-02-04', title: 'late', items: ['bold', 'nested'] },
    { date: '2026-02-05', title: null, items: ['a line'] },
  ]);
});

test('an impossible date is no date, an item without one is unread', () => {
  expect(read('## Changelog\n\n### 2026-13-05\n').changelog).toMatchObject([{ date: null, title: '2026-13-05' }]);
  expect(read('## Changelog\n\n- something\n').unread.map((found) => found.kind)).toEqual(['changelogEntry']);
});
