import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { corpusFiles, corpusMissing, rfcFiles } from '../../../test/support/corpus.js';
import { elementsSummary, extractElements, extractSectionElements } from './elements.js';
import type { SpecElements } from './elements.view.js';
import { plainText } from './inline.js';
import { parseParts } from './tree.js';

/** Template keys of the headings that occur most, so that these tests need no other module. */
const keys: readonly (readonly [RegExp, string])[] = [
  [/^user stories/, 'user-stories-use-cases'],
  [/^data models?$/, 'data-models'],
  [/^api contracts/, 'api-contracts'],
  [/^internationalization/, 'internationalization-i18n'],
  [/^configuration$/, 'configuration'],
  [/^implementation plan/, 'implementation-plan'],
  [/^risks (?:&|and) impact/, 'risks-impact-review'],
  [/^final compliance/, 'final-compliance-report'],
  [/^changelog/, 'changelog'],
];

type SectionRange = { key: string; heading: string; start: number; end: number };

function sectionsOf(markdown: string): SectionRange[] {
  const starts = parseParts(markdown).filter((part) => part.depth === 2 && part.headingEnd > part.start);
  return starts.map(({ title, start }, index) => {
    const heading = title.toLowerCase().replace(/^[\d.) ]+/, '');
    const key = keys.find(([pattern]) => pattern.test(heading))?.[1] ?? `custom-${index}`;
    return { key, heading: title, start, end: starts[index + 1]?.start ?? markdown.length };
  });
}

const words = (text: string): string => text.replace(/[^\p{L}\p{N}]+/gu, '');

/** For each element, the text that defines it; it must stand where the element says it stands. */
function definingTexts(elements: SpecElements): [{ start: number; end: number }, string][] {
  const of = <Found extends { position: { start: number; end: number } }>(
    found: readonly Found[],
    text: (element: Found) => string | null | undefined,
  ): [{ start: number; end: number }, string][] => found.map((element) => [element.position, text(element) ?? '']);
  return [
    ...of(elements.userStories, (story) => story.text),
    ...of(elements.designDecisions, (decision) => decision.rationale),
    ...of(elements.alternatives, (alternative) => alternative.alternative),
    ...of([...elements.commands, ...elements.events], (named) => named.name.slice(named.name.lastIndexOf('.') + 1)),
    ...of(elements.dataModels, (model) => model.name),
    ...of(elements.dataModels, (model) => model.fields[0]?.name),
    ...of(elements.apiContracts, (contract) => contract.path),
    ...of(elements.i18nKeys, (found) => found.key.slice(found.key.lastIndexOf('.') + 1)),
    ...of(elements.settings, (setting) => setting.name),
    ...of(elements.phases, (phase) => phase.title),
    ...of(
      elements.phases.flatMap((phase) => phase.steps),
      (step) => step.text,
    ),
    ...of(elements.fileManifest, (file) => file.file),
    ...of(elements.openQuestions, (question) => question.text),
    ...of(elements.risks, (risk) => risk.title ?? risk.scenario),
    ...of(elements.complianceReports, (report) => report.verdict),
    ...of(
      elements.complianceReports.flatMap((report) => report.matrix),
      (rule) => rule.rule,
    ),
    ...of(elements.changelog, (entry) => entry.date),
  ];
}

function expectPositionsToHold(markdown: string, elements: SpecElements): void {
  const bytes = Buffer.from(markdown);
  for (const [{ start, end }, text] of definingTexts(elements)) {
    const source = bytes.subarray(start, end).toString();
    const found = words(source).includes(words(text)) || words(plainText(source)).includes(words(text));
    if (!found) expect(source).toContain(text);
  }
}

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

