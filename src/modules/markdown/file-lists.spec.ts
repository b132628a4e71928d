import { describe, expect, test } from 'vitest';
import { extractSectionElements } from './elements.js';

const read = (source: string, heading = 'Implementation Plan') => extractSectionElements({ key: 'x', heading, source });
const files = (source: string, heading?: string) =>
  read(source, heading).fileManifest.map(({ file, action, purpose }) => [file, action, purpose]);
const listed = (items: string) => files(`## P\n\nFiles to create:\n\n${items}\n`);

describe('files in a list below a label', () => {
  test.each([
    ['Files to create:', 'Create'],
    ['**Files to modify:**', 'Modify'],
    ['New files:', 'Create'],
    ['Modified files', 'Modify'],
    ['**Files to delete**', 'Delete'],
    ['It is small.\nFiles changed:', null],
  ])('%j', (label, action) => {
    expect(files(`## P\n\n### Add the door\n\n${label}\n- \`src/a.ts\` - the door\n`)).toEqual([
      ['src/a.ts', action, 'the door'],
    ]);
  });

  test.each([
    ['- `src/a.ts`', 'src/a.ts', null],
    ['- src/a.ts', 'src/a.ts', null],
    ['- [ ] src/a.ts — the door', 'src/a.ts', 'the door'],
    ['* **`src/a.ts`**: the door', 'src/a.ts', 'the door'],
    ['- **src/a.ts** – the door', 'src/a.ts', 'the door'],
    ['1. `src/[id]/a.test.tsx` opens\n   the door', 'src/[id]/a.test.tsx', 'opens the door'],
    ['- src/a.ts: the door', 'src/a.ts', 'the door'],
    ['- `src/doors/`', 'src/doors/', null],
    ['- .env.example (one line)', '.env.example', '(one line)'],
  ])('%j', (item, file, purpose) => {
    expect(listed(item)).toEqual([[file, 'Create', purpose]]);
  });

  test('several paths with one description', () => {
    expect(listed('- `a.ts`, `b.ts` and `c.ts` — doors')).toEqual(
      ['a.ts', 'b.ts', 'c.ts'].map((file) => [file, 'Create', 'doors']),
    );
  });

  test('nested below a folder, which may be given again', () => {
    const items =
      '- `src/doors/`\n  - `a.ts` - the door\n  - data/\n    - b.ts\n  - `src/doors/c.ts`\n- `d.ts`\n  - one remark';
    expect(listed(items)).toEqual([
      ['src/doors/a.ts', 'Create', 'the door'],
      ['src/doors/data/b.ts', 'Create', null],
      ['src/doors/c.ts', 'Create', null],
      ['d.ts', 'Create', null],
    ]);
  });

  test('nested below a folder in a manifest, of which the folder is none', () => {
    const manifest = '## File Manifest\n\nFiles to create:\n\n- `src/doors/`\n  - `a.ts` - the door\n';
    expect(files(manifest, 'File Manifest')).toEqual([['src/doors/a.ts', 'Create', 'the door']]);
  });

  test.each([
    ['paths', '`a/b.ts`, '],
    ['open parentheses', '(a/'],
    ['folders', 'a/'],
    ['words', 'a/b '],
    ['asterisks', 'a*'],
  ])('of 500 kB of %s in one bullet is read in bounded time', (_, text) => {
    expect(() => listed(`- ${text.repeat(500_000 / text.length)}`)).not.toThrow();
    expect(() => listed(`- x ${text.repeat(500_000 / text.length)}`)).not.toThrow();
  });

  test('nested below words, and below a label that is a bullet itself', () => {
    expect(listed('- Backend:\n  - `a.ts`')).toEqual([['a.ts', 'Create', null]]);
    expect(files('## P\n\n- Build the door\n- **Files to modify:**\n  - a.ts\n')).toEqual([['a.ts', 'Modify', null]]);
  });

  test('inside a manifest the label names the action of its list', () => {
    const manifest =
      '## P\n\n### File Manifest\n\n**New files:**\n- a.ts\n- New `b.ts`\n\n**Modified files:**\n- `c.ts`\n';
    expect(files(manifest)).toEqual([
      ['a.ts', 'Create', null],
      ['b.ts', 'Create', null],
      ['c.ts', 'Modify', null],
    ]);
  });
});

describe('bullets that are no file', () => {
  test.each(['- The guard in `src/a.ts` goes', '- see src/a.ts', '- `src/a.ts:12`', '- src/a.ts goes'])(
    '%j is unread, at its place',
    (item) => {
      const { fileManifest, unread } = read(`## P\n\nFiles to create:\n\n- b.ts\n${item}\n`);
      expect(fileManifest.map(({ file }) => file)).toEqual(['b.ts']);
      expect(unread).toMatchObject([{ kind: 'file', position: { line: 6, endLine: 6 } }]);
    },
  );

  test.each([
    '- None',
    '- `DoorGuard`',
    '- and/or others',
    '- `GET /api/doors`',
    '- https://a.example/b.ts',
    '- e.g. v1.2',
  ])('%j says nothing of files', (item) => {
    expect(read(`## P\n\nFiles to create:\n\n${item}\n`)).toMatchObject({ fileManifest: [], unread: [] });
  });

  test.each([
    'Files to create are few.',
    'Modified files may follow',
    'Look at these files:',
    'Files to create:\n\nNone.',
  ])('no list below the text %j', (text) => {
    expect(read(`## P\n\n${text}\n\n- src/a.ts\n`)).toMatchObject({ fileManifest: [], unread: [] });
  });

  test('nor outside of the plan and the manifest', () => {
    expect(read('## Notes\n\nNew files:\n- src/a.ts\n', 'Notes')).toMatchObject({ fileManifest: [], unread: [] });
  });
});
