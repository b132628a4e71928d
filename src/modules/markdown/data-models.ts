import { jsonModel, typescriptModels } from './code-models.js';
import type { DeclaredModel } from './code-models.js';
import { columnList } from './column-lists.js';
import type { DataModel, DataModelField } from './design-elements.view.js';
import { bulletField } from './field-text.js';
import { codeLimits, isPlainText } from './fences.js';
import { codeSpans, plainText } from './inline.js';
import type { Range } from './positions.js';
import type { Section } from './section.js';
import { sqlModels } from './sql-models.js';
import { readTable } from './tables.js';
import { joined } from './tree.js';
import type { Block, Fence, List, Part, Row, Table } from './tree.js';

const columns = {
  field: ['field', 'column', 'property', 'attribute', 'name', 'key'],
  type: ['type', 'data type', 'field type'],
  nullable: ['nullable', 'null', 'null?'],
  required: ['required', 'required?', 'not null'],
  default: ['default'],
  constraints: ['constraints', 'constraint', 'rules', 'validation'],
  description: ['notes', 'description', 'purpose', 'meaning', 'comment', 'details', 'usage'],
} as const;

/** Lists below such a line are about the model, they do not hold its fields. */
const notFields =
  /\b(?:index(?:es)?|uniques?|constraints?|rules?|invariants?|validations?|notes?|relations?(?:hips)?|behaviou?rs?|examples?|semantics|lifecycle|migrations?|access|unchanged|no changes)\b/i;

/** Data models of `Data Models` and its like: bullets, tables, TypeScript, decorators, SQL and JSON. */
export function readDataModels(section: Section): DataModel[] {
  return section.about('dataModels').flatMap((part) => partModels(section, part));
}

/** What the text before a block says about it: a name, and that a list is no list of fields. */
type Lead = { name: string | null; range: Range | null; fields: boolean };

function partModels(section: Section, part: Part): DataModel[] {
  const heading = part.parents.length > 0 || part.depth > 2 ? entityName(part.title) : null;
  const named: Lead = { name: heading, range: part, fields: !notFields.test(part.title) };
  let lead = named;
  return part.blocks.flatMap((block) => {
    if (block.kind === 'paragraph') {
      lead = leadOf(joined(block.lines), block, named);
      return [];
    }
    const models = blockModels(section, block, lead);
    // A name that came from a line before a block is used up by it; the heading's stays.
    if (block.kind !== 'fence' || models.length > 0) lead = { ...named, range: named.range && { ...named.range } };
    return models;
  });
}

