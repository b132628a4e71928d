import type { ElementPosition } from './position.view.js';

/** UTF-16 offsets [start, end) in a text. */
export type Range = { start: number; end: number };

/** Code units between two known byte offsets: looking one up scans less than this many. */
const stride = 256;

/**
 * Turns UTF-16 offsets of a text into lines and UTF-8 byte offsets. Lines end as in CommonMark (section 2.1): LF, CR
 * or CRLF. A lone surrogate counts three bytes, as encoders replace it by U+FFFD.
 */
export class SourcePositions {
  private readonly lineStarts: number[] = [0];
  private readonly bytesAt: number[] = [];

  constructor(private readonly text: string) {
    let bytes = 0;
    for (let offset = 0; offset < text.length; offset += 1) {
      if (offset % stride === 0) this.bytesAt.push(bytes);
      const code = text.charCodeAt(offset);
      bytes += this.byteLength(offset);
      if (code === 10 || (code === 13 && text.charCodeAt(offset + 1) !== 10)) this.lineStarts.push(offset + 1);
    }
    this.bytesAt.push(bytes);
  }

  /** 1-based line that holds the offset. */
  line(offset: number): number {
    let low = 0;
    let high = this.lineStarts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  /** UTF-8 bytes before the offset. */
  byte(offset: number): number {
    const end = Math.min(offset, this.text.length);
    const known = Math.floor(end / stride);
    let bytes = this.bytesAt[known] ?? 0;
    for (let at = known * stride; at < end; at += 1) bytes += this.byteLength(at);
    return bytes;
  }

  /** The range as lines and bytes. */
  place(section: string, range: Range): ElementPosition {
    return {
      section,
      line: this.line(range.start),
      endLine: this.line(Math.max(range.start, range.end - 1)),
      start: this.byte(range.start),
      end: this.byte(range.end),
    };
  }

  private byteLength(offset: number): number {
    const code = this.text.charCodeAt(offset);
    if (code < 0x80) return 1;
    if (code < 0x800) return 2;
    if (code >= 0xd800 && code < 0xdc00 && isLowSurrogate(this.text.charCodeAt(offset + 1))) return 4;
    if (isLowSurrogate(code) && offset > 0 && isHighSurrogate(this.text.charCodeAt(offset - 1))) return 0;
    return 3;
  }
}

const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code < 0xdc00;
const isLowSurrogate = (code: number): boolean => code >= 0xdc00 && code < 0xe000;

/**
 * Moves every `position` inside a value from its section to the document: lines and bytes are added to, nothing else
 * changes. Gives a copy.
 */
export function movePositions<Value>(value: Value, lines: number, bytes: number): Value {
  const move = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(move);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(
      Object.entries(part).map(([name, member]) => [
        name,
        name === 'position' ? moved(member as ElementPosition, lines, bytes) : move(member),
      ]),
    );
  };
  return move(value) as Value;
}

function moved(position: ElementPosition, lines: number, bytes: number): ElementPosition {
  return {
    section: position.section,
    line: position.line + lines,
    endLine: position.endLine + lines,
    start: position.start + bytes,
    end: position.end + bytes,
  };
}
