import { isThematicBreak } from './leaf-blocks.js';
import type { LineCursor } from './line-cursor.js';

/**
 * A block that holds blocks: a quote, a list item of some width, a footnote. `emptyStart`: a list item without
 * content on its first line, and whether a blank line came after that.
 */
export type Container = { kind: 'quote' | 'item' | 'footnote'; width: number; emptyStart: 'no' | 'yes' | 'and blank' };

/** Whether the line goes on inside the container; if so, the container's part of the line is used up. */
export function continuesContainer(line: LineCursor, container: Container): boolean {
  if (container.kind === 'quote') {
    if (line.indent > 3 || line.code !== 0x3e) return false;
    skipQuoteMarker(line);
    return true;
  }
  if (line.blank) {
    if (container.emptyStart === 'yes') container.emptyStart = 'and blank';
    return true;
  }
  if (container.emptyStart === 'and blank' || line.indent < container.width) return false;
  container.emptyStart = 'no';
  line.skipColumns(container.width);
  return true;
}

/**
 * The container that starts at the line's next character, its marker used up; undefined when none does.
 * `interrupting`: a paragraph is open, which only a list item that has content and, if numbered, the number 1 can end
 * (CommonMark 0.31, section 5.2).
 */
export function openContainer(line: LineCursor, interrupting: boolean): Container | undefined {
  if (line.indent > 3) return undefined;
  const code = line.code;
  if (code === 0x3e) {
    skipQuoteMarker(line);
    return { kind: 'quote', width: 0, emptyStart: 'no' };
  }
  if (code === 0x5b) return openFootnote(line);
  const width = markerWidth(line, interrupting);
  return width === 0 ? undefined : openItem(line, width);
}

function skipQuoteMarker(line: LineCursor): void {
  line.skipMarker(1);
  line.skipColumns(1);
}

/** The width of a list marker that may start an item here, or 0. */
function markerWidth(line: LineCursor, interrupting: boolean): number {
  const { code, nonspace } = line;
  let width = 1;
  if (code >= 0x30 && code <= 0x39) {
    while (isDigit(line.codeAt(nonspace + width))) width++;
    const delimiter = line.codeAt(nonspace + width);
    if (width > 9 || (delimiter !== 0x2e && delimiter !== 0x29)) return 0;
    if (interrupting && (width > 1 || code !== 0x31)) return 0;
    width++;
  } else if (code === 0x2a || code === 0x2d) {
    if (isThematicBreak(line)) return 0;
  } else if (code !== 0x2b) {
    return 0;
  }
  const after = line.codeAt(nonspace + width);
  if (after === 0x20 || after === 0x09) return interrupting && isBlankFrom(line, nonspace + width) ? 0 : width;
  return Number.isNaN(after) && !interrupting ? width : 0;
}

function openItem(line: LineCursor, width: number): Container {
  const before = line.indent;
  line.skipMarker(width);
  if (line.blank) return { kind: 'item', width: before + width + 1, emptyStart: 'yes' };
  const padding = line.indent > 4 ? 1 : line.indent;
  line.skipColumns(padding);
  return { kind: 'item', width: before + width + padding, emptyStart: 'no' };
}

/** A GFM footnote definition, `[^label]:`, with content indented by four columns. */
function openFootnote(line: LineCursor): Container | undefined {
  if (line.codeAt(line.nonspace + 1) !== 0x5e) return undefined;
  const marker = /\[\^((?:[^[\]\\\s]|\\[[\]\\]?)+)\]:/y;
  marker.lastIndex = line.nonspace;
  const match = marker.exec(line.text);
  if (!match || (match[1]?.length ?? 0) > 999) return undefined;
  line.skipMarker(match[0].length);
  line.skipColumns(Infinity);
  return { kind: 'footnote', width: 4, emptyStart: 'no' };
}

const isDigit = (code: number) => code >= 0x30 && code <= 0x39;

function isBlankFrom(line: LineCursor, index: number): boolean {
  for (let at = index; at < line.lineEnd; at++) {
    const code = line.codeAt(at);
    if (code !== 0x20 && code !== 0x09) return false;
  }
  return true;
}
