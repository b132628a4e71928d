const tab = 0x09;
const space = 0x20;
const byteOrderMark = 0xfeff;

/**
 * Walks Markdown line by line and, inside a line, column by column. A tab reaches to the next multiple of four
 * columns and may be used up in part (CommonMark 0.31, section 2.2); LF, CR and CRLF all end a line (section 2.1).
 */
export class LineCursor {
  /** The present line: where it starts, where its text ends, and where the next line starts. */
  lineStart = 0;
  lineEnd = 0;
  nextStart: number;
  /** Where reading has come to, after the markers of containers. */
  offset = 0;
  private column = 0;
  /** The first character that is no space or tab, and how many columns it stands from `offset`. */
  nonspace = 0;
  indent = 0;
  private nextFeed = -1;
  private nextReturn = -1;

  constructor(readonly text: string) {
    this.nextStart = text.charCodeAt(0) === byteOrderMark ? 1 : 0;
  }

  get blank(): boolean {
    return this.nonspace === this.lineEnd;
  }

  /** The code of the first character that is no space or tab; NaN on a blank line. */
  get code(): number {
    return this.codeAt(this.nonspace);
  }

  /** The code at an index of the text; NaN from the end of the present line on. */
  codeAt(index: number): number {
    return index < this.lineEnd ? this.text.charCodeAt(index) : NaN;
  }

  /** Moves to the next line; false when there is none. */
  nextLine(): boolean {
    const { text, nextStart } = this;
    if (nextStart >= text.length) return false;
    if (this.nextFeed < nextStart) this.nextFeed = orEnd(text.indexOf('\n', nextStart), text);
    if (this.nextReturn < nextStart) this.nextReturn = orEnd(text.indexOf('\r', nextStart), text);
    this.lineStart = this.offset = nextStart;
    this.lineEnd = Math.min(this.nextFeed, this.nextReturn);
    const isPair = this.nextReturn + 1 === this.nextFeed && this.lineEnd === this.nextReturn;
    this.nextStart = Math.min(this.lineEnd + (isPair ? 2 : 1), text.length);
    this.column = 0;
    this.measure();
    return true;
  }

  /** Uses up to `columns` columns of white space. */
  skipColumns(columns: number): void {
    for (let left = columns; left > 0;) {
      const code = this.codeAt(this.offset);
      if (code !== space && code !== tab) break;
      const width = code === space ? 1 : 4 - (this.column % 4);
      if (width <= left) this.offset++;
      this.column += Math.min(width, left);
      left -= width;
    }
    this.measure();
  }

  /** Uses the white space before a marker and the marker itself, so many characters wide. */
  skipMarker(width: number): void {
    this.column += this.indent + width;
    this.offset = this.nonspace + width;
    this.measure();
  }

  private measure(): void {
    let index = this.offset;
    let column = this.column;
    for (; index < this.lineEnd; index++) {
      const code = this.text.charCodeAt(index);
      if (code === space) column++;
      else if (code === tab) column += 4 - (column % 4);
      else break;
    }
    this.nonspace = index;
    this.indent = column - this.column;
  }
}

const orEnd = (index: number, text: string) => (index < 0 ? text.length : index);
