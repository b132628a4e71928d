import type { ManifestFile } from './delivery-elements.view.js';
import { listedFiles } from './file-lists.js';
import { codeSpans, plainText } from './inline.js';
import type { Section } from './section.js';
import { itemsOf } from './section.js';
import { emptyAsNull, readTable } from './tables.js';
import { headingWords } from './topics.js';
import { joined } from './tree.js';
import type { Block, Item, Part, Table } from './tree.js';

const columns = {
  file: ['file', 'files', 'path', 'file path', 'file / path', 'location'],
  action: ['action', 'change type', 'type', 'status', 'operation'],
  purpose: ['purpose', 'change', 'changes', 'what changes', 'description', 'reason', 'notes', 'role'],
} as const;

/** Files of `File Manifest` and its like, of tables and lists below such a label, and of any with file, action and purpose. */
export function readFileManifest(section: Section): ManifestFile[] {
  const manifests = section.about('fileManifest');
  const plans = section.about('plan');
  return section.parts.flatMap((part) => {
    const own = manifests.includes(part);
    const tables = part.blocks.flatMap((block, index) => {
      const label = block.kind === 'table' ? labelIn(part.blocks[index - 1]) : null;
      return block.kind === 'table' ? tableFiles(section, part, { table: block, own, label }) : [];
    });
    const read = own || plans.includes(part) ? labelledFiles(section, part, own) : [];
    const taken = new Set(read.map(({ position }) => position.start));
    const items = own ? itemsOf(part.blocks).flatMap((item) => itemFiles(section, part, item)) : [];
    // A folder whose files were read below it is none of them.
    const isFolder = ({ file }: ManifestFile) => file.endsWith('/') && read.some((one) => one.file.startsWith(file));
    const others = items.filter((item) => !taken.has(item.position.start) && !isFolder(item));
    const listed = [...read, ...others];
    return [...tables, ...listed.sort((one, other) => one.position.start - other.position.start)];
  });
}

const fileLabel =
  /^(?:expected )?file manifest$|^(?:new|added|modified|changed|updated|affected|touched|deleted|removed) files$|^files (?:to (?:be )?)?(?:creat|add|modif|chang|updat|edit|touch|delet|remov)[a-z]*\b/;

/** The words of a line such as `**Files to create:**` or `Files changed:` that ends the text before a table. */
function labelIn(before: Block | undefined): string | null {
  const line = before?.kind === 'paragraph' ? before.lines.at(-1)?.text.trim() : undefined;
  // A label is set in bold, or ends in a colon; anything else is a sentence about files.
  if (line === undefined || line.length > 100) return null;
  const words = headingWords(plainText(line));
  if (!/^\*\*[^*]+\*\*[^.]*$|:[*_]*$/.test(line) && !/^[a-z]+ files$/i.test(line)) return null;
  return fileLabel.test(words) ? words : null;
}

/** What a label says of every file below it. Files that are changed or touched may as well be new. */
const actionOfLabel = (label: string): string | null => (/\b(?:chang|touch)/.test(label) ? null : actionOf(label));

/** Files of the lists below a label, which may be a bullet itself. */
function labelledFiles(section: Section, part: Part, own: boolean): ManifestFile[] {
  const lists = part.blocks.flatMap((block, index) => {
    if (block.kind !== 'list') return [];
    const label = labelIn(part.blocks[index - 1]);
    if (label !== null) return [{ label, items: block.items }];
    return block.items.flatMap((item) => {
      const named = labelIn({ kind: 'paragraph', start: item.start, end: item.end, lines: item.lines });
      return named === null ? [] : [{ label: named, items: itemsOf(item.blocks) }];
    });
  });
  return lists.flatMap(({ label, items }) => {
    const { files, unread } = listedFiles(items);
    const action = actionOfLabel(label);
    for (const item of unread) {
      // A manifest's own items may have a word such as `New` before the path.
      if (own && itemFiles(section, part, item).length > 0) continue;
      section.report('file', 'The bullet names a file and does not begin with its path.', item);
    }
    return files.map(({ item, ...file }) => ({ ...file, action, position: section.place(item) }));
  });
}

type Listed = { table: Table; own: boolean; label: string | null };

function tableFiles(section: Section, part: Part, { table, own, label }: Listed): ManifestFile[] {
  const { has, source, text } = readTable(table, columns);
  if (!has('file')) {
    if (own || label !== null) section.report('file', 'The table has no column for the file.', table);
    return [];
  }
  const told = label === null ? has('action') && has('purpose') : has('action') || has('purpose');
  if (!own && !told) return [];
  const above = own || label === null ? actionOf(part.title) : null;
  const stated = (label === null ? null : actionOfLabel(label)) ?? above;
  return table.rows.flatMap((row) => {
    const cell = source(row, 'file') ?? '';
    const action = text(row, 'action') ?? stated;
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
