/**
 * A line of CSV (RFC 4180) with its line break.
 *
 * A cell that a spreadsheet would take for a formula begins with an apostrophe, which it takes for "this is text":
 * whoever reads the file by a program takes an apostrophe before `=`, `+`, `-`, `@`, tab or carriage return off again.
 */
export const csvLine = (cells: readonly (string | number | null | undefined)[]): string =>
  `${cells.map(csvCell).join(',')}\r\n`;

function csvCell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  // One that has an apostrophe there already gets another, so that taking one off always gives what it was.
  const text = /^'*[=+\-@\t\r＝＋－＠]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
