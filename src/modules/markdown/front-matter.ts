import { parse } from 'yaml';

/** How many characters of front matter are read. */
const longestFrontMatter = 16_000;
/** How many brackets may be open at once, and how wide a line's indentation with its `-` and `?` may be. */
const deepestFlow = 50;
const wideIndent = /^[-?: \t]{100}/m;

const opening = /^\uFEFF?(---|\+\+\+)[ \t]*(?:\r\n?|\n)/;

/** A stretch that could not be read, in bytes of UTF-8, and why. */
export type UnreadText = { start: number; end: number; reason: string };

export type FrontMatterField = { field: string; value: string };

/** Whether the first line opens YAML (`---`) or TOML (`+++`) front matter. */
export function startsFrontMatter(markdown: string): boolean {
  return opening.test(markdown);
}

/** Where the front matter ends, its closing line and line ending included; 0 when there is none. */
export function frontMatterEnd(markdown: string): number {
  const match = opening.exec(markdown);
  if (!match?.[1]) return 0;
  const closing = match[1] === '---' ? /[\r\n]---[ \t]*(?:\r\n?|\n|$)/g : /[\r\n]\+\+\+[ \t]*(?:\r\n?|\n|$)/g;
  closing.lastIndex = match[0].length - 1;
  return closing.exec(markdown) ? closing.lastIndex : 0;
}

/**
 * The fields of a front matter given with its fences, in order; lists are joined by commas. `unread`: the reason why
 * there are none, if it is TOML, too long, too deep, or no mapping in YAML. Aliases are refused: they can grow without bound.
 */
export function readFrontMatter(source: string): { fields: FrontMatterField[]; unread: UnreadText[] } {
  if (source === '') return { fields: [], unread: [] };
  if (source.length > longestFrontMatter) return notRead(source, 'The front matter is too long to be read.');
  if (!/^\uFEFF?---/.test(source)) return notRead(source, 'The front matter is not YAML.');
  const yaml = source.replace(/^\uFEFF?---[^\r\n]*/, '').replace(/---\s*$/, '');
  if (nestsDeep(yaml)) return notRead(source, 'The front matter is nested too deeply.');
  try {
    // The core schema keeps dates as they are written.
    const read: unknown = parse(yaml, { schema: 'core', maxAliasCount: 0, logLevel: 'error' }) ?? {};
    if (typeof read !== 'object' || Array.isArray(read)) {
      return notRead(source, 'The front matter is no mapping of fields.');
    }
    return {
      fields: Object.entries(read ?? {}).map(([field, value]) => ({ field, value: asText(value) })),
      unread: [],
    };
  } catch {
    return notRead(source, 'The front matter is not valid YAML.');
  }
}

/** The parser of YAML calls itself for each level, and a Node process without stack may end instead of throwing. */
function nestsDeep(yaml: string): boolean {
  let depth = 0;
  let deepest = 0;
  for (const character of yaml) {
    if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth);
    else if (character === ']' || character === '}') depth = Math.max(0, depth - 1);
  }
  return deepest > deepestFlow || wideIndent.test(yaml);
}

function notRead(source: string, reason: string): { fields: FrontMatterField[]; unread: UnreadText[] } {
  const start = source.startsWith('\uFEFF') ? Buffer.byteLength('\uFEFF') : 0;
  return { fields: [], unread: [{ start, end: Buffer.byteLength(source), reason }] };
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(asText).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : `${value as string}`.trim();
}
