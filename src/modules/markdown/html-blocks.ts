import type { LineCursor } from './line-cursor.js';

/** How an HTML block ends: at a blank line, or with the line on which `ends` is found. */
export type HtmlBlock = { endsAtBlankLine: boolean; ends: RegExp | undefined };

// CommonMark 0.31, section 4.6, start condition 6.
const blockTags = new Set(
  (
    'address article aside base basefont blockquote body caption center col colgroup dd details dialog dir div dl dt ' +
    'fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html iframe legend li link ' +
    'main menu menuitem nav noframes ol optgroup option p param search section summary table tbody td tfoot th thead ' +
    'title tr track ul'
  ).split(' '),
);
const rawTags = new Set(['pre', 'script', 'style', 'textarea']);

const untilBlankLine: HtmlBlock = { endsAtBlankLine: true, ends: undefined };
const raw: HtmlBlock = { endsAtBlankLine: false, ends: /<\/(?:pre|script|style|textarea)>/i };
const comment: HtmlBlock = { endsAtBlankLine: false, ends: /-->/ };
const instruction: HtmlBlock = { endsAtBlankLine: false, ends: /\?>/ };
const declaration: HtmlBlock = { endsAtBlankLine: false, ends: />/ };
// micromark reads the brackets in pairs, so an odd number of them does not end the block.
const characterData: HtmlBlock = { endsAtBlankLine: false, ends: /(?<!\])(?:\]\])+>/ };

/**
 * The HTML block that the line opens, or undefined (CommonMark 0.31, section 4.6).
 * `interrupting`: a paragraph is open, which a lone tag of no block element (condition 7) cannot end.
 */
export function openingHtml(line: LineCursor, interrupting: boolean): HtmlBlock | undefined {
  if (line.code !== 0x3c) return undefined;
  const { text, nonspace, lineEnd } = line;
  if (text.startsWith('!--', nonspace + 1)) return nonspace + 4 <= lineEnd ? comment : undefined;
  if (text.startsWith('?', nonspace + 1)) return instruction;
  if (text.startsWith('![CDATA[', nonspace + 1)) return characterData;
  if (/[A-Za-z]/.test(text.charAt(nonspace + 2)) && text.startsWith('!', nonspace + 1)) return declaration;

  const closing = text.startsWith('/', nonspace + 1);
  const nameEnd = endOf(/[A-Za-z][A-Za-z0-9-]*/y, text, nonspace + (closing ? 2 : 1));
  if (nameEnd < 0) return undefined;
  const name = text.slice(nonspace + (closing ? 2 : 1), Math.min(nameEnd, nonspace + 20)).toLowerCase();
  const after = nameEnd < lineEnd ? text.charAt(nameEnd) : '';
  if (!['', ' ', '\t', '>', '/'].includes(after)) return undefined;
  if (rawTags.has(name) && !closing && after !== '/') return raw;
  if (blockTags.has(name)) return after === '/' && text.charAt(nameEnd + 1) !== '>' ? undefined : untilBlankLine;
  return !interrupting && isLoneTag(text.slice(nameEnd, lineEnd), closing) ? untilBlankLine : undefined;
}

/** Whether the block ends on this line. `from`: where the line's content starts, after an opening marker if any. */
export function closesHtml(line: LineCursor, block: HtmlBlock, from: number): boolean {
  return block.ends?.test(line.text.slice(from, line.lineEnd)) ?? false;
}

/** Where to look for the end on the line that opens the block: `<!-->` and `<?>` are whole blocks. */
export function afterOpening(line: LineCursor, block: HtmlBlock): number {
  if (block === comment) return line.nonspace + 2;
  if (block === instruction) return line.nonspace + 1;
  return line.nonspace;
}

/** Whether what follows a tag's name completes the tag and the line (condition 7), read as micromark reads it. */
function isLoneTag(rest: string, closing: boolean): boolean {
  let index = endOf(/[ \t]*/y, rest, 0);
  while (!closing) {
    const nameEnd = endOf(/[A-Za-z:_][\w.:-]*[ \t]*/y, rest, index);
    if (nameEnd < 0) break;
    index = nameEnd;
    if (rest.charAt(index) === '=') {
      const valueEnd = endOf(/=[ \t]*(?:"[^"]*"(?=[\s/>])|'[^']*'(?=[\s/>])|[^\s"'/<=>`]+)/y, rest, index);
      if (valueEnd < 0) return false;
      index = valueEnd;
    }
    index = endOf(/[ \t]*/y, rest, index);
  }
  return endOf(closing ? />[ \t]*$/y : /\/?>[ \t]*$/y, rest, index) === rest.length;
}

function endOf(sticky: RegExp, text: string, from: number): number {
  sticky.lastIndex = from;
  return sticky.test(text) ? sticky.lastIndex : -1;
}