describe.skipIf(corpusMissing)('over real specifications', () => {
  let documents: { path: string; markdown: string; sections: SectionRange[]; elements: SpecElements }[] = [];

  beforeAll(() => {
    documents = [...corpusFiles(), ...rfcFiles()].map(({ path, bytes }) => {
      const markdown = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
      const sections = sectionsOf(markdown);
      return { path, markdown, sections, elements: extractElements(markdown, sections) };
    });
  }, 120_000);

  test('every position holds the text of its element', () => {
    for (const { markdown, elements } of documents) expectPositionsToHold(markdown, elements);
  });

  test('finds at least what was there when the files were read by hand', () => {
    const totals = documents.map(({ elements }) => elementsSummary(elements));
    const total = (kind: keyof SpecElements) => totals.reduce((sum, counts) => sum + counts[kind], 0);
    expect(total('userStories')).toBeGreaterThanOrEqual(235);
    expect(total('designDecisions')).toBeGreaterThanOrEqual(330);
    expect(total('alternatives')).toBeGreaterThanOrEqual(185);
    expect(total('commands')).toBeGreaterThanOrEqual(140);
    expect(total('events')).toBeGreaterThanOrEqual(205);
    expect(total('dataModels')).toBeGreaterThanOrEqual(195);
    expect(total('apiContracts')).toBeGreaterThanOrEqual(445);
    expect(total('i18nKeys')).toBeGreaterThanOrEqual(360);
    expect(total('settings')).toBeGreaterThanOrEqual(130);
    expect(total('phases')).toBeGreaterThanOrEqual(295);
    expect(total('fileManifest')).toBeGreaterThanOrEqual(630);
    expect(total('openQuestions')).toBeGreaterThanOrEqual(54);
    expect(total('risks')).toBeGreaterThanOrEqual(700);
    expect(total('complianceReports')).toBeGreaterThanOrEqual(54);
    expect(total('changelog')).toBeGreaterThanOrEqual(300);
    expect(total('unread')).toBeLessThanOrEqual(75);
  });

  test('finds every risk block that a plain line scan finds', () => {
    for (const { path, markdown, elements } of documents) {
      const scanned = linesOutsideCode(markdown).filter((text) =>
        /^\s*- \*\*Scenario(?::\*\*|\*\*:)/.test(text),
      ).length;
      const found = elements.risks.filter((risk) => risk.form === 'block' && risk.scenario !== null).length;
      // Risks of other forms (labels in paragraphs, bold list items) come on top.
      expect({ path, found: Math.min(found, scanned) }).toEqual({ path, found: scanned });
    }
  });

  test('finds nearly every method and path of the API contracts sections', () => {
    let [scanned, missing] = [0, 0];
    for (const { markdown, sections, elements } of documents) {
      const found = new Set(elements.apiContracts.map(({ method, path }) => `${method} ${path.replace(/[?#].*/, '')}`));
      const contracts = sections.filter(({ key }) => key === 'api-contracts');
      const text = contracts.map(({ start, end }) => markdown.slice(start, end).replaceAll('`', '')).join('\n');
      const routes = [...text.matchAll(/\b(GET|POST|PUT|PATCH|DELETE) +(\/[\w\-./:{}[\]<>]+)/g)].map(
        (match) => `${match[1] ?? ''} ${(match[2] ?? '').replace(/[.,:;/]+$/, '')}`,
      );
      for (const route of new Set(routes)) {
        scanned += 1;
        if (!found.has(route) && ![...found].some((known) => known.replace(/\/$/, '') === route)) missing += 1;
      }
    }
    expect(scanned).toBeGreaterThan(250);
    expect(missing / scanned).toBeLessThan(0.05);
  });

  test('reads or reports every CREATE TABLE of the data models sections', () => {
    for (const { path, markdown, sections, elements } of documents) {
      const models = sections.filter(({ key }) => key === 'data-models');
      const text = models.map(({ start, end }) => markdown.slice(start, end)).join('\n');
      const scanned = text.match(/^\s*create table /gim)?.length ?? 0;
      const read = elements.dataModels.filter((model) => model.form === 'sql').length;
      const unread = elements.unread.filter((found) => found.kind === 'dataModel').length;
      expect({ path, found: Math.min(read + unread, scanned) }).toEqual({ path, found: scanned });
    }
  });
});

function linesOutsideCode(markdown: string): string[] {
  let fence = '';
  return markdown.split('\n').filter((text) => {
    const mark = /^\s*(`{3,}|~{3,})/.exec(text)?.[1] ?? '';
    if (mark === '') return fence === '';
    if (fence === '') fence = mark;
    else if (mark.startsWith(fence)) fence = '';
    return false;
  });
}
