import type { RootContent } from 'mdast';
import { canonicalParagraph, canonicalText } from './canonical-text.js';
import type { CanonicalText } from './canonical-text.js';
import { frontMatterEnd } from './front-matter.js';
import { parseBlocks } from './block-syntax.js';
import { cellText } from './tree.js';

/**
 * One piece of a text, in reading order. `place` says in which quotes and list items it stands; the style of bullets
 * and numbers, of headings and of fences does not show. `verbatim` is code, HTML and front matter, where every
 * character counts.
 */
export type Statement = CanonicalText & {
  kind: 'heading' | 'paragraph' | 'item' | 'row' | 'cell' | 'verbatim';
  place: string;
};

/** All that a text says, piece by piece: every character is in a statement or marks a block. Rules say nothing. */
export function readStatements(text: string, part: 'section' | 'preamble'): Statement[] {
  const matter = part === 'preamble' ? frontMatterEnd(text) : 0;
  const statements: Statement[] = matter > 0 ? [verbatim('front matter', '', text.slice(0, matter))] : [];
  for (const node of parseBlocks(text.slice(matter)).children) read(node, '', statements);
  return statements;
}

function read(node: RootContent, place: string, into: Statement[]): void {
  switch (node.type) {
    case 'heading':
      into.push({ kind: 'heading', place: `${place}#${node.depth}`, ...canonicalText(inlineSource(node.children)) });
      return;
    case 'paragraph':
      for (const text of canonicalParagraph(inlineSource(node.children)))
        into.push({ kind: 'paragraph', place, ...text });
      return;
    case 'blockquote':
      for (const child of node.children) read(child, `${place}>`, into);
      return;
    case 'list':
      for (const [index, item] of node.children.entries()) {
        const within = `${place}${node.ordered ? (node.start ?? 1) + index : '-'}/`;
        into.push({ kind: 'item', place: within, formatted: '', linkless: '' });
        for (const child of item.children) read(child, within, into);
      }
      return;
    case 'table':
      for (const row of node.children) {
        into.push({ kind: 'row', place, formatted: '', linkless: '' });
        for (const cell of row.children) into.push({ kind: 'cell', place, ...canonicalText(cellText(cell)) });
      }
      return;
    case 'code':
      into.push(verbatim(`code ${node.lang ?? ''} ${node.meta ?? ''}`, place, node.value));
      return;
    case 'html':
      into.push(verbatim('html', place, node.value));
      return;
    case 'thematicBreak':
      return;
    default:
      into.push(verbatim(node.type, place, JSON.stringify(node)));
  }
}

function verbatim(of: string, place: string, content: string): Statement {
  const text = JSON.stringify([of, content]);
  return { kind: 'verbatim', place, formatted: text, linkless: text };
}

/** Inline Markdown as it was written: inline constructs are not parsed, so there is text and line breaks only. */
const inlineSource = (nodes: readonly { type: string; value?: string }[]): string =>
  nodes.map((node) => node.value ?? '\n').join('');
