import { codeLimits } from './fences.js';

/**
 * What is read at most. The unit of effort is one closed container among one earlier line; micromark 4 spends about
 * 0.1 microseconds on it. The largest specification known (205 kB) comes to about one million.
 */
export const effortLimits = {
  section: 10_000_000,
  document: 20_000_000,
  nesting: 100,
  headings: 1000,
  length: 512 * 1024,
} as const;

/** Measured: one line or table cell costs as much as this many units. */
const lineEffort = 250;
const cellEffort = 100;
/** One character of a statement about a table, at the SQL parser's worst. */
const sqlEffort = 150;

/** The container marks a line starts with: quotes, bullets and numbers, each after white space. */
const mark = /(?:>|[-+*](?=[ \t\r\n]|$)|\d{1,9}[.)](?=[ \t\r\n]|$))[ \t]*/y;

/**
 * Estimates the effort to parse a text, without parsing it: micromark works through all earlier events of a list or
 * quote each time a nested container closes or a paragraph continues lazily, so those lines count once for every line
 * of the text. The estimate errs upwards.
 */
export function parsingEffort(text: string): { effort: number; nesting: number } {
  let [lines, closings, nesting, inContainer] = [0, 0, 0, false];
  let [end, container] = [0, ''];
  for (const line of text.matchAll(/[^\r\n]+/g)) {
    const isAfterBlank = /\n\r?\n|\r\r/.test(text.slice(end, Math.min(line.index, end + 4)));
    end = line.index + line[0].length;
    const indent = /^[ \t]*/.exec(line[0])?.[0].length ?? 0;
    const depth = indent < line[0].length ? marksAt(text, line.index + indent) : 0;
    if (depth > 0) {
      nesting = Math.max(nesting, depth + Math.floor(indent / 2));
      closings += depth - 1 + (indent > 0 ? 1 : 0);
      // A quote ends at a blank line, and a list where another one or a quote begins.
      const begun = kindOf(line[0][indent]);
      if (inContainer && begun === '>' && isAfterBlank) closings += 2;
      else if (inContainer && begun !== container) closings += 1;
      container = begun;
      inContainer = true;
    } else if (indent === line[0].length) inContainer = false;
    else if (inContainer) closings += 1;
    lines += Math.max(depth, 1);
  }
  const breaks = text.match(/\r\n?|\n/g)?.length ?? 0;
  const cells = text.match(/\|/g)?.length ?? 0;
  const parts = [(lines + breaks) * lineEffort, cells * cellEffort, sqlLength(text) * sqlEffort, closings * lines];
  return { effort: parts.reduce((sum, part) => sum + part), nesting };
}

/** A mark by its first character; numbers are of one kind. */
const kindOf = (mark = ''): string => (/\d/.test(mark) ? '1' : mark);

/** Characters of the statements that create or alter tables, each up to the length the SQL parser is given. */
function sqlLength(text: string): number {
  const statement = /\b(?:create|alter)\s{1,9}(?:\w{1,20}\s{1,9}){0,2}table\b/gi;
  let length = 0;
  for (let match = statement.exec(text); match; match = statement.exec(text)) {
    const rest = text.slice(match.index, match.index + codeLimits.statement);
    const end = rest.indexOf(';');
    length += end < 0 ? rest.length : end;
    statement.lastIndex = Math.max(statement.lastIndex, match.index + (end < 0 ? rest.length : end));
  }
  return length;
}

function marksAt(text: string, start: number): number {
  let depth = 0;
  mark.lastIndex = start;
  while (mark.test(text)) depth += 1;
  return depth;
}

/** Why a text will not be parsed, or null when it may be. */
export function reasonNotToParse(text: string, effort: { effort: number; nesting: number }): string | null {
  if (text.length > effortLimits.length) return `The section is longer than ${effortLimits.length} characters.`;
  if (effort.nesting > effortLimits.nesting) return `Lists and quotes are nested deeper than ${effortLimits.nesting}.`;
  if (effort.effort > effortLimits.section) return 'The section has too many lines, cells or nested containers.';
  return null;
}
