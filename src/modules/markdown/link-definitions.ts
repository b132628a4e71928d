/**
 * Where the link reference definitions at the start of a paragraph end (CommonMark 0.31, section 4.7): 0 when there
 * are none, the length of the text when it holds nothing else. The text starts at its first character that is no
 * white space and has no blank lines.
 */
export function endOfDefinitions(paragraph: string): number {
  let end = 0;
  while (paragraph.charAt(end) === '[') {
    const next = endOfDefinition(paragraph, end);
    if (next < 0) break;
    end = next;
  }
  return end;
}

const label = /\[(?:[^[\]\\]|\\[[\]\\]?)*\]:/y;
const whiteSpace = /[ \t\r\n]*/y;
const enclosedDestination = /<(?:[^<>\r\n\\]|\\[<>\\]?)*>/y;
const title = /"(?:[^"\\]|\\["\\]?)*"|'(?:[^'\\]|\\['\\]?)*'|\((?:[^)\\]|\\[)\\]?)*\)/y;
const lineRest = /[ \t]*(?:\r\n?|\n|$)/y;
const indentation = /[ \t]*/y;

function endOfDefinition(text: string, start: number): number {
  const labelEnd = endOf(label, text, start);
  if (labelEnd < 0) return -1;
  const name = text.slice(start + 1, labelEnd - 2);
  if (name.length > 999 || name.trim() === '') return -1;

  const destinationStart = endOf(whiteSpace, text, labelEnd);
  const destinationEnd =
    text.charAt(destinationStart) === '<'
      ? endOf(enclosedDestination, text, destinationStart)
      : endOfBareDestination(text, destinationStart);
  if (destinationEnd < 0) return -1;

  const titleStart = endOf(whiteSpace, text, destinationEnd);
  const titleEnd = titleStart > destinationEnd ? endOf(title, text, titleStart) : -1;
  const withTitle = titleEnd < 0 ? -1 : endOf(lineRest, text, titleEnd);
  const lineEnd = withTitle < 0 ? endOf(lineRest, text, destinationEnd) : withTitle;
  return lineEnd < 0 ? -1 : endOf(indentation, text, lineEnd);
}

function endOfBareDestination(text: string, start: number): number {
  let depth = 0;
  let index = start;
  for (; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === '\\' && /[()\\]/.test(text.charAt(index + 1))) index++;
    else if (character === '(') depth++;
    else if (character === ')' && depth-- === 0) break;
    else if (character !== '\0' && /[\u0000-\u0020\u007f]/.test(character)) break;
  }
  const stopped = text.charAt(index);
  const atEnd = stopped === '' || /[ \t\r\n)]/.test(stopped);
  return index > start && atEnd && (depth === 0 || (stopped === ')' && depth < 0)) ? index : -1;
}

function endOf(sticky: RegExp, text: string, from: number): number {
  sticky.lastIndex = from;
  return sticky.test(text) ? sticky.lastIndex : -1;
}
