import { describe, expect, test } from 'vitest';
import { parseParts } from './tree.js';

describe('parseParts', () => {
  test('splits at headings of any depth and knows the headings above', () => {
    const parts = parseParts('## Plan\n\ntext\n\n### Phase **1**\n\n#### Step `a`\n\n### Phase 2\n');
    expect(parts.map((part) => part.title)).toEqual(['Plan', 'Phase 1', 'Step a', 'Phase 2']);
    expect(parts[2]?.parents.map((part) => part.title)).toEqual(['Plan', 'Phase 1']);
    expect(parts[3]?.parents.map((part) => part.title)).toEqual(['Plan']);
  });

  test('headings in code and in HTML are text, quotes are left out', () => {
    const parts = parseParts('## A\n\n```\n### B\n```\n\n<!--\n### C\n-->\n\n> ### D\n');
    expect(parts).toHaveLength(1);
    expect(parts[0]?.blocks.map((block) => block.kind)).toEqual(['fence']);
  });

  test('reads checkboxes, numbers and wrapped lines of items', () => {
    const [part] = parseParts('## A\n\n3. [x] one\n   more\n4. [ ] two\n5. three\n');
    const [list] = part?.blocks ?? [];
    const items = list?.kind === 'list' ? list.items : [];
    expect(items.map(({ number, done }) => [number, done])).toEqual([
      [3, true],
      [4, false],
      [5, null],
    ]);
    expect(items[0]?.lines.map((line) => line.text)).toEqual(['one', 'more']);
  });

  test('cells keep escaped pipes as pipes', () => {
    const [part] = parseParts('## A\n\n| x | y |\n|---|---|\n| `a \\| b` | c |\n');
    const [table] = part?.blocks ?? [];
    expect(table?.kind === 'table' ? table.rows[0]?.cells : null).toEqual(['`a | b`', 'c']);
  });

  test('knows where code starts, unless it is indented in a list', () => {
    const source = '## A\n\n```ts\nlet a\n```\n\n- x\n\n  ```ts\n  let b\n  ```\n';
    const [part] = parseParts(source);
    const [fence, list] = part?.blocks ?? [];
    const start = fence?.kind === 'fence' ? fence.contentStart : null;
    expect(source.slice(start ?? 0, (start ?? 0) + 5)).toBe('let a');
    const nested = list?.kind === 'list' ? list.items[0]?.blocks[0] : undefined;
    expect(nested?.kind === 'fence' ? nested.contentStart : 'none').toBeNull();
  });

  test('a text without a heading is one part', () => {
    expect(parseParts('\ufeffjust text').map((part) => part.title)).toEqual(['']);
    expect(parseParts('')).toEqual([]);
  });
});
