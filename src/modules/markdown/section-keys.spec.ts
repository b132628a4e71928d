import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchSections, missingKeys, reconcileSections } from './section-keys.js';
import type { TemplateSection } from './section-keys.js';

const section = (key: string, heading: string, aliases: string[] = [], required = true): TemplateSection => {
  return { key, heading, required, aliases, guidance: '' };
};

const template = [
  section('tldr', 'TLDR', ['TL;DR']),
  section('problem', 'Problem Statement', ['Problem']),
  section('solution', 'Proposed Solution'),
  section('architecture', 'Architecture'),
  section('risks', 'Risks & Impact Review', ['Risk Assessment']),
  section('settings', 'Configuration', [], false),
  section('report', 'Final Compliance Report'),
];

const matches = (...headings: string[]) =>
  matchSections(headings, template).map(({ key, matchedBy, confidence }) => [key, matchedBy, confidence]);

describe('A heading', () => {
  test.each([
    ['tldr', 'tldr', 'exact', 1],
    [' Architecture ', 'architecture', 'exact', 1],
    ['4. Architecture', 'architecture', 'alias', 0.9],
    ['Risks and Impact Review', 'risks', 'alias', 0.9],
    ['Final Compliance Report — 2026-02-03 (revised)', 'report', 'alias', 0.9],
    ['Configuration (Optional)', 'settings', 'alias', 0.9],
    ['TL;DR', 'tldr', 'alias', 0.95],
    ['7) Risk assessment', 'risks', 'alias', 0.95],
    ['Proposed Solution (high-level)', 'solution', 'fuzzy', 0.85],
    ['Performance', 'performance', 'custom', 1],
    ['Architecture Impact', 'architecture-impact', 'custom', 1],
    ['Non-Compliance', 'non-compliance', 'custom', 1],
  ])('%j stands for %s, found by %s', (heading, key, matchedBy, confidence) => {
    expect(matches(heading)).toEqual([[key, matchedBy, confidence]]);
  });

  test('with a slip of the pen stands for what it is most like', () => {
    expect(matches('Risk & Impact Reviews')).toEqual([['risks', 'fuzzy', expect.closeTo(0.91, 1)]]);
  });

  test('between its neighbours stands for the one section missing there if they share a word', () => {
    expect(matches('Problem', 'Our solution', 'Architecture')[1]).toEqual(['solution', 'order', 0.7]);
    expect(matches('Problem', 'Our goals', 'Architecture')[1]).toEqual(['our-goals', 'custom', 1]);
    expect(matches('Problem', 'Our solution', 'Risks & Impact Review')[1]).toEqual(['our-solution', 'custom', 1]);
  });

  test('that comes again is a section of its own', () => {
    expect(matches('Architecture', '3. Architecture', 'Architecture')).toEqual([
      ['architecture', 'exact', 1],
      ['3-architecture', 'custom', 1],
      ['architecture-2', 'custom', 1],
    ]);
  });

  test('yields to a better one that comes later', () => {
    expect(matches('Problem', 'Problem Statement').map(([key]) => key)).toEqual(['problem-2', 'problem']);
  });
});

describe('Keys', () => {
  const heading = fc.oneof(
    fc.constantFrom('TLDR', '1. TLDR', 'Architecture', 'Architecture 2', 'Problem', '', 'Ä', 'section', 'solution'),
    fc.string(),
  );

  test('are distinct, one for each heading', () => {
    fc.assert(
      fc.property(fc.array(heading), (headings) => {
        const keys = matchSections(headings, template).map(({ key }) => key);
        expect(keys).toHaveLength(headings.length);
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });

  test('of a new version are distinct and stay the same when nothing changed', () => {
    const version = fc.array(fc.record({ heading, bodyHash: fc.constantFrom('1', '2', '3') }));
    fc.assert(
      fc.property(version, version, (before, after) => {
        const keys = reconcileSections(before, [], template);
        const known = before.map((one, index) => ({ ...one, key: keys[index] ?? '' }));
        expect(reconcileSections(before, known, template)).toEqual(keys);
        const next = reconcileSections(after, known, template);
        expect(next).toHaveLength(after.length);
        expect(new Set(next).size).toBe(next.length);
      }),
    );
  });

  test('that are required and stand for no heading are missing', () => {
    expect(missingKeys(matchSections(['TL;DR', 'Problem', 'Architecture'], template), template)).toEqual([
      'solution',
      'risks',
      'report',
    ]);
  });
});

describe('A section of a new version', () => {
  const known = [
    { key: 'tldr', heading: 'TLDR', bodyHash: 'a' },
    { key: 'notes', heading: 'Notes', bodyHash: 'b' },
    { key: 'notes-2', heading: 'Notes', bodyHash: 'c' },
  ];
  const keys = (...next: [heading: string, bodyHash: string][]) =>
    reconcileSections(
      next.map(([heading, bodyHash]) => ({ heading, bodyHash })),
      known,
      template,
    );

  test('keeps its key when its text changes', () => {
    expect(keys(['TLDR', 'x'], ['Notes', 'y'])).toEqual(['tldr', 'notes']);
  });

  test('keeps its key when its heading changes and its text does not', () => {
    expect(keys(['In short', 'a'], ['Remarks', 'c'])).toEqual(['tldr', 'notes-2']);
  });

  test('is told from its namesake by its text', () => {
    expect(keys(['Notes', 'c'], ['TLDR', 'a'], ['Notes', 'b'])).toEqual(['notes-2', 'tldr', 'notes']);
  });

  test('is not taken for another one that has the same text', () => {
    expect(keys(['One', 'a'], ['Two', 'a'])).toEqual(['one', 'two']);
  });

  test('takes a free key of the template, or a name of its own', () => {
    expect(keys(['TLDR', 'a'], ['2. Architecture', 'x'], ['TL;DR', 'y'])).toEqual(['tldr', 'architecture', 'tl-dr']);
  });
});
