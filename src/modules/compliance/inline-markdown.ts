import { plainText } from '../markdown/inline.js';
import { readLabels } from '../markdown/labels.js';

/** One line of text: white space and control characters become single spaces. */
export const oneLine = (text: string): string => text.replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();

const entities = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const escaped = (text: string): string => entities(text).replace(/[\\`*_~[\]#!{}]/g, '\\$&');

/** Code that holds any run of backticks (CommonMark section 6.1). */
function asCode(text: string): string {
  const longest = (text.match(/`+/g) ?? []).reduce((length, run) => Math.max(length, run.length), 0);
  const mark = '`'.repeat(longest + 1);
  return `${mark} ${text} ${mark}`;
}

/** What is left when nothing else reads back: letters, numbers and the plainest marks. */
const plainest = (text: string): string => oneLine(text.replace(/[^\p{L}\p{N} .,()/]/gu, ' '));

/** Without any of these, a text is its own Markdown. */
const special = /[\\`*_~[\]<>&#!{}|]/;

/**
 * Markdown that shows the text and nothing else, whatever it holds: no HTML, no link, no emphasis, one line. It is the
 * first of several spellings that reads back as the same text; of a text that none of them gives back, marks are lost.
 */
function inline(text: string, reads: (markdown: string) => string | undefined): string {
  const line = oneLine(text);
  const candidates = special.test(line) ? [escaped(line), asCode(line)] : [line, escaped(line)];
  return candidates.find((candidate) => reads(candidate) === line) ?? plainest(line);
}

const barred = (markdown: string): string => markdown.replaceAll('|', '\\|');
/** A bar behind an even number of backslashes ends its cell, also in code. */
const endsCell = /(?<!\\)(?:\\\\)*\|/;

/** Text for a cell of a table. */
export const cell = (text: string): string =>
  barred(inline(text, (markdown) => (endsCell.test(barred(markdown)) ? undefined : plainText(markdown))));

/** Text behind a bold label in a list. */
export const labelled = (text: string): string =>
  inline(text, (markdown) => readLabels(`**Rule**: ${markdown}`, { rule: ['rule'], other: otherLabels }).rule);

/** Labels that would end the text before them where a report is read. */
const otherLabels = ['source', 'rule source', 'gap', 'issue', 'recommendation', 'fix', 'recommended fix'];
