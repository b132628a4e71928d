import { plainText, trimMarks } from './inline.js';
import type { Row, Table } from './tree.js';

/** For each field, the header texts it may stand under, the best first. */
export type Columns<Field extends string> = Readonly<Record<Field, readonly string[]>>;

export type TableReading<Field extends string> = {
  has: (field: Field) => boolean;
  /** The cell as Markdown, or null when there is no such column or the cell is empty. */
  source: (row: Row, field: Field) => string | null;
  /** The cell as plain text, or null. */
  text: (row: Row, field: Field) => string | null;
};

/** Header texts that mean the same look the same: case, emphasis, punctuation at the ends and `(notes)` are dropped. */
export const normalizeHeader = (cell: string): string =>
  trimMarks(
    plainText(cell)
      .toLowerCase()
      .replace(/\([^()]*\)/g, ' ')
      .replace(/[_\s]+/g, ' '),
    ' ?:.*!',
  );

/** Finds the columns of a table by their headers. A column serves one field only, the first that names it. */
export function readTable<Field extends string>(table: Table, columns: Columns<Field>): TableReading<Field> {
  const headers = table.header.cells.map(normalizeHeader);
  const taken = new Map<Field, number>();
  for (const field of Object.keys(columns) as Field[]) {
    for (const name of columns[field]) {
      const index = headers.findIndex((header, at) => header === name && ![...taken.values()].includes(at));
      if (index >= 0) {
        taken.set(field, index);
        break;
      }
    }
  }
  const source = (row: Row, field: Field): string | null => {
    const cell = row.cells[taken.get(field) ?? -1]?.trim();
    return cell === undefined || cell === '' ? null : cell;
  };
  return {
    has: (field) => taken.has(field),
    source,
    text: (row, field) => emptyAsNull(plainText(source(row, field) ?? '')),
  };
}

/** Null for text that is empty or only stands for "nothing here": a dash. */
export const emptyAsNull = (text: string): string | null => (/^[-–—]?$/.test(text.trim()) ? null : text.trim());
