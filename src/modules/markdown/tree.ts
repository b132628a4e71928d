import type { ListItem as MdastItem, RootContent, TableCell } from 'mdast';
import { outlineBlocks } from './block-syntax.js';
import { plainText } from './inline.js';
import type { Range } from './positions.js';

/** One source line of a paragraph, without indentation and quote marks. */
export type Line = Range & { text: string };
export type Paragraph = Range & { kind: 'paragraph'; lines: Line[] };
export type Item = Range & { number: number | null; done: boolean | null; lines: Line[]; blocks: Block[] };
export type List = Range & { kind: 'list'; items: Item[] };
export type Row = Range & { cells: string[] };
export type Table = Range & { kind: 'table'; header: Row; rows: Row[] };
/** `contentStart` is null when the content does not stand in the source as it is (inside a list item, for example). */
export type Fence = Range & { kind: 'fence'; language: string; content: string; contentStart: number | null };
export type Block = Paragraph | List | Table | Fence;

/** A heading of the section (the first is the section's own) with the blocks up to the next heading. */
export type Part = Range & { depth: number; title: string; headingEnd: number; parents: Part[]; blocks: Block[] };

/** Parses one section into its parts, in order. Quotes and HTML are no specification text and are left out. */
export function parseParts(source: string): Part[] {
  // Micromark drops a byte order mark and shifts every offset; a space keeps them.
  const text = source.replace(/^\ufeff/, ' ');
  const root = outlineBlocks(text);
  const parts: Part[] = [];
  let open: Part[] = [];
  for (const node of root.children) {
    if (node.type === 'heading') {
      const range = rangeOf(node);
      open = open.filter((part) => part.depth < node.depth);
      const title = plainText(
        linesBetween(text, headingText(node, range, text))
          .map((line) => line.text)
          .join(' '),
      );
      const part = { ...range, depth: node.depth, title, headingEnd: range.end, parents: [...open], blocks: [] };
      parts.push(part);
      open.push(part);
      continue;
    }
    const block = readBlock(node, text);
    let part = parts.at(-1);
    if (!part) {
      part = { start: 0, end: 0, depth: 2, title: '', headingEnd: 0, parents: [], blocks: [] };
      parts.push(part);
      open = [part];
    }
    if (block) part.blocks.push(block);
    part.end = rangeOf(node).end;
  }
  return parts;
}

type Positioned = { position?: { start: { offset?: number }; end: { offset?: number } } | undefined };

/** Where a node stands, in UTF-16 offsets. */
export const rangeOf = (node: Positioned): Range => ({
  start: node.position?.start.offset ?? 0,
  end: node.position?.end.offset ?? 0,
});

function headingText(node: { children: Positioned[] }, range: Range, text: string): Range {
  // A heading that is underlined has no children in an outline.
  const underline = /(?:\r\n?|\n)[^\r\n]*$/.exec(text.slice(range.start, range.end));
  if (underline) return { start: range.start, end: range.start + underline.index };
  const [first, last] = [node.children[0], node.children.at(-1)];
  return first && last ? { start: rangeOf(first).start, end: rangeOf(last).end } : { start: range.end, end: range.end };
}

function readBlock(node: RootContent, text: string): Block | null {
  const range = rangeOf(node);
  switch (node.type) {
    case 'paragraph':
      return { kind: 'paragraph', ...range, lines: linesBetween(text, range) };
    case 'list':
      return {
        kind: 'list',
        ...range,
        items: node.children.map((item, index) =>
          readItem(item, text, node.ordered ? (node.start ?? 1) + index : null),
        ),
      };
    case 'table': {
      const [header, ...rows] = node.children.map((row) => ({
        ...rangeOf(row),
        cells: row.children.map((cell) => cellText(cell)),
      }));
      return header ? { kind: 'table', ...range, header, rows } : null;
    }
    case 'code': {
      const lineEnd = /\r\n?|\n/g;
      lineEnd.lastIndex = range.start;
      const at = lineEnd.exec(text) ? lineEnd.lastIndex : -1;
      const contentStart = at > 0 && text.startsWith(node.value, at) ? at : null;
      return { kind: 'fence', ...range, language: (node.lang ?? '').toLowerCase(), content: node.value, contentStart };
    }
    default:
      return null;
  }
}

function readItem(item: MdastItem, text: string, number: number | null): Item {
  const [first, ...rest] = item.children;
  const lines = first?.type === 'paragraph' ? linesBetween(text, rangeOf(first)) : [];
  const others = first?.type === 'paragraph' ? rest : item.children;
  const box = /^\[([ xX])\][ \t]+/.exec(lines[0]?.text ?? '');
  if (box && lines[0]) {
    lines[0] = { ...lines[0], start: lines[0].start + box[0].length, text: lines[0].text.slice(box[0].length) };
  }
  const blocks = others.map((node) => readBlock(node, text)).filter((block) => block !== null);
  return { ...rangeOf(item), number, done: box ? box[1] !== ' ' : null, lines, blocks };
}

/** What stands in a table's cell, as Markdown. */
export function cellText(cell: TableCell): string {
  return cell.children
    .map((child) => ('value' in child ? child.value : ''))
    .join('')
    .replaceAll('\\|', '|');
}

/** The lines in a range of a text, without indentation and quote marks; empty ones are left out. */
export function linesBetween(text: string, range: Range): Line[] {
  const lines: Line[] = [];
  for (const match of text.slice(range.start, range.end).matchAll(/[^\r\n]+/g)) {
    const indent = /^[ \t>]*/.exec(match[0])?.[0].length ?? 0;
    const line = match[0].slice(indent).trimEnd();
    const start = range.start + match.index + indent;
    if (line !== '') lines.push({ text: line, start, end: start + line.length });
  }
  return lines;
}

/** The lines of a paragraph or list item as one string of Markdown. */
export const joined = (lines: readonly Line[]): string => lines.map((line) => line.text).join('\n');