/** `**\`Name\`** — ...` or `\`table_name\` (add a column):` names what follows; other text keeps the heading's name. */
function leadOf(source: string, range: Range, named: Lead): Lead {
  const fields = !(notFields.test(plainText(source)) && /:\**\s*$/.test(source));
  const span = codeSpans(source)[0];
  const lead = span ? source.slice(0, span.start) : '';
  const leads =
    span !== undefined && /^(?:\*\*)?(?:new |table |entity )?$/i.test(lead) && !/^(?:\*\*)?table\b/i.test(lead);
  const presents =
    span && (/^\*\*/.test(source.slice(span.end)) || /:\s*$/.test(source) || /^\s*\(/.test(source.slice(span.end)));
  if (!leads || !presents || !/^[A-Za-z_]\w*$/.test(span.text)) return { ...named, fields: named.fields && fields };
  return { name: span.text, range, fields };
}

function blockModels(section: Section, block: Exclude<Block, { kind: 'paragraph' }>, lead: Lead): DataModel[] {
  if (block.kind === 'table') return tableModel(section, block, lead);
  if (block.kind === 'fence') return fenceModels(section, block, lead);
  return lead.fields ? listModels(section, block, lead) : [];
}

function span(lead: Lead, block: Range): Range {
  return { start: Math.min(lead.range?.start ?? block.start, block.start), end: block.end };
}

function tableModel(section: Section, table: Table, lead: Lead): DataModel[] {
  const { has, text } = readTable(table, columns);
  const typed = has('type') || has('constraints') || has('nullable');
  if (!has('field') || !(typed || has('description'))) return [];
  const fields = table.rows.flatMap((row) => tableField(row, text));
  // `Field | Notes` without types also lists how existing fields are used; it is a model where the fields are code.
  if (!typed && !table.rows.every((row) => /^`/.test(row.cells[0]?.trim() ?? ''))) return [];
  return fields.length === 0
    ? []
    : [{ name: lead.name, fields, form: 'table', position: section.place(span(lead, table)) }];
}

function tableField(row: Row, text: (row: Row, field: keyof typeof columns) => string | null): DataModelField[] {
  const name = text(row, 'field');
  const type = text(row, 'type');
  if (name === null || (type === null && row.cells.filter((cell) => cell.trim() !== '').length < 2)) return [];
  const fallback = text(row, 'default');
  const constraints = [text(row, 'constraints'), fallback === null ? null : `DEFAULT ${fallback}`];
  const stated = constraints.filter((constraint) => constraint !== null).join(', ');
  return [
    {
      name,
      type,
      nullable: nullableOf(row, text, stated),
      description: text(row, 'description'),
      constraints: stated || null,
    },
  ];
}

function nullableOf(
  row: Row,
  text: (row: Row, field: keyof typeof columns) => string | null,
  constraints: string,
): boolean | null {
  const [nullable, required] = [text(row, 'nullable'), text(row, 'required')];
  if (nullable !== null) return yesOrNo(nullable);
  if (required !== null) return negated(yesOrNo(required));
  const stated = `${text(row, 'type') ?? ''} ${constraints}`;
  if (/\bnot null\b|\bpk\b|\bprimary key\b|\brequired\b/i.test(stated)) return false;
  return /\bnull(?:able)?\b|\boptional\b|\?(?:\s|$)/i.test(stated) ? true : null;
}

function yesOrNo(cell: string): boolean | null {
  if (/^(?:yes|y|true|null|nullable|✓|✅)/i.test(cell)) return true;
  return /^(?:no|n|false|not null|❌|✗)\b/i.test(cell) ? false : null;
}

const negated = (answer: boolean | null): boolean | null => (answer === null ? null : !answer);

/** Fields as bullets; bullets that are nothing but a capitalised name are models named without their fields. */
function listModels(section: Section, list: List, lead: Lead): DataModel[] {
  const names = list.items.filter((item) => /^`[A-Z]\w+`(?:\s*\([^()]*\))?$/.test(joined(item.lines)));
  if (names.length > 0 && names.length === list.items.length) {
    return names.map((item) => {
      const name = codeSpans(joined(item.lines))[0]?.text ?? null;
      return { name, fields: [], form: 'bullets', position: section.place(item) };
    });
  }
  const fields = list.items.flatMap((item) => bulletField(joined(item.lines)));
  if (fields.length > 0)
    return [{ name: lead.name, fields, form: 'bullets', position: section.place(span(lead, list)) }];
  // `- Fields:` with the fields nested below it.
  return list.items.flatMap((item) => {
    const own = leadOf(joined(item.lines), item, { ...lead, range: lead.range });
    const nested = item.blocks.filter((block) => block.kind === 'list');
    return own.fields ? nested.flatMap((block) => listModels(section, block, own)) : [];
  });
}

function fenceModels(section: Section, fence: Fence, lead: Lead): DataModel[] {
  const place = (range: Range): Range =>
    fence.contentStart === null
      ? fence
      : { start: fence.contentStart + range.start, end: fence.contentStart + range.end };
  const model = (declared: DeclaredModel): DataModel => {
    const range = declared.name === null ? span(lead, fence) : place(declared);
    const name = declared.name ?? lead.name;
    return { name, fields: declared.fields, form: declared.form, position: section.place(range) };
  };
  const looksLikeSql =
    /^(?:sql|postgres\w*|pgsql)$/.test(fence.language) || /\bcreate table\b/i.test(fence.content.slice(0, 2000));
  const tooLong = fence.content.length > codeLimits.fence;
  if (/^jsonc?5?$/.test(fence.language)) {
    const json = jsonModel(fence.content);
    if (!json)
      section.report(
        'dataModel',
        tooLong ? 'The code block is too long.' : 'The code block is not a JSON object.',
        fence,
      );
    return json ? [model(json)] : [];
  }
  if (looksLikeSql && !tooLong) {
    const { models, unread } = sqlModels(fence.content);
    for (const range of unread) section.report('dataModel', 'The SQL statement could not be parsed.', place(range));
    return models.map(model);
  }
  if (isPlainText(fence)) {
    const list = columnList(fence.content);
    if (list === 'unread') section.report('dataModel', 'The columns in the code block could not be read.', fence);
    return list === null || list === 'unread' ? [] : [model(list)];
  }
  if (!/^(?:ts|typescript|tsx|js|javascript)$/.test(fence.language)) return [];
  const models = typescriptModels(fence.content);
  if (!models)
    section.report('dataModel', tooLong ? 'The code block is too long.' : 'The TypeScript could not be parsed.', fence);
  return (models ?? []).map(model);
}

/** `Entity: \`Name\``, `4.1 Name Entity`, `Name (Singular)`, `Name — table x`: the name alone. */
function entityName(heading: string): string | null {
  const words = heading
    .replace(/^(?:\d+[\d.]*[.)]?\s+)/, '')
    .replace(/^(?:new |modified |extended )?(?:entity|table|model|type)\s*[:—–-]\s*/i, '')
    .replace(/\s*\([^()]*\).*$/, '')
    .replace(/\s+[—–-]\s.*$/, '')
    .replace(/\s+(?:entity|table|model)$/i, '')
    .trim();
  return words === '' || notFields.test(words) ? null : words;
}
