import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CopyRows } from './copy-rows.js';

const signature = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');

/** Rows as PostgreSQL sends them. */
function encode(rows: readonly (readonly (Buffer | null)[])[], extension: Buffer): Buffer {
  const number = (value: number, bytes: 2 | 4) => {
    const buffer = Buffer.alloc(bytes);
    buffer.writeIntBE(value, 0, bytes);
    return buffer;
  };
  const fields = (row: readonly (Buffer | null)[]) =>
    row.flatMap((field) => (field ? [number(field.length, 4), field] : [number(-1, 4)]));
  return Buffer.concat([
    ...[signature, number(0, 4), number(extension.length, 4), extension],
    ...rows.flatMap((row) => [number(row.length, 2), ...fields(row)]),
    number(-1, 2),
  ]);
}

test('binary COPY data comes apart into its rows, however it is cut into pieces', () => {
  const field = fc.option(fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)));
  const rows = fc.array(fc.array(field, { maxLength: 6 }), { maxLength: 20 });
  const extension = fc.uint8Array({ maxLength: 5 }).map((bytes) => Buffer.from(bytes));
  fc.assert(
    fc.property(rows, extension, fc.array(fc.nat(200)), (sent, extra, cuts) => {
      const data = encode(sent, extra);
      const got: (Buffer | null)[][] = [];
      const reader = new CopyRows((fields) => got.push(fields.map((one) => one && Buffer.from(one))));
      let at = 0;
      for (const cut of cuts) reader.push(data.subarray(at, (at += cut)));
      reader.push(data.subarray(at));
      expect(got).toEqual(sent);
    }),
  );
});
