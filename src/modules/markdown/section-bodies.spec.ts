import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDocument, renderDocument } from './document.js';
import { assertPreamble, assertSelfContained, closeText, isClosed, sectionHeadingSource } from './section-text.js';

const accepted = (check: () => void) => {
  try {
    check();
    return true;
  } catch {
    return false;
  }
};

/** Text with all that could reach beyond a section's end. */
const body = fc
  .array(
    fc.constantFrom(
      ...['a', 'b | c', '--|--', '- d', '  e', '> f', '    g', '### h', '# i', '', '', '[j]: k', '***', 'l\\'],
      ...[
        '## m',
        ' ## n',
        '  ## o',
        '- ## p',
        '---',
        '- - -',
        '===',
        '```',
        '~~~~',
        '``` q',
        '    ```',
        '> ```',
        '- ```',
      ],
      ...['<div>', '</div>', '<!--', '-->', '<pre>', '</pre>', '<r s>', '<?', '?>', '[^t]: u', '1. v', '+++', '\uFEFF'],
    ),
    { maxLength: 8 },
  )
  .chain((lines) => fc.constantFrom('\n', '\r\n', '\r').map((eol) => lines.join(eol)))
  .chain((text) => fc.constantFrom(text, `${text}\n`, `${text}\r\n\r\n`));

describe('A body', () => {
  test.each(
    [
      [
        '',
        'a',
        'a\n\nb\n',
        '### h\n',
        '# h\n',
        'a\n===\n',
        '---\n',
        '| a |\n|---|\n',
        '```\n## a\n```',
        '<!-- ## a -->',
        '> ## a',
      ],
      [
        '- ## a',
        '- a\n\n  ## b',
        '    ## a',
        '\\## a',
        '<details>\n## a\n</details>',
        '#a',
        '## a\n'.replace('##', '##x'),
      ],
    ].flat(),
  )('%j stands in a section', (text) => {
    expect(() => assertSelfContained(text)).not.toThrow();
  });

  test.each([
    ['a heading', 'a\n## b\n', 2],
    ['an empty heading', '##', 1],
    ['an indented heading', '\n\n   ## a', 3],
    ['an underlined heading', 'a\nb\n---\n', 1],
    ['a heading behind code', '```\n```\n\n## a', 4],
    ['an open fence', 'a\n```\nb\n', 4],
    ['a fence closed too short', '````\n```', 2],
    ['an open comment', 'a\n\n<!-- b', 3],
    ['an open raw block', '<script>\n', 2],
  ])('with %s does not, and the line is named', (_, text, line) => {
    expect(() => assertSelfContained(text)).toThrow(
      expect.objectContaining({ code: 'section_not_self_contained', details: { line } }),
    );
  });

  test('stands exactly if the sections around it read back as they were', () => {
    fc.assert(
      fc.property(body, (text) => {
        const { sections } = parseDocument(`## a\n${text}\n\n## b\n`);
        const isWhole = sections.length === 2 && sections[0]?.body === `${text}\n\n`;
        expect(accepted(() => assertSelfContained(text))).toBe(isWhole);
      }),
      { numRuns: 2000 },
    );
  });

  test('that stands is closed with few line endings, and then any heading may follow', () => {
    fc.assert(
      fc.property(body, fc.constantFrom('\n', '\r\n'), (text, eol) => {
        fc.pre(accepted(() => assertSelfContained(text)));
        const closed = closeText(text, eol);
        expect(closed.startsWith(text)).toBe(true);
        expect(closed.length - text.length).toBeLessThanOrEqual(2 * eol.length);
        expect(isClosed(closed)).toBe(true);
        expect(closeText(closed, eol)).toBe(closed);
        expect(parseDocument(`## a\n${closed}## b\n`).sections).toHaveLength(2);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['', ''],
    ['a\n', 'a\n'],
    ['a', 'a\r\n'],
    ['a\r', 'a\r\n'],
    ['<div>\n</div>', '<div>\n</div>\r\n\r\n'],
    ['```\na\n', '```\na\n'],
  ])('%j is closed as %j', (text, closed) => {
    expect(closeText(text, '\r\n')).toBe(closed);
  });
});

describe('After any edits', () => {
  type Text = { headingSource: string; body: string };
  type Edit = { kind: 'add' | 'update' | 'rename' | 'remove' | 'swap'; at: number; heading: string; text: string };

  const edit: fc.Arbitrary<Edit> = fc.record({
    kind: fc.constantFrom('add', 'update', 'rename', 'remove', 'swap'),
    at: fc.nat(9),
    heading: fc.constantFrom('One', '*Two*', '# Three', '`Four` #'),
    text: body,
  });

  const edited = (sections: readonly Text[], { kind, at, heading, text }: Edit): Text[] => {
    const index = sections.length === 0 ? 0 : at % sections.length;
    const added = { headingSource: sectionHeadingSource(heading, '\n'), body: closeText(text, '\n') };
    const old = sections[index];
    const next = sections[index + 1];
    if (kind === 'add' || !old) return sections.toSpliced(index, 0, added);
    if (kind === 'remove') return sections.toSpliced(index, 1);
    if (kind === 'update') return sections.with(index, { ...old, body: added.body });
    if (kind === 'rename') return sections.with(index, { ...old, headingSource: added.headingSource });
    return next ? sections.with(index, next).with(index + 1, old) : [...sections];
  };

  test('the document reads back as exactly the edited sections', () => {
    fc.assert(
      fc.property(fc.constantFrom('', '# T\n', 'a'), fc.array(edit, { maxLength: 10 }), (start, edits) => {
        const preamble = closeText(start, '\n');
        const sections = edits
          .filter(({ text }) => accepted(() => assertSelfContained(text)))
          .reduce<Text[]>(edited, []);
        const read = parseDocument(renderDocument({ preamble, sections }));
        expect(read.preamble).toBe(preamble);
        expect(read.sections.map(({ headingSource, body: text }) => ({ headingSource, body: text }))).toEqual(sections);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('A document whose front matter is never closed', () => {
  test('takes no line that would close it', () => {
    const preamble = '---\ntitle: never closed\n\n';
    expect(() => assertSelfContained('one\n\n---\n\ntwo\n', preamble)).toThrow('close the front matter');
    expect(() => assertSelfContained('one\n\n***\n\ntwo\n', preamble)).not.toThrow();
    expect(() => assertSelfContained('one\n\n---\n\ntwo\n', '---\na: 1\n---\n')).not.toThrow();
  });

  test('cannot be made by a new preamble', () => {
    expect(() => assertPreamble('---\ntitle: never closed\n')).toThrow('not closed');
  });
});
