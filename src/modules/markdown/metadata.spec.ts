import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDocument } from './document.js';
import { readMetadata } from './metadata.js';

const facts = (preamble: string) => readMetadata(preamble).map(({ field, value }) => [field, value]);

describe('Metadata', () => {
  test('comes from front matter, tables, lines and lists, in order', () => {
    expect(
      readMetadata(
        '---\nowner: me\n---\n# T\n\n| Field | Value |\n|---|---|\n| Status | Draft |\n\n**Date**: 2026-01-02\n\n- Feature Name: x\n',
      ),
    ).toEqual([
      { field: 'owner', value: 'me', source: 'front_matter' },
      { field: 'Status', value: 'Draft', source: 'table' },
      { field: 'Date', value: '2026-01-02', source: 'line' },
      { field: 'Feature Name', value: 'x', source: 'list' },
    ]);
  });

  test('keeps the values of front matter as they are written', () => {
    expect(facts('---\r\ndate: 2026-02-03\r\ntags: [a, b]\r\nempty:\r\nnested: { a: 1 }\r\n---\r\n')).toEqual([
      ['date', '2026-02-03'],
      ['tags', 'a, b'],
      ['empty', ''],
      ['nested', '{"a":1}'],
    ]);
  });

  test('flattens the markup in a value', () => {
    expect(facts('**Related:** [SPEC-1](./a.md), `code` and **more**\n')).toEqual([
      ['Related', 'SPEC-1, code and more'],
    ]);
  });

  test('reads every line of a block, bold or plain, quoted or not', () => {
    expect(facts('**Status:** Draft\n**Owner**: me\n')).toEqual([
      ['Status', 'Draft'],
      ['Owner', 'me'],
    ]);
    expect(facts('Status: Draft\nStart date: today\n')).toEqual([
      ['Status', 'Draft'],
      ['Start date', 'today'],
    ]);
    expect(facts('> Status: **Done** · Date: 2026-06-09\n')).toEqual([
      ['Status', 'Done'],
      ['Date', '2026-06-09'],
    ]);
  });

  test('reads a table without a head of its own from its first row on', () => {
    expect(facts('| **Status** | A \\| B |\n|---|---|\n| **Owner** | me |\n')).toEqual([
      ['Status', 'A | B'],
      ['Owner', 'me'],
    ]);
  });

  test.each([
    ['prose', 'This is a text: it says a lot.\nAnd goes on.\n'],
    ['an address', 'https://example.org\n'],
    ['code', '```\nStatus: x\n```\n'],
    ['a wide table', '| a | b | c |\n|---|---|---|\n| 1 | 2 | 3 |\n'],
    ['a heading', '# Note: this\n'],
  ])('is not %s', (_, preamble) => {
    expect(facts(preamble)).toEqual([]);
  });

  test.each([
    ['that is no YAML', '---\na: [\n---\n', 'not valid YAML'],
    ['with aliases', '---\na: &a [*a]\n---\n', 'not valid YAML'],
    ['of open brackets', `---\na: ${'{'.repeat(10_000)}\n---\n`, 'nested too deeply'],
    ['of lists in lists', `---\n${'- '.repeat(5000)}\n---\n`, 'nested too deeply'],
    ['that is no mapping', '---\njust words\n---\n', 'no mapping'],
    ['in TOML', '+++\na = 1\n+++\n', 'not YAML'],
    ['that is very long', `---\na: ${'b'.repeat(20_000)}\n---\n`, 'too long'],
  ])('of front matter %s is reported as unread, with its bytes', (_, matter, reason) => {
    expect(parseDocument(`\uFEFF${matter}# Ä\n`)).toMatchObject({
      metadata: [],
      unread: [{ start: 3, end: 3 + matter.length, reason: expect.stringContaining(reason) as string }],
    });
  });

  test('never refuses a text', () => {
    const parts = fc.constantFrom('---\n', 'a: b\n', '| ', '|---|\n', '**a**: ', '- ', '> ', '\uFEFF', '`', '·', ': ');
    fc.assert(
      fc.property(fc.array(fc.oneof(parts, fc.string())), (texts) => {
        expect(readMetadata(texts.join(''))).toBeInstanceOf(Array);
      }),
    );
  });
});
