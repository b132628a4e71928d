import type { ChangelogEntry } from './delivery-elements.view.js';
import { plainText, trimMarks } from './inline.js';
import type { Section } from './section.js';
import { itemsOf, tablesOf, withSubparts } from './section.js';
import { emptyAsNull, readTable } from './tables.js';
import { joined } from './tree.js';
import type { Block, Item, Part } from './tree.js';

const columns = {
  date: ['date', 'when'],
  title: ['version', 'revision', 'rev'],
  change: ['change', 'changes', 'summary', 'description', 'what changed', 'notes'],
} as const;

/**
 * The changelog: headings (`### [2026-01-02]`, `### 2026-01-02 — note`), tables, and list items or lines that start
 * with a date. An entry without a date keeps its heading as title.
 */
export function readChangelog(section: Section): ChangelogEntry[] {
  const parts = section.about('changelog');
  return parts.flatMap((part) => {
    const above = part.parents.filter((parent) => parts.includes(parent));
    if (above.length === 0) return looseEntries(section, part);
    if (above.length > 1) return [];
    const all = withSubparts(parts, part);
    const items = all.flatMap((sub) => (sub === part ? [] : [sub.title]).concat(sub.blocks.flatMap(blockItems)));
    const range = { start: part.start, end: all.at(-1)?.end ?? part.end };
    return [{ ...dateAndTitle(part.title), items, position: section.place(range) }];
  });
}

/** Entries directly under `Changelog`: table rows, dated list items, dated lines. */
function looseEntries(section: Section, part: Part): ChangelogEntry[] {
  const rows = tablesOf(part.blocks).flatMap((table) => {
    const { has, text } = readTable(table, columns);
    if (!has('date') || !has('change')) {
      section.report('changelogEntry', 'The table has no columns for the date and the change.', table);
      return [];
    }
    return table.rows.map((row) => {
      const { date, title } = dateAndTitle(text(row, 'date') ?? '');
      const items = [text(row, 'change')].filter((item) => item !== null);
      return { date, title: text(row, 'title') ?? title, items, position: section.place(row) };
    });
  });
  const listed = itemsOf(part.blocks).flatMap((item) => {
    const entry = datedText(joined(item.lines));
    if (entry) {
      const items = [...entry.items, ...item.blocks.flatMap(blockItems)];
      return [{ ...entry, items, position: section.place(item) }];
    }
    section.report('changelogEntry', 'The item does not start with a date.', item);
    return [];
  });
  const lines = part.blocks.flatMap((block) => (block.kind === 'paragraph' ? block.lines : []));
  const dated = lines.flatMap((line) => {
    const entry = datedText(line.text);
    return entry ? [{ ...entry, position: section.place(line) }] : [];
  });
  return [...rows, ...listed, ...dated];
}

function datedText(source: string): { date: string | null; title: string | null; items: string[] } | null {
  const text = plainText(source);
  if (!/^\[?\d{4}-\d\d-\d\d\b/.test(text)) return null;
  const bold = /^\*\*([^*]+)\*\*/.exec(source);
  const lead = plainText(bold?.[1] ?? '');
  const { date, title } = dateAndTitle(lead === '' ? text.slice(0, 12) : lead);
  const rest = withoutDate(lead === '' ? text : plainText(source.slice(bold?.[0].length ?? 0)));
  return { date, title: lead === '' ? null : title, items: rest === '' ? [] : [rest] };
}

const withoutDate = (text: string): string =>
  text
    .replace(/^\[?\d{4}-\d\d-\d\d\]?/, '')
    .replace(/^[\s:—–,.-]+/, '')
    .trim();

function dateAndTitle(text: string): { date: string | null; title: string | null } {
  const found = /\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])/.exec(text);
  const rest = found ? `${text.slice(0, found.index)} ${text.slice(found.index + found[0].length)}` : text;
  const title = trimMarks(rest.replace(/\[ ?\]|\( ?\)/g, ' '), ' :—–,-');
  const whole = /^\(([^()]*)\)$/.exec(title)?.[1];
  return { date: found?.[0] ?? null, title: emptyAsNull(whole ?? title) };
}

function blockItems(block: Block): string[] {
  if (block.kind === 'paragraph') return [plainText(joined(block.lines))].filter(Boolean);
  return block.kind === 'list' ? block.items.flatMap((item) => itemText(item)) : [];
}

function itemText(item: Item): string[] {
  return [plainText(joined(item.lines)), ...item.blocks.flatMap(blockItems)].filter(Boolean);
}
