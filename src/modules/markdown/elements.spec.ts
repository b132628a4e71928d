import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectPositionsToHold, sectionsOf } from '../../../test/support/elements.js';
import { elementsSummary, extractElements, extractSectionElements } from './elements.js';

const line = fc.oneof(
  fc.constantFrom(
    '### Phase 1: Ünit',
    '#### R1: Größe',
    '### Commands & Events',
    '### Data Models',
    '### `GET /api/ä/:id`',
  ),
  fc.constantFrom(
    '- **Scenario**: é',
    '- **Severity**: High',
    '- `a.b.c`',
    '- `id`: uuid',
    '- `POST /x/[id]`',
    '- [x] done',
  ),
  fc.constantFrom(
    '| Risk | Severity | Mitigation |',
    '|---|---|---|',
    '| a | Low | `b \\| c` |',
    '| File | Action | Purpose |',
  ),
  fc.constantFrom(
    '```ts',
    '```sql',
    '```',
    'type A = { a: string }',
    'CREATE TABLE a (b int);',
    '> quote',
    '<!--',
    '-->',
  ),
  fc.constantFrom(
    '1. one',
    '  - nested',
    '- 2026-01-02: x',
    '- **A** wants b so that c',
    '- `KEY_A=1` text',
    '',
    '',
    '\t- tab',
  ),
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 10 }),
);
const section = fc.tuple(
  fc.constantFrom(
    'Risks',
    'Data Models',
    'API Contracts',
    'Changelog',
    'Configuration',
    'Implementation Plan',
    'Events',
  ),
  fc.array(line, { maxLength: 25 }),
  fc.constantFrom('\n', '\r\n', '\r'),
);
const document = fc
  .array(section, { maxLength: 4 })
  .map((parts) => parts.map(([title, lines, eol]) => [`## ${title}`, '', ...lines, ''].join(eol)).join(''));

describe('extractElements', () => {
  test('gives elements of all sections in document order, placed in the document', () => {
    const markdown = '# É\r\n\r\n## Changelog\r\n\r\n- 2026-01-02: x\r\n\r\n## Configuration\r\n\r\n- `A_B=1` é\r\n';
    const found = extractElements(markdown, sectionsOf(markdown));
    expect(found.changelog).toMatchObject([
      { date: '2026-01-02', position: { section: 'changelog', line: 5, endLine: 5 } },
    ]);
    const position = found.settings[0]?.position;
    expect(position?.line).toBe(9);
    expect(Buffer.from(markdown).subarray(position?.start, position?.end).toString()).toBe('- `A_B=1` é');
  });

  test('never throws, and every position holds the text of its element', () => {
    fc.assert(
      fc.property(document, (markdown) => {
        expectPositionsToHold(markdown.toWellFormed(), extractElements(markdown.toWellFormed(), sectionsOf(markdown)));
      }),
      { numRuns: 300 },
    );
  });

  test('never throws on any string, cut anywhere', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(40), fc.nat(40), (text, start, length) => {
        const found = extractElements(text, [
          { key: 'risks-impact-review', heading: text, start, end: start + length },
        ]);
        expect(Object.values(elementsSummary(found)).every((count) => count >= 0)).toBe(true);
      }),
    );
  });

  test('a section that is too costly is listed as unread, the others are read', () => {
    const markdown = `## Changelog\n\n${'- a\n  - b\n'.repeat(20_000)}\n## Configuration\n\n- \`A_B=1\`\n`;
    const cut = markdown.indexOf('## Configuration');
    const found = extractElements(markdown, [
      { key: 'changelog', heading: 'Changelog', start: 0, end: cut },
      { key: 'configuration', heading: 'Configuration', start: cut, end: markdown.length },
    ]);
    expect(found.unread.map(({ kind, position }) => [kind, position.section])).toEqual([['section', 'changelog']]);
    expect(found.settings).toHaveLength(1);
  });

  test('a document of many costly sections is read as far as its budget goes', () => {
    const one = `## Notes\n\n${'text\n'.repeat(4000)}`;
    const sections = Array.from({ length: 20 }, (_, index) => ({
      ...{ key: `notes-${index}`, heading: 'Notes' },
      ...{ start: index * one.length, end: (index + 1) * one.length },
    }));
    const { unread } = extractElements(one.repeat(20), sections);
    expect(unread.length).toBeGreaterThan(0);
    expect(unread.length).toBeLessThan(20);
  });

  test('a section with too many headings is unread', () => {
    const { unread } = extractSectionElements({ key: 'k', heading: 'k', source: '### a\n'.repeat(2000) });
    expect(unread.map((found) => found.kind)).toEqual(['section']);
  });
});
