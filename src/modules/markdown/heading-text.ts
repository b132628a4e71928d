import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import type { Nodes } from 'mdast';

/** Inline Markdown of more characters, or more marks, is shown as it was written: reading it takes quadratic time. */
const longestInline = 1000;
const mostMarks = 100;

/** No character that means anything inside a line of Markdown, and no character that parsing replaces. */
const plain = /^[^\\`*_[\]<&!~\r\n\0]*$/;

const options = { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] };

/**
 * The text of a heading, given its exact source (ATX or setext): markup flattened, escapes and entities decoded,
 * HTML tags dropped. A link or footnote reference keeps its brackets: a heading means the same wherever it stands.
 */
export function headingText(source: string): string {
  const atx = /^ {0,3}#{1,6}(?:[ \t]+|(?=[\r\n]|$))/.exec(source);
  if (atx) {
    const content = withoutClosingSequence(source.slice(atx[0].length).trim());
    if (plain.test(content)) return content;
  }
  if (isCostly(source)) return collapse(source.replace(/^ {0,3}#{1,6}/, ''));
  const heading = fromMarkdown(source, options).children[0];
  return heading?.type === 'heading' ? collapse(flatten(heading)) : inlineText(source.replace(/[\r\n][-= \t]+$/, ''));
}

/** The text of one piece of inline Markdown, such as a table cell, with its markup flattened. */
export function inlineText(source: string): string {
  const line = collapse(source);
  if (plain.test(line) || isCostly(line)) return line;
  const heading = fromMarkdown(`# ${line} #`, options).children[0];
  return heading?.type === 'heading' ? collapse(flatten(heading)) : line;
}

function isCostly(source: string): boolean {
  return source.length > longestInline || (source.match(/[`*_[\]<&!~]/g)?.length ?? 0) > mostMarks;
}

/** `## a ##` is the heading "a" (CommonMark 0.31, section 4.2). */
function withoutClosingSequence(content: string): string {
  let end = content.length;
  while (content.charAt(end - 1) === '#') end--;
  if (end === 0) return '';
  return end < content.length && /[ \t]/.test(content.charAt(end - 1)) ? content.slice(0, end).trimEnd() : content;
}

const collapse = (text: string) => text.trim().replace(/[ \t]*(?:\r\n?|\n)[ \t]*/g, ' ');

function flatten(node: Nodes): string {
  if ('children' in node) return node.children.map(flatten).join('');
  if (node.type === 'break') return ' ';
  if (node.type === 'image' || node.type === 'imageReference') return node.alt ?? '';
  return 'value' in node && node.type !== 'html' ? node.value : '';
}
