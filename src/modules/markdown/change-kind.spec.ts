import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changeKind, kindsOfChanges } from './change-kind.js';

const lines = (...text: string[]) => `\n${text.join('\n')}\n`;

describe('The kind of a change', () => {
  test.each([
    ['nothing changed', 'a *b*\n', 'a *b*\n', 'none'],
    ['an empty line at the end', '- a\n- b\n', '- a\n- b\n\n', 'formatting_only'],
    ['line ends', 'one\ntwo\n\n- a\n', 'one\r\ntwo\r\n\r\n- a\r\n', 'formatting_only'],
    [
      'a paragraph wrapped elsewhere',
      'A client MUST send\n5 tokens.\n',
      'A client\nMUST send 5\ntokens.',
      'formatting_only',
    ],
    ['the indentation of wrapped lines', '- a\n  b\n', '- a\n      b\n', 'formatting_only'],
    ['the marks of bullets', '- a\n- b\n', '* a\n* b\n', 'formatting_only'],
    ['the style of numbers', '1. a\n1. b\n', '1) a\n2) b\n', 'formatting_only'],
    ['the marks of emphasis', 'an *old* and __bold__ text', 'an _old_ and **bold** text', 'formatting_only'],
    ['padding of a table', '| a | b |\n|---|---|\n| 1 | 2 |\n', 'a|b\n:-|-:\n1|2\n', 'formatting_only'],
    ['the style of a heading', '### A\n\nText\n', '### A ###\nText\n', 'formatting_only'],
    ['the style of a fence', '```ts\na  b\n```\n', '~~~~ts\na  b\n~~~~\n', 'formatting_only'],
    ['a rule between paragraphs', 'a\n\nb\n', 'a\n\n---\n\nb\n\n***\n', 'formatting_only'],
    ['an escape that says nothing', 'an order\\_id MUST be', 'an order_id MUST be', 'formatting_only'],
    ['the target of a link', 'See [the spec](./a.md).', 'See [the spec](./done/a.md).', 'link_fix'],
    ['the target of a link on code', 'See [`a.md`](a.md).', 'See [`a.md`](b/a.md).', 'link_fix'],
    ['the target of a link in a table', '|a|\n|-|\n|[b](c)|\n', '|a|\n|-|\n|[b](d)|\n', 'link_fix'],
    ['the target of a definition', '[a]: ./a.md\n[b]: b\n', '[a]: ./b.md\n[b]: c\n', 'link_fix'],
    ['a target and a line break', 'It MUST [go](a)\nnow', 'It MUST\n[go](b) now', 'link_fix'],
    ['a word of prose', 'The cache is fast here.', 'The cache is quick here.', 'not_normative'],
    ['a sentence of prose', 'The cache is fast.', 'The cache is fast. This helps people.', 'not_normative'],
    ['prose beside a name', 'The old `cache` runs.', 'The good `cache` runs.', 'not_normative'],
    ['emphasis in prose', 'The cache is fast.', 'The cache is **fast**.', 'not_normative'],
    ['prose in parts', 'The cache is fast. It helps.', 'The cache is fast.\n\nIt helps.', 'not_normative'],
  ])('%s', (_name, before, after, kind) => {
    expect(changeKind(before, after, 'architecture')).toBe(kind);
    expect(changeKind(after, before, 'architecture')).toBe(kind);
  });

  test.each([
    ['a number', 'It keeps 5 of them.', 'It keeps 6 of them.'],
    ['a number in words', 'It keeps five of them.', 'It keeps six of them.'],
    ['the unit of a number', 'It waits 5 seconds here.', 'It waits 5 minutes here.'],
    ['an id', 'It is in SPEC-12 now.', 'It is in SPEC-13 now.'],
    ['a name', 'It is kept in Redis.', 'It is kept in Kafka.'],
    ['a name that starts a sentence', 'Redis keeps it.', 'Kafka keeps it.'],
    ['inline code', 'It calls `save` here.', 'It calls `load` here.'],
    ['white space in inline code', 'It calls `a b` here.', 'It calls `a  b` here.'],
    ['an identifier', 'It sets userId here.', 'It sets clientId here.'],
    ['an address', 'It calls https://a.example/x here.', 'It calls https://a.example/y here.'],
    ['a sentence with MUST', 'It MUST be kept here.', 'It MUST be kept there.'],
    ['a sentence with shall', 'It shall be kept here.', 'It shall be kept there.'],
    ['a sentence with SHOULD', 'It SHOULD be kept here.', 'It SHOULD be kept there.'],
    ['a sentence with never', 'It never goes here.', 'It never goes there.'],
    ['a sentence with always', 'It always goes here.', 'It always goes there.'],
    ['MUST to SHOULD', 'It MUST go.', 'It SHOULD go.'],
    ['a negation', 'It is kept.', "It isn't kept."],
    ['what stands beside an obligation', 'It MUST go. Guests stay.', 'It MUST go. Admins stay.'],
    ['a sentence that leads to a list', 'These are kept\n\n- a\n', 'These are gone\n\n- a\n'],
    ['a sentence that leads to a table', 'These are kept\n\n|a|\n|-|\n', 'These are gone\n\n|a|\n|-|\n'],
    ['a labelled paragraph', '**Decision:** tokens are kept', '**Decision:** tokens are dropped'],
    ['a bullet', '- tokens are kept\n', '- tokens are dropped\n'],
    ['a step', '1. a\n2. b\n', '1. b\n2. a\n'],
    ['the number of a step', '1. a\n', '2. a\n'],
    ['the depth of a bullet', '- a\n- b\n', '- a\n  - b\n'],
    ['a checkbox', '- [ ] a\n', '- [x] a\n'],
    ['a heading', '### Kept\n', '### Gone\n'],
    ['the level of a heading', '### Kept\n', '#### Kept\n'],
    ['a cell', '|a|b|\n|-|-|\n|c|d|\n', '|a|b|\n|-|-|\n|c|e|\n'],
    ['the order of rows', '|a|\n|-|\n|b|\n|c|\n', '|a|\n|-|\n|c|\n|b|\n'],
    ['cells that change sides', '|a|b|\n|-|-|\n|c||\n', '|a|b|\n|-|-|\n||c|\n'],
    ['code', '```\na = 1\n```\n', '```\na = 2\n```\n'],
    ['white space in code', '```\nif a:\n  b\n```\n', '```\nif a:\n b\n```\n'],
    ['the language of code', '```ts\na\n```\n', '```js\na\n```\n'],
    ['HTML', '<div>a</div>\n', '<div>b</div>\n'],
    ['a comment in HTML', 'It goes <!-- here -->', 'It goes <!-- there -->'],
    ['text that is struck out', 'Tokens are kept here.', '~~Tokens are kept here.~~'],
    ['a quote', '> tokens are kept\n', '> tokens are dropped\n'],
    ['text that turns into code', 'a b\n', '    a b\n'],
    ['the text of a link', 'See [this](a).', 'See [that](a).'],
    ['the picture of an image', 'See ![this](a.png).', 'See ![this](b.png).'],
    ['a link that is none', 'It is `[a](b)`.', 'It is `[a](c)`.'],
    ['an escaped link', 'It is \\[a](b).', 'It is \\[a](c).'],
    ['a definition that is none', 'a\n[b]: c.md\n', 'a\n[b]: d.md\n'],
    ['lines of definitions that join', '[a]: b\n[c]: d\n', '[a]: b [c]: d\n'],
    ['a footnote', 'a[^1]\n\n[^1]: b\n', 'a[^1]\n\n[^1]: C\n'],
    ['letters of another script', 'Токены хранятся.', 'Токены удаляются.'],
    ['invisible characters', 'It is kept.', 'It is\u200b kept.'],
    ['asterisks that are no emphasis', 'a*b*c', 'a_b_c'],
    ['an underscore in a target', '[a](<_b_ c> 5)', '[a](<*b* c> 5)'],
    ['a mark that stands for code', '\u00000\u0000 `a`', '`a` `a`'],
  ])('%s is normative', (_name, before, after) => {
    expect(changeKind(before, after, 'architecture')).toBe('normative');
    expect(changeKind(after, before, 'architecture')).toBe('normative');
  });

  test('of a changelog says so, whatever its entries say, unless it is formatting', () => {
    expect(changeKind('- a\n', '- It MUST go\n', 'changelog')).toBe('changelog_only');
    expect(changeKind('- a\n', '* a\n', 'changelog')).toBe('formatting_only');
    expect(changeKind('- a\n', '- b\n', 'changelog-rules')).toBe('normative');
    const dated = '## Changelog\n\n### 2026-03-04\n- a\n';
    expect(changeKind(dated, `${dated}\n### v1.2 (2026-03-05)\n- b\n`, 'changelog')).toBe('changelog_only');
  });

  test('of what is called a changelog and is none, or none any more, is that of any other section', () => {
    const log = '## Changelog\n\n- a\n';
    expect(changeKind(log, '## Requirements\n\n- It MUST go\n', 'changelog')).toBe('normative');
    expect(changeKind(log, `${log}\n### Requirements\n\n- It MUST go\n`, 'changelog')).toBe('normative');
  });

  test('of front matter is normative where front matter can stand', () => {
    const [before, after] = ['---\na:\n  b: c\n---\n\n# A\n', '---\na:\n b: c\n---\n\n# A\n'];
    expect(changeKind(before, after, null)).toBe('normative');
    expect(changeKind('# A\n\nThe old text.', '# A\n\nThe good text.', null)).toBe('not_normative');
    expect(changeKind('# A\n', '# B\n', null)).toBe('normative');
  });
});

