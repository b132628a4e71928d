import { plainText, trimMarks } from './inline.js';

/** For each field, the labels it may stand behind, in lower case. */
export type Labels<Field extends string> = Readonly<Record<Field, readonly string[]>>;

/** A label: `**Severity**:`, `**Severity:**`, `**Severity.**` anywhere, or `Severity:` where a line starts. */
const label = /\*\*([A-Za-z][^*\n:.]{0,50})(?:[:.]\*\*|\*\*[ \t]*:)|(?<=^|\n)_?([A-Za-z][A-Za-z /'-]{0,50}):(?=\s|$)/g;

/**
 * Reads labelled values out of a block of inline Markdown: each runs to the next known label. Unknown labels are part
 * of the value before them. Gives plain text; an empty value is left out.
 */
export function readLabels<Field extends string>(
  source: string,
  labels: Labels<Field>,
): Partial<Record<Field, string>> {
  const found = [...source.matchAll(label)].flatMap((match) => {
    const field = fieldOf((match[1] ?? match[2] ?? '').trim().toLowerCase(), labels);
    return field ? [{ field, start: match.index, end: match.index + match[0].length }] : [];
  });
  const values: Partial<Record<Field, string>> = {};
  for (const [index, { field, end }] of found.entries()) {
    const value = plainText(source.slice(end, found[index + 1]?.start ?? source.length));
    const trimmed = trimMarks(value, ' —–;|-');
    if (trimmed !== '') values[field] ??= trimmed;
  }
  return values;
}

/** Where the first known label stands, or -1. */
export function firstLabel<Field extends string>(source: string, labels: Labels<Field>): number {
  const known = [...source.matchAll(label)].find((match) =>
    fieldOf((match[1] ?? match[2] ?? '').trim().toLowerCase(), labels),
  );
  return known ? known.index : -1;
}

function fieldOf<Field extends string>(name: string, labels: Labels<Field>): Field | undefined {
  return (Object.keys(labels) as Field[]).find((field) => labels[field].includes(name));
}
