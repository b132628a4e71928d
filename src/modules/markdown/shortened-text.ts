import type { Code, Nodes, Parent, TableCell } from 'mdast';
import type { Range } from './positions.js';

/** A line with something left out: the column of the first cut, and how much of the line is left from there on. */
type CutLine = { source: string; column: number; kept: number };

/** What is kept on each side of a cut. Eight letters are the name of no element that ends an HTML block by itself. */
const side = 4;
const shortest = 32;

/**
 * A text that parses to the same blocks as a longer one: the parser takes its time by the character, and most of a line
 * decides nothing about the blocks. What comes before the first two letters of a line does (indentation, markers of
 * containers, fences, rules), and so do `|`, `\`, `<` and `>` wherever they stand; between those, only the ends of a run
 * of text are kept. Lines with a heading, a fence or the start of HTML stay whole.
 */
export class ShortenedText {
  readonly text: string;
  /** For each cut, where it is in the shortened text, and how many characters are left out up to and with it. */
  private readonly cuts: number[] = [];
  private readonly leftOut: number[] = [];
  private readonly lines = new Map<number, CutLine>();

  constructor(private readonly source: string) {
    // In code, the end of a line by CR and that of an empty one by LF look like one: such a text stays whole.
    const pieces = /\r(?!\n)/.test(source) ? [] : source.matchAll(/([^\r\n]*)(?:\r\n?|\n|$)/g);
    let [text, copied, gone] = ['', 0, 0];
    const cut = ({ start, end }: Range) => {
      text += source.slice(copied, start);
      copied = end;
      gone += end - start;
      this.cuts.push(text.length);
      this.leftOut.push(gone);
    };
    let number = 0;
    for (const { 1: line = '', index } of pieces) {
      number += 1;
      const cuts = cutsIn(line);
      const first = cuts[0];
      if (!first) continue;
      for (const { start, end } of cuts) cut({ start: index + start, end: index + end });
      const removed = cuts.reduce((sum, { start, end }) => sum + end - start, 0);
      this.lines.set(number, { source: line, column: first.start, kept: line.length - first.start - removed });
    }
    this.text = text + source.slice(copied);
  }

  /** Makes the tree of the shortened text that of the whole one: every offset, the text of cells and of code. */
  restore(node: Nodes): void {
    const { position } = node;
    if (position) {
      position.start.offset = this.offset(position.start.offset ?? 0);
      position.end.offset = this.offset(position.end.offset ?? 0);
    }
    if (node.type === 'code') node.value = this.codeOf(node);
    if ('children' in node) for (const child of (node as Parent).children) this.restore(child);
    if (node.type === 'tableCell') this.restoreCell(node);
  }

  private restoreCell(cell: TableCell): void {
    for (const child of cell.children) {
      const { start, end } = child.position ?? {};
      if ('value' in child) child.value = written(this.source.slice(start?.offset, end?.offset));
    }
  }

  /** Lines of code stand in the source behind what their containers take; no cut is in that. */
  private codeOf({ value, position }: Code): string {
    const { line = 1, offset = 0 } = position?.start ?? {};
    const isFenced = /[`~]/.test(this.source.charAt(offset));
    let at = isFenced ? line : line - 1;
    return value.replace(/[^\r\n]*(?:\r\n?|\n|$)/g, (whole) => {
      const cut = this.lines.get((at += 1));
      if (!cut || whole === '') return whole;
      const content = whole.replace(/[\r\n]+$/, '');
      return (
        content.slice(0, content.length - cut.kept) +
        written(cut.source.slice(cut.column)) +
        whole.slice(content.length)
      );
    });
  }

  private offset(shortened: number): number {
    let [low, high] = [0, this.cuts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.cuts[middle] ?? 0) < shortened) low = middle + 1;
      else high = middle;
    }
    return shortened + (this.leftOut[low - 1] ?? 0);
  }
}

/** Where a line can do without a piece; none where it may be a heading, a fence or HTML. */
function cutsIn(line: string): Range[] {
  if (line.length < shortest || line.includes('<')) return [];
  const letters = line.search(/[A-Za-z]{2}/);
  if (letters < 0 || /#|```|~~~/.test(line.slice(0, letters))) return [];
  const cuts: Range[] = [];
  const from = letters + 2;
  for (const { 0: run, index } of line.slice(from).matchAll(/[^|\\>]+/g)) {
    const start = from + index + (run.length - run.trimStart().length) + side;
    const end = from + index + run.trimEnd().length - side;
    if (end - start >= 2 * side) cuts.push({ start, end });
  }
  return cuts;
}

/** As the parser writes it: it puts another character for the one that no text may have (CommonMark 0.31, section 2.3). */
const written = (text: string): string => text.replaceAll('\0', '\ufffd');