const word = fc.constantFrom('tokens', 'MUST', 'kept', '5', '`code`', '[a](b.md)', '*bold*', 'orders', 'SPEC-1', 'x_y');
const words = fc.array(word, { minLength: 1, maxLength: 12 });
const block = fc.oneof(
  words.map((list) => (gap: string) => `${list.join(gap)}\n`),
  fc
    .array(words, { minLength: 1, maxLength: 4 })
    .map((items) => (gap: string) => items.map((item) => `- ${item.join(gap.replace('\n', '\n  '))}\n`).join('')),
  words.map((list) => () => `| ${list.join(' | ')} |\n|${'-|'.repeat(list.length)}\n| ${list.join(' | ')} |\n`),
  words.map((list) => () => `\`\`\`\n${list.join('\n')}\n\`\`\`\n`),
  word.map((text) => () => `### ${text}\n`),
);
const document = fc.array(block, { minLength: 1, maxLength: 6 });
const written = (blocks: readonly ((gap: string) => string)[], gap: string, between = '\n') =>
  blocks.map((each) => each(gap)).join(between);

describe('For every text', () => {
  test('no change is none, and the direction does not matter', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }),
        fc.constantFrom('a', 'changelog', null),
        (a, b, key) => {
          expect(changeKind(a, a, key)).toBe('none');
          expect(changeKind(a, b, key)).toBe(changeKind(b, a, key));
        },
      ),
    );
  });

  test('wrapping lines and leaving more room between blocks is formatting', () => {
    fc.assert(
      fc.property(document, (blocks) => {
        const [one, other] = [written(blocks, ' '), written(blocks, '\n', '\n\n\n')];
        expect(changeKind(one, other, 'a')).toBe(one === other ? 'none' : 'formatting_only');
      }),
    );
  });

  test('other bullets and other marks of emphasis are formatting', () => {
    fc.assert(
      fc.property(document, (blocks) => {
        const one = written(blocks, ' ');
        const outside = one.split(/(```[^]*?```)/);
        const other = outside
          .map((text, index) => (index % 2 ? text : text.replace(/^- /gm, '+ ').replaceAll('*bold*', '_bold_')))
          .join('');
        expect(changeKind(one, other, 'a')).toBe(one === other ? 'none' : 'formatting_only');
      }),
    );
  });

  test('a number that changes anywhere is normative', () => {
    fc.assert(
      fc.property(document, (blocks) => {
        const one = written(blocks, ' ');
        fc.pre(/\b5\b/.test(one));
        expect(changeKind(one, one.replace(/\b5\b/, '6'), 'a')).toBe('normative');
      }),
    );
  });
});

