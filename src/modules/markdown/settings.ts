import type { Setting } from './design-elements.view.js';
import { fenceLines } from './fences.js';
import { codeSpans, plainText } from './inline.js';
import type { Section } from './section.js';
import { emptyAsNull, readTable } from './tables.js';
import type { Block, Fence, Item, Table } from './tree.js';
import { joined } from './tree.js';

const columns = {
  name: [
    ...['variable', 'env var', 'environment variable', 'setting', 'key', 'name', 'config key', 'config', 'option'],
    ...['env', 'env variable', 'property', 'parameter'],
  ],
  default: ['default', 'default value', 'value'],
  description: ['description', 'purpose', 'meaning', 'effect', 'notes', 'why', 'usage'],
} as const;

const environmentVariable = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9<>{}*]+)+$/;
const settingName = /^[A-Za-z][\w.-]*$/;

/** Settings of `Configuration`: tables with a name column, list items that start with code, `NAME=value` lines. */
export function readSettings(section: Section): Setting[] {
  return section.about('settings').flatMap((part) => part.blocks.flatMap((block) => blockSettings(section, block)));
}

function blockSettings(section: Section, block: Block): Setting[] {
  if (block.kind === 'table') return tableSettings(section, block);
  if (block.kind === 'fence') return fenceSettings(section, block);
  return block.kind === 'list' ? block.items.flatMap((item) => itemSettings(section, item)) : [];
}

function tableSettings(section: Section, table: Table): Setting[] {
  const { has, text } = readTable(table, columns);
  if (!has('name')) {
    section.report('setting', 'The table has no column for the name of a setting.', table);
    return [];
  }
  return table.rows.flatMap((row) => {
    const cell = text(row, 'name');
    if (cell === null) return [];
    const [name = cell, value] = environmentVariable.test(cell.split('=')[0] ?? '') ? splitOnce(cell) : [cell];
    const description = text(row, 'description');
    return [{ name, default: text(row, 'default') ?? value ?? null, description, position: section.place(row) }];
  });
}

/** `- \`NAME=value\` — what it does`, `- \`NAME\` (default: value): what it does`. */
function itemSettings(section: Section, item: Item): Setting[] {
  const source = joined(item.lines);
  const nested = item.blocks.flatMap((block) => blockSettings(section, block));
  const span = codeSpans(source)[0];
  const lead = span ? source.slice(0, span.start).replace(/\*\*/g, '') : '';
  const [name = '', value] = splitOnce(span?.text ?? '');
  if (!span || lead.trim() !== '' || !(environmentVariable.test(name) || settingName.test(name))) return nested;
  const rest = source.slice(span.end).replace(/^\**\s*[:—–-]?\s*/, '');
  const stated = /\bdefaults?(?: to| is)?[ :=]+(`[^`]+`|[^\s,;)]+)/i.exec(rest)?.[1];
  const fallback = value ?? (stated === undefined ? null : plainText(stated));
  return [
    { name, default: fallback, description: emptyAsNull(plainText(rest)), position: section.place(item) },
    ...nested,
  ];
}

/** `NAME=value # what it does`, also commented out, and a bare `NAME`. */
function fenceSettings(section: Section, fence: Fence): Setting[] {
  const setting = /^(?:#[ \t]*|export[ \t]+)?([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:=([^#]*))?[ \t]*(?:#(.*))?$/;
  return fenceLines(fence).flatMap((line) => {
    const match = setting.exec(line.text);
    if (!match) return [];
    const [value, note] = [emptyAsNull(match[2] ?? ''), emptyAsNull(match[3] ?? '')];
    return [{ name: match[1] ?? '', default: value, description: note, position: section.place(line) }];
  });
}

function splitOnce(text: string): [string, string?] {
  const at = text.indexOf('=');
  return at < 0 ? [text] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}
