import type { List, Nodes, Paragraph, Table } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { frontMatterEnd, readFrontMatter } from './front-matter.js';
import type { UnreadText } from './front-matter.js';
import { inlineText } from './heading-text.js';

/** One stated fact about a document, as its author wrote it before the first section. */
export type MetadataEntry = { field: string; value: string; source: 'front_matter' | 'table' | 'line' | 'list' };

/** How much is read: facts stand at the top, and reading more could take long on hostile text. */
const longestText = 4_000;

/** Only blocks are read here; what stands inside a line is read fact by fact. */
const inlineConstructs = [
  'attention',
  'autolink',
  'codeText',
  'labelStartLink',
  'labelStartImage',
  'labelEnd',
  'hardBreakEscape',
  'characterEscape',
  'characterReference',
  'htmlText',
];

const options = {
  extensions: [gfm(), { disable: { null: inlineConstructs } }],
  mdastExtensions: [gfmFromMarkdown()],
};

/**
 * The facts that a preamble states, in order: keys of YAML front matter, tables of two columns, `**Field**: value` and
 * `Field: value` lines, and bullets of that form. Markup in values is flattened. Front matter that is no mapping in
 * YAML gives nothing; nothing is refused.
 */
export function readMetadata(preamble: string): MetadataEntry[] {
  return readFacts(preamble).entries;
}

/** {@link readMetadata}, with the front matter that could not be read. */
export function readFacts(preamble: string): { entries: MetadataEntry[]; unread: UnreadText[] } {
  const end = frontMatterEnd(preamble);
  const { fields, unread } = readFrontMatter(preamble.slice(0, end));
  const stated = fields.map((field): MetadataEntry => ({ ...field, source: 'front_matter' }));
  return { entries: [...stated, ...readText(preamble.slice(end, end + longestText))], unread };
}

function readText(source: string): MetadataEntry[] {
  const text = source.replace(/^\uFEFF/, '');
  // Most preambles are a title only.
  if (!/^(?!#)[^\r\n]*[:|]/m.test(text)) return [];
  return fromMarkdown(text, options).children.flatMap((node) => readBlock(node, text));
}

function readBlock(node: Nodes, text: string): MetadataEntry[] {
  switch (node.type) {
    case 'paragraph':
      return readParagraph(node, text);
    case 'blockquote':
      return node.children.flatMap((child) => (child.type === 'paragraph' ? readParagraph(child, text) : []));
    case 'table':
      return readTable(node, text);
    case 'list':
      return readList(node, text);
    default:
      return [];
  }
}

/** A line states a fact if its field is set in bold; plain lines do if every line of their paragraph has a field. */
function readParagraph(paragraph: Paragraph, text: string): MetadataEntry[] {
  const lines = sourceOf(paragraph, text)
    .split(/\r\n?|\n/)
    .map((line) => line.replace(/^[ \t>]*/, ''))
    .flatMap((line) => partsOf(line));
  const facts = lines.map((line) => readFact(line));
  const isBlock = facts.every((fact) => fact !== undefined);
  return facts.flatMap((fact) => (fact && (fact.bold || isBlock) ? [entry(fact, 'line')] : []));
}

function readList(list: List, text: string): MetadataEntry[] {
  const facts = list.children.map((item) => {
    const first = item.children[0];
    return first?.type === 'paragraph' ? readFact(sourceOf(first, text)) : undefined;
  });
  const isBlock = facts.every((fact) => fact !== undefined);
  return facts.flatMap((fact) => (fact && (fact.bold || isBlock) ? [entry(fact, 'list')] : []));
}

function readTable(table: Table, text: string): MetadataEntry[] {
  const rows = table.children.map((row) => row.children.map((cell) => inlineText(cellSource(cell, text))));
  const [head, ...body] = rows;
  if (head?.length !== 2) return [];
  const isNamed = /^(?:field|property|attribute|key|item|metadata|name)?$/i.test(head[0] ?? '');
  const facts = isNamed ? body : rows;
  return facts.flatMap(([field = '', value = '']) =>
    field ? [{ field: field.replace(/:$/, ''), value, source: 'table' as const }] : [],
  );
}

type Fact = { field: string; value: string; bold: boolean };

/** `**Field**: value`, `**Field:** value` or `Field: value`; a field is a few words that start with a letter. */
function readFact(line: string): Fact | undefined {
  const bold = /^(\*\*|__)([^*_:|]{1,60}?)(?::\1|\1[ \t]*:)(?:[ \t]+|$)/.exec(line);
  const match = bold ?? /^()(\p{L}[\p{L}\p{N} /()#.-]{0,40}):(?:[ \t]+|$)/u.exec(line);
  const field = match?.[2]?.trim();
  if (!match || !field || field.split(/\s+/).length > 5) return undefined;
  return { field, value: line.slice(match[0].length), bold: bold !== null };
}

/** `Status: x · Date: y` on one line states two facts. */
function partsOf(line: string): string[] {
  const parts = line.split(/ [·•|] /);
  return parts.length > 1 && parts.every((part) => readFact(part.trim())) ? parts.map((part) => part.trim()) : [line];
}

const entry = ({ field, value }: Fact, source: 'line' | 'list'): MetadataEntry => ({
  field,
  value: inlineText(value),
  source,
});

function sourceOf(node: Nodes, text: string): string {
  return text.slice(node.position?.start.offset, node.position?.end.offset);
}

/** A cell's source without its bars; a bar escaped inside it is a bar. */
function cellSource(cell: Nodes, text: string): string {
  return sourceOf(cell, text)
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '')
    .replaceAll('\\|', '|')
    .trim();
}
