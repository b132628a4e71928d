import type { DeclaredModel } from './code-models.js';
import type { DataModelField } from './design-elements.view.js';
import { bulletField, typeAt } from './field-text.js';
import { codeLimits } from './fences.js';

/** The name of a table over its columns: `doors (`, `Table: doors`. */
const opening = /^(?:table\s*:?\s*)?([A-Za-z_]\w*)\s*[:({]?$/i;
const closing = /^[)}]\s*;?$/;
const comment = /^(?:--|\/\/|#)/;
const constraint = /^(?:primary key|foreign key|unique|check|constraint|index|exclude)\b/i;
/** What may follow a type. Anything else is a sentence, or says something that would be lost. */
const afterType =
  /^(?:$|--|\(|(?:not null|null|nullable|primary key|pk|unique|default|references|fk|check|generated|optional|required)\b)/i;

/**
 * Columns as lines of a code block in plain text: `id uuid primary key`. Null when the text is no such list;
 * 'unread' when most lines are columns and one is neither column, constraint nor comment.
 */
export function columnList(code: string): DeclaredModel | 'unread' | null {
  if (code.length > codeLimits.statement) return null;
  const written = code
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !comment.test(line) && !closing.test(line));
  const name = opening.exec(written[0] ?? '')?.[1] ?? null;
  const lines = written.slice(name === null ? 0 : 1).map(bareLine);
  const columns = lines.map(columnOf);
  if (columns.filter((column) => column !== null).length * 2 <= lines.length) return null;
  const fields = columns.flatMap((column) => column ?? []);
  const isWhole = lines.every((line, index) => columns[index]?.length === 1 || constraint.test(line));
  return isWhole ? { name, form: 'sql', fields, start: 0, end: code.length } : 'unread';
}

const bareLine = (line: string): string => line.replace(/^[-*]\s+/, '').replace(/,\s*(?=--|$)/, ' ');

/** The field of a line that starts with a name and a type: none where more follows than is known. Null: no column. */
function columnOf(line: string): DataModelField[] | null {
  const [, name = '', rest = ''] = /^([a-z_]\w*)\s+(\S.*)$/.exec(line) ?? [];
  const type = typeAt(rest);
  if (type === null) return null;
  if (!afterType.test(rest.slice(type.length).trim())) return [];
  return bulletField(`\`${name}\`: ${rest.replace('--', ' — ')}`).slice(0, 1);
}
