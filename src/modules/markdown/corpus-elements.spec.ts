import { beforeAll, describe, expect, test } from 'vitest';
import { corpusFiles, corpusMissing, rfcFiles } from '../../../test/support/corpus.js';
import type { SectionRange } from '../../../test/support/elements.js';
import { expectPositionsToHold, sectionsOf } from '../../../test/support/elements.js';
import { elementsSummary, extractElements } from './elements.js';
import type { SpecElements } from './elements.view.js';

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
    expect(total('unread')).toBeLessThanOrEqual(95);
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
