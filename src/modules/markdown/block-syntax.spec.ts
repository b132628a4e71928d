import fc from 'fast-check';
import type { Nodes } from 'mdast';
import { expect, test } from 'vitest';
import { corpusFiles, corpusMissing } from '../../../test/support/corpus.js';
import { outlineBlocks, parseBlocks } from './block-syntax.js';

const piece = fc.oneof(
  fc.constantFrom(
    ...[
      'lorem ipsum dolor sit amet consectetur',
      '`code with | a pipe and more words here`',
      'a \\| b and more text follows',
    ],
    ...[
      '**bold text that is long enough to cut**',
      '| cell with some longer text in it | b',
      'x',
      '|',
      '\\',
      '\0',
      '***',
    ],
    ...[
      '<b>',
      '<div>',
      '</div>',
      '<!--',
      '-->',
      '<script>',
      '</script>',
      ']]>',
      '<?php',
      '?>',
      '<![CDATA[',
      '> quoted',
    ],
    ...['<address class="something long">', '# head', '## heading with many words in it here', '```', '```ts', '~~~'],
    ...[
      '    ',
      '\t',
      '---',
      '===',
      '|---|---|',
      ':-:',
      '- - -',
      '[ref]: http://example.com/some/long/path',
      '[x] done',
    ],
  ),
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const line = fc.tuple(
  fc.constantFrom('', '', '- ', '  ', '    ', '> ', '\t', '1. ', '   '),
  fc
    .tuple(fc.array(piece, { maxLength: 5 }), fc.constantFrom(' ', ''))
    .map(([pieces, between]) => pieces.join(between)),
  fc.constantFrom('\n', '\n', '\n\n', '\r\n', '\r'),
);
const document = fc.array(line, { maxLength: 25 }).map((lines) => lines.flat().join(''));

/** Of a tree what holds in an outline: no children of paragraphs and underlined headings, no HTML, no lines and columns. */
function outlined(node: Nodes): unknown {
  const { position, ...rest } = node;
  const range = [position?.start.offset, position?.end.offset];
  if (node.type === 'html') return { type: node.type, range };
  if (!('children' in node)) return { ...rest, range };
  const isBare = node.type === 'paragraph' || (node.type === 'heading' && position?.start.line !== position?.end.line);
  return { ...rest, range, children: isBare ? [] : node.children.map(outlined) };
}

function expectOutline(text: string): void {
  expect(JSON.stringify(outlined(outlineBlocks(text)))).toBe(JSON.stringify(outlined(parseBlocks(text))));
}

test('an outline has the blocks of the whole text, each in its place', () => {
  fc.assert(fc.property(document, expectOutline), { numRuns: 500 });
});

test.skipIf(corpusMissing)('so it has for the sections of real specifications', () => {
  const some = corpusFiles().filter((_file, index) => index % 6 === 0);
  for (const { bytes } of some)
    bytes
      .toString()
      .split(/^(?=## )/m)
      .forEach(expectOutline);
});
