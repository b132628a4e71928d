import type { ManifestFile } from './delivery-elements.view.js';
import { codeSpans, plainText } from './inline.js';
import type { Section } from './section.js';
import { itemsOf, tablesOf } from './section.js';
import { emptyAsNull, readTable } from './tables.js';
import { joined } from './tree.js';
import type { Item, Part, Table } from './tree.js';

const columns = {
  file: ['file', 'files', 'path', 'file path', 'file / path', 'location'],
  action: ['action', 'change type', 'type', 'status', 'operation'],
  purpose: ['purpose', 'change', 'changes', 'what changes', 'description', 'reason', 'notes', 'role'],
} as const;

/** Files of `File Manifest` and its like, and of any table with a file and an action column. */
export function readFileManifest(section: Section): ManifestFile[] {
  const manifests = section.about('fileManifest');
  return section.parts.flatMap((part) => {
    const own = manifests.includes(part);
    const tables = tablesOf(part.blocks).flatMap((table) => tableFiles(section, part, table, own));
    return own ? [...tables, ...itemsOf(part.blocks).flatMap((item) => itemFiles(section, part, item))] : tables;
  });
}

function tableFiles(section: Section, part: Part, table: Table, own: boolean): ManifestFile[] {
  const { has, source, text } = readTable(table, columns);
  if (!has('file')) {
    if (own) section.report('file', 'The table has no column for the file.', table);
    return [];
  }
  if (!own && !(has('action') && has('purpose'))) return [];
  return table.rows.flatMap((row) => {
    const cell = source(row, 'file') ?? '';
    const action = text(row, 'action') ?? actionOf(part.title);
    return filesIn(cell).map((file) => ({ file, action, purpose: text(row, 'purpose'), position: section.place(row) }));
  });
}

/** A cell may name several files, each as code, with nothing but commas and the like between them. */
function filesIn(cell: string): string[] {
  const spans = codeSpans(cell);
  let between = cell;
  for (const span of spans.toReversed()) between = between.slice(0, span.start) + between.slice(span.end);
  if (spans.length > 1 && /^(?:[\s,;+&/]|and|<br ?\/?>)*$/.test(between)) return spans.map((span) => span.text);
  return [plainText(cell)].filter(Boolean);
}

function itemFiles(section: Section, part: Part, item: Item): ManifestFile[] {
  const source = joined(item.lines);
  const span = codeSpans(source)[0];
  if (!span || !/[./]/.test(span.text) || /\s/.test(span.text) || source.slice(0, span.start).length > 20) {
    return item.blocks.flatMap((block) =>
      block.kind === 'list' ? block.items.flatMap((nested) => itemFiles(section, part, nested)) : [],
    );
  }
  const purpose = emptyAsNull(plainText(source.slice(span.end).replace(/^\**\s*[:—–-]*\s*/, '')));
  const action = actionOf(source.slice(0, span.start)) ?? actionOf(part.title);
  return [{ file: span.text, action, purpose, position: section.place(item) }];
}

/** The action a heading or lead names, as in `Files to Create`. */
function actionOf(words: string): string | null {
  if (/\b(?:not|untouched|unchanged)\b/i.test(words)) return null;
  const actions = [/\b(?:creat|new|add)/i, /\b(?:modif|chang|updat|edit|touch)/i, /\b(?:delet|remov)/i];
  const named = actions.map((pattern) => pattern.test(words));
  const names = ['Create', 'Modify', 'Delete'];
  return named.filter(Boolean).length === 1 ? (names[named.indexOf(true)] ?? null) : null;
}
