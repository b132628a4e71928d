import { plainText, trimMarks } from './inline.js';

/** For each field, the labels it may stand behind, in lower case. */
export type Labels<Field extends string> = Readonly<Record<Field, readonly string[]>>;

/**
 * A label: `**Severity**:`, `**Severity:**`, `**Severity.**` anywhere, `Severity:` where a line starts, or in one or two
 * words where a sentence does.
 */
const label = new RegExp(
  [
    /\*\*([A-Za-z][^*\n:.]{0,50})(?:[:.]\*\*|\*\*[ \t]*:)/,
    /(?<=^|\n)_?([A-Za-z][A-Za-z /'-]{0,50}):(?=\s|$)/,
    /(?<=[.;)]\*{0,2}\s)([A-Z][a-z]{1,20}(?:\s[a-z]{1,20})?):(?=\s|$)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);

/**
 * Reads labelled values out of a block of inline Markdown: each runs to the next known label. Unknown labels are part
 * of the value before them. Gives plain text; an empty value is left out.
 */
export function readLabels<Field extends string>(
  source: string,
  labels: Labels<Field>,
): Partial<Record<Field, string>> {
  const found = knownLabels(source, labels);
  const values: Partial<Record<Field, string>> = {};
  for (const [index, { field, end }] of found.entries()) {
    const value = plainText(source.slice(end, found[index + 1]?.start ?? source.length));
    const trimmed = trimMarks(value, ' —–;|-');
    if (trimmed !== '') values[field] ??= trimmed;
  }
  return values;
}

/** Where the first known label stands, or -1. */
export const firstLabel = <Field extends string>(source: string, labels: Labels<Field>): number =>
  knownLabels(source, labels)[0]?.start ?? -1;

/** The field whose label the text starts with. */
export function leadingLabel<Field extends string>(source: string, labels: Labels<Field>): Field | undefined {
  const [first] = knownLabels(source, labels);
  return first?.start === 0 ? first.field : undefined;
}

type Form = 'bold' | 'line' | 'sentence';

/** The labels of known fields. What starts a sentence is prose beside labels in bold, and where it stands alone. */
function knownLabels<Field extends string>(source: string, labels: Labels<Field>) {
  const found = [...source.matchAll(label)].flatMap((match) => {
    const [whole, bold, line, sentence] = match;
    const field = fieldOf(bold ?? line ?? sentence ?? '', labels);
    const form: Form = bold !== undefined ? 'bold' : line !== undefined ? 'line' : 'sentence';
    return field ? [{ field, form, start: match.index, end: match.index + whole.length }] : [];
  });
  const prose = found.length < 2 || found.some(({ form }) => form === 'bold');
  return prose ? found.filter(({ form }) => form !== 'sentence') : found;
}

function fieldOf<Field extends string>(written: string, labels: Labels<Field>): Field | undefined {
  const name = written.trim().replace(/\s+/g, ' ').toLowerCase();
  return (Object.keys(labels) as Field[]).find((field) => labels[field].includes(name));
}