describe('Hostile text', () => {
  const repeat = (text: string) => text.repeat(100_000 / text.length);
  test.each([
    '[',
    '[a](',
    '[](',
    '[a](b "',
    '*a _b ',
    '_a ',
    '*',
    '_',
    '` `` ',
    '"_"',
    '<a ',
    'a\\',
    '| a ',
    '**',
    '[a]: b "',
  ])('made of %j is compared', (text) => {
    const hostile = lines(repeat(text));
    expect(changeKind(hostile, `${hostile}5`, 'a')).toMatch(/^(normative|link_fix)$/);
  });

  test('that is nested too deep or too long is not read', () => {
    expect(changeKind(`${'> '.repeat(500)}a`, `${'> '.repeat(500)} a`, 'a')).toBe('normative');
    expect(changeKind(repeat('- a\n  - b\n'), repeat('* a\n  * b\n'), 'a')).toBe('normative');
    expect(changeKind(repeat('- a\n  - b\n'), repeat('* a\n  * b\n'), 'changelog')).toBe('normative');
    expect(changeKind('a '.repeat(200_000), `${'a '.repeat(200_000)}\n`, 'a')).toBe('normative');
  });

  test('in many sections is read up to a bound of all, and the rest is normative', () => {
    const quotes = '> a\n\n'.repeat(300);
    const change = (section: string) => ({ section, before: quotes, after: `${quotes}\n` });
    const kinds = kindsOfChanges(Array.from({ length: 50 }, (_, index) => change(`section-${index}`)));
    expect(new Set(kinds)).toEqual(new Set(['formatting_only', 'normative']));
    expect(kinds.at(0)).toBe('formatting_only');
    expect(kinds.at(-1)).toBe('normative');
  });
});
