import { describe, expect, test } from 'vitest';
import { corpusFiles, corpusMissing, rfcTemplateMarkdown, templateMarkdown } from '../../../test/support/corpus.js';
import { parseDocument, renderDocument } from './document.js';
import { matchSections, missingKeys } from './section-keys.js';
import { builtInAliases, parseTemplate, skeleton } from './template-document.js';

const keysOf = (markdown: string) =>
  parseTemplate(markdown).sections.map(({ key, required }) => (required ? key : `${key}?`));

describe('A template', () => {
  test('names its required sections in a list that is no section of documents', () => {
    const markdown =
      '# T\n\n## Summary\ns\n## 2. Required Sections (all of them)\n\nThese:\n\n1. Summary\n2. **Risks** & Impact\n' +
      '\n## Risks & Impact\nr\n## Notes\nn\n';
    expect(keysOf(markdown)).toEqual(['summary', 'risks-impact', 'notes?']);
    expect(parseTemplate(markdown)).toMatchObject({ title: 'T', preamble: '# T\n\n' });
  });

  test('without such a list requires what it does not mark as optional', () => {
    expect(keysOf('## A\n## B (Optional)\n## C (if applicable)\n## D\n*Optional.* x\n## E\nOptionally\n')).toEqual([
      'a',
      'b?',
      'c?',
      'd?',
      'e',
    ]);
  });

  test('keeps the guidance of each section, and its heading without the mark', () => {
    expect(parseTemplate('## A (optional)\r\n\r\nSay it.\r\n', { a: ['Alpha'], b: ['Beta'] }).sections).toEqual([
      { key: 'a', heading: 'A', required: false, aliases: ['Alpha'], guidance: '\r\nSay it.\r\n' },
    ]);
  });

  test('gives sections of the same name different keys', () => {
    expect(keysOf('## A\n## A\n## a\n')).toEqual(['a', 'a-2', 'a-3']);
  });

  test.each(['', '# Only a title\n', '## Required Sections\n1. A\n'])(
    'without a section is refused: %j',
    (markdown) => {
      expect(() => parseTemplate(markdown)).toThrow(expect.objectContaining({ code: 'invalid_template' }));
    },
  );
});

describe('A new document', () => {
  test('has the title, the sections and the guidance of its template', () => {
    const template = parseTemplate('# T\r\n\r\n- Author: ?\r\n\r\n## A\r\nx\r\n\r\n## B (Optional)\r\ny');
    const document = skeleton(template, 'My *new* spec');
    expect(document.sections.map(({ key }) => key)).toEqual(['a', 'b']);
    expect(renderDocument(document)).toBe(
      '# My \\*new\\* spec\r\n\r\n- Author: ?\r\n\r\n## A\r\nx\r\n\r\n## B\r\ny\r\n',
    );
  });

  test('gets a title where its template has none', () => {
    expect(skeleton(parseTemplate('## A\n'), 'New').preamble).toBe('# New\n\n');
  });

  test('is refused for a title that cannot be one', () => {
    expect(() => skeleton(parseTemplate('## A\n'), 'a\nb')).toThrow(
      expect.objectContaining({ code: 'invalid_heading' }),
    );
  });
});

describe.skipIf(corpusMissing)('The built-in template', () => {
  const sections = () => parseTemplate(templateMarkdown(), builtInAliases).sections;
  const required = [
    ...['tldr', 'overview', 'problem-statement', 'proposed-solution', 'architecture', 'data-models', 'api-contracts'],
    ...['risks-impact-review', 'final-compliance-report', 'changelog'],
  ];

  test('has its sections with their keys, ten of them required', () => {
    expect(sections().map(({ key }) => key)).toEqual([
      ...required.slice(0, 4),
      'user-stories-use-cases',
      ...required.slice(4, 7),
      'internationalization-i18n',
      'ui-ux',
      'configuration',
      'migration-compatibility',
      'implementation-plan',
      ...required.slice(7),
    ]);
    expect(sections().flatMap(({ key, required: isRequired }) => (isRequired ? [key] : []))).toEqual(required);
  });

  test('has aliases for sections that it has', () => {
    const keys = new Set(sections().map(({ key }) => key));
    expect(Object.keys(builtInAliases).filter((key) => !keys.has(key))).toEqual([]);
  });

  test('gives a skeleton that is a whole document', () => {
    const document = skeleton(parseTemplate(templateMarkdown(), builtInAliases), 'Alerts');
    const read = parseDocument(renderDocument(document));
    const matches = matchSections(
      read.sections.map(({ heading }) => heading),
      sections(),
    );
    expect(read.title).toBe('Alerts');
    expect(matches.map(({ key }) => key)).toEqual(document.sections.map(({ key }) => key));
  });

  test('misses nothing in specs that name all required sections', () => {
    // Independent of the code under test: a name, with numbering, pictures, case, a date and a remark set aside.
    const names = sections()
      .filter((section) => section.required)
      .map(({ heading }) => heading.toLowerCase());
    const hasAll = (headings: string[]) =>
      names.every((name) =>
        headings.some(
          (heading) =>
            heading
              .toLowerCase()
              .replace(' and ', ' & ')
              .replace('tl;dr', 'tldr')
              .replace(/^[^a-z]*/, '')
              .replace(/[^a-z]+\d{4}-.*$/, '') === name,
        ),
      );
    const complete = corpusFiles()
      .map(({ bytes }) => parseDocument(bytes.toString()).sections.map(({ heading }) => heading))
      .filter(hasAll);
    expect(complete.length).toBeGreaterThan(40);
    expect(complete.map((headings) => missingKeys(matchSections(headings, sections()), sections())).flat()).toEqual([]);
  });

  test('is not the only one: the template of Rust RFCs requires all its sections', () => {
    const rfc = parseTemplate(rfcTemplateMarkdown());
    expect(rfc.sections).toHaveLength(9);
    expect(rfc.sections.every((section) => section.required)).toBe(true);
  });
});
