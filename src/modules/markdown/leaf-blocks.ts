import type { LineCursor } from './line-cursor.js';

const isSpace = (code: number) => code === 0x20 || code === 0x09;

/** The level of the ATX heading on the line, or 0 (CommonMark 0.31, section 4.2). */
export function atxLevel(line: LineCursor): number {
  let index = line.nonspace;
  while (line.codeAt(index) === 0x23) index++;
  const level = index - line.nonspace;
  return level > 0 && level <= 6 && (index === line.lineEnd || isSpace(line.codeAt(index))) ? level : 0;
}

/** The level a setext underline gives the paragraph above it, or 0 when the line is none (section 4.3). */
export function setextLevel(line: LineCursor): number {
  const code = line.code;
  if (code !== 0x2d && code !== 0x3d) return 0;
  let index = line.nonspace;
  while (line.codeAt(index) === code) index++;
  while (isSpace(line.codeAt(index))) index++;
  if (index !== line.lineEnd) return 0;
  return code === 0x3d ? 1 : 2;
}

/** Three or more of one of `*`, `-`, `_` and nothing else but white space (section 4.1). */
export function isThematicBreak(line: LineCursor): boolean {
  const marker = line.code;
  if (marker !== 0x2a && marker !== 0x2d && marker !== 0x5f) return false;
  let count = 0;
  for (let index = line.nonspace; index < line.lineEnd; index++) {
    const code = line.codeAt(index);
    if (code === marker) count++;
    else if (!isSpace(code)) return false;
  }
  return count >= 3;
}

export type Fence = { marker: number; length: number };

/** The code fence that the line opens, or undefined (section 4.5): no backtick may follow backticks. */
export function openingFence(line: LineCursor): Fence | undefined {
  const marker = line.code;
  if (marker !== 0x60 && marker !== 0x7e) return undefined;
  const length = runLength(line);
  if (length < 3) return undefined;
  if (marker === 0x60) {
    for (let index = line.nonspace + length; index < line.lineEnd; index++) {
      if (line.codeAt(index) === marker) return undefined;
    }
  }
  return { marker, length };
}

/** Whether the line closes the fence: as long at least, nothing after it, indented by three columns at most. */
export function closesFence(line: LineCursor, fence: Fence): boolean {
  if (line.indent > 3 || line.code !== fence.marker) return false;
  const length = runLength(line);
  if (length < fence.length) return false;
  let index = line.nonspace + length;
  while (isSpace(line.codeAt(index))) index++;
  return index === line.lineEnd;
}

function runLength(line: LineCursor): number {
  const marker = line.code;
  let index = line.nonspace;
  while (line.codeAt(index) === marker) index++;
  return index - line.nonspace;
}
