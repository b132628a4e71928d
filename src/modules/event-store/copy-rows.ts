/** The beginning of binary COPY data (PostgreSQL documentation, COPY, Binary Format): signature, flags, extension. */
const headerLength = 19;

/**
 * Takes binary COPY data apart as it comes in, in pieces of any length.
 *
 * @param onRow gets the fields of a row, null for SQL's null; they point into the data and are to be read at once
 */
export class CopyRows {
  private rest: Buffer = Buffer.alloc(0);
  private inHeader = true;

  constructor(private readonly onRow: (fields: readonly (Buffer | null)[]) => void) {}

  push(piece: Buffer): void {
    const data = this.rest.length > 0 ? Buffer.concat([this.rest, piece]) : piece;
    let at = 0;
    if (this.inHeader) {
      at = data.length < headerLength ? Infinity : headerLength + data.readInt32BE(headerLength - 4);
      if (data.length < at) return void (this.rest = data);
      this.inHeader = false;
    }
    for (let end = this.row(data, at); end > 0; end = this.row(data, at)) at = end;
    this.rest = data.subarray(at);
  }

  /** Where the row that begins there ends; 0 when it is not whole yet, or the data ends there. */
  private row(data: Buffer, start: number): number {
    if (data.length < start + 2) return 0;
    const count = data.readInt16BE(start);
    if (count < 0) return 0;
    const fields: (Buffer | null)[] = [];
    let at = start + 2;
    for (let field = 0; field < count; field++) {
      if (data.length < at + 4) return 0;
      const length = data.readInt32BE(at);
      at += 4;
      if (length < 0) fields.push(null);
      else {
        if (data.length < at + length) return 0;
        fields.push(data.subarray(at, at + length));
        at += length;
      }
    }
    this.onRow(fields);
    return at;
  }
}
