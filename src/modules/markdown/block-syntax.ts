import type { Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { content } from 'micromark-core-commonmark';
import { gfm } from 'micromark-extension-gfm';
import { ShortenedText } from './shortened-text.js';

/**
 * Block structure only. Inline constructs are off because micromark needs more than linear time for them on hostile
 * input; `inline.ts` reads the few that matter. Of GFM only tables change the blocks.
 */
const constructs = [
  { flow: gfm().flow },
  {
    disable: {
      null: [
        ...['attention', 'autolink', 'characterEscape', 'characterReference', 'codeText', 'definition'],
        ...['hardBreakEscape', 'htmlText', 'labelEnd', 'labelStartImage', 'labelStartLink'],
      ],
    },
  },
];

/**
 * Micromark's paragraph with nothing in it. Its lines stay as tokens that stand for nothing: micromark takes the places
 * where the containers around them go on from those.
 */
const bareParagraph: typeof content = {
  add: 'after',
  tokenize(effects, ok, nok) {
    return this.interrupt ? nok : content.tokenize.call(this, effects, ok, nok);
  },
  resolve([first, ...lines], context) {
    const last = lines.pop();
    if (!first || !last) return [];
    for (const [, line] of lines) delete line.contentType;
    const token = { type: 'paragraph' as const, start: { ...first[1].start }, end: { ...last[1].end } };
    return [first, ['enter', token, context], ...lines, ['exit', token, context], last];
  },
};
const outlineConstructs = [...constructs, { flow: { null: bareParagraph } }];
const tableNodes = gfmFromMarkdown().filter((extension) => extension.enter && 'table' in extension.enter);

/** The blocks of a text as an mdast tree; what stands in them is not parsed. */
export const parseBlocks = (text: string): Root =>
  fromMarkdown(text, { extensions: constructs, mdastExtensions: tableNodes });

/**
 * The same blocks for less work, for whoever reads text by its place: paragraphs and underlined headings have no children,
 * what HTML says is cut short, and of positions only the offsets hold.
 */
export function outlineBlocks(text: string): Root {
  const shortened = new ShortenedText(text);
  const root = fromMarkdown(shortened.text, { extensions: outlineConstructs, mdastExtensions: tableNodes });
  shortened.restore(root);
  return root;
}
