import type { I18nKey } from './design-elements.view.js';
import { fenceLines } from './fences.js';
import { codeSpans, plainText, trimMarks } from './inline.js';
import type { Section } from './section.js';
import { emptyAsNull, readTable } from './tables.js';
import type { Block, Fence, Line, Table } from './tree.js';

const columns = {
  key: ['key', 'i18n key', 'translation key', 'keys'],
  text: ['default', 'english text', 'default value', 'en default', 'english value', 'english', 'en', 'value', 'text'],
} as const;

/** A dotted key; a family of keys may end in `*` or hold a `<placeholder>`. */
const keyPattern = /^[A-Za-z][\w-]*(?:\.(?:[\w<>{}-]+|\*))+$/;
const notAKey = /\.(?:json|tsx?|jsx?|md|ya?ml)$/;

/** Translation keys of `Internationalization (i18n)`: inline code in lists, tables with a key column, JSON and text. */
export function readI18nKeys(section: Section): I18nKey[] {
  const found = section.about('i18n').flatMap((part) => part.blocks.flatMap((block) => blockKeys(section, block)));
  const seen = new Set<string>();
  return found.filter(({ key }) => !seen.has(key) && seen.add(key));
}

function blockKeys(section: Section, block: Block): I18nKey[] {
  if (block.kind === 'table') return tableKeys(section, block);
  if (block.kind === 'fence') return fenceKeys(section, block);
  if (block.kind === 'paragraph') return [];
  return block.items.flatMap((item) => [
    ...item.lines.flatMap((line) => lineKeys(section, line)),
    ...item.blocks.flatMap((nested) => blockKeys(section, nested)),
  ]);
}

function lineKeys(section: Section, line: Line): I18nKey[] {
  let last: string | null = null;
  return codeSpans(line.text).flatMap((span) => {
    // `a.b.title` / `.send` names a second key beside the first.
    const key = span.text.startsWith('.') && last ? `${last.slice(0, last.lastIndexOf('.'))}${span.text}` : span.text;
    if (!keyPattern.test(key) || notAKey.test(key)) return [];
    last = key;
    const text = /^\s*(?:[:=→]|[—–-]\s)\s*["“]([^"”]+)["”]/.exec(line.text.slice(span.end))?.[1];
    const range = { start: line.start + span.start, end: line.start + span.end };
    return [{ key, defaultText: text ?? null, position: section.place(range) }];
  });
}

function tableKeys(section: Section, table: Table): I18nKey[] {
  const { has, text } = readTable(table, columns);
  if (!has('key')) {
    section.report('i18nKey', 'The table has no column for the key.', table);
    return [];
  }
  return table.rows.flatMap((row) => {
    const key = text(row, 'key');
    if (key === null) return [];
    return [{ key, defaultText: text(row, 'text'), position: section.place(row) }];
  });
}

function fenceKeys(section: Section, fence: Fence): I18nKey[] {
  const content = fence.content.replace(/^[ \t]*\/\/.*$/gm, '');
  if (content.trimStart().startsWith('{')) {
    const keys = jsonKeys(content);
    if (!keys) section.report('i18nKey', 'The code block is not valid JSON.', fence);
    return (keys ?? []).map(({ key, text }) => ({ key, defaultText: text, position: section.place(fence) }));
  }
  return fenceLines(fence).flatMap((line) => {
    const match = /^([^\s:=]+)[ \t]*(?:([:=]|\/\/|#)(.*))?$/.exec(line.text);
    const key = (match?.[1] ?? '').replace(/^['"]|['"],?$/g, '');
    if (!keyPattern.test(key) || notAKey.test(key)) return [];
    // Behind a comment mark only a quoted text is the default; the rest is a remark.
    const value = plainText(match?.[3] ?? '');
    const stated = match?.[2] === ':' || match?.[2] === '=' || /^["“]/.test(value);
    const text = stated ? trimMarks(value, '"“”\', ') : '';
    return [{ key, defaultText: emptyAsNull(text), position: section.place(line) }];
  });
}

/** The leaves of a JSON object as dotted keys, null when it is not JSON. */
function jsonKeys(content: string): { key: string; text: string | null }[] | null {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    return null;
  }
  const keys: { key: string; text: string | null }[] = [];
  const pending: { path: string; value: unknown }[] = [{ path: '', value }];
  for (let next = pending.shift(); next; next = pending.shift()) {
    const { path, value: node } = next;
    if (typeof node === 'object' && node !== null) {
      const members = Object.entries(node).map(([name, member]: [string, unknown]) => ({
        path: path === '' ? name : `${path}.${name}`,
        value: member,
      }));
      pending.unshift(...members);
    } else if (path !== '') keys.push({ key: path, text: typeof node === 'string' ? node : null });
  }
  return keys;
}
