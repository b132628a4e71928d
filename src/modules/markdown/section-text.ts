import { Refusal } from '../../commands/refusals.js';
import { fits } from '../../commands/text-length.js';
import { rootHeadings } from './blocks.js';
import { limits } from './document.js';
import { frontMatterEnd, startsFrontMatter } from './front-matter.js';
import { headingText } from './heading-text.js';

export type LineEnding = '\n' | '\r\n';

/**
 * The source of a section heading, `## heading` with its line ending, whose text is exactly the heading: Markdown in
 * it is escaped. Refuses `invalid_heading`: empty, over {@link limits.headingLength}, of several lines, or with
 * characters that no heading can give back, such as outer white space.
 */
export function sectionHeadingSource(heading: string, eol: LineEnding): string {
  return `## ${headingContent(heading)}${eol}`;
}

/**
 * The text (a body, a heading's source or a preamble) completed so that a heading may be put behind it: with a line
 * ending, and with an empty line if it ends in HTML that only an empty line ends. Nothing else is touched; empty text
 * stays empty. A fence or comment left open stays open: {@link assertSelfContained} refuses it.
 */
export function closeText(text: string, eol: LineEnding): string {
  if (text === '' || headingLine.test(text) || isClosed(text)) return text.endsWith('\r') ? `${text}\n` : text;
  const ended = text.endsWith('\n') ? text : text + (text.endsWith('\r') ? '\n' : eol);
  return isClosed(ended) || !isClosed(ended + eol) ? ended : ended + eol;
}

/** One line that is a heading as most are written: nothing in it stays open. */
const headingLine = /^#{1,6} [^\r\n]*\r?\n$/;

/** Whether a section heading at the start of a line is one right behind the text (of a section, or a body). */
export function isClosed(text: string): boolean {
  if (text === '') return true;
  if (!/[\r\n]$/.test(text)) return false;
  const before = '## a\n';
  return rootHeadings(`${before}${text}## b\n`).at(-1)?.start === before.length + text.length;
}

/**
 * A body as it may stand between sections: closed (see {@link closeText}) and self-contained, or refused (see
 * {@link assertSelfContained}). Most bodies are both as they are sent, which one look tells.
 */
export function containedText(body: string, eol: LineEnding, preamble = ''): string {
  const before = '## a\n';
  if (/[\r\n]$/.test(body) && !frontMatterStaysOpen(preamble)) {
    if (body.endsWith('\n') && !mayReachOut.test(body)) return body;
    const [, second, third] = rootHeadings(`${before}${body}## b\n`).filter(({ level }) => level === 2);
    if (second?.start === before.length + body.length && !third && !body.endsWith('\r')) return body;
  }
  const closed = closeText(body, eol);
  assertSelfContained(closed, preamble);
  return closed;
}

/**
 * What a text needs to hold a heading of level 2 (number signs, or a line of dashes under it) or to swallow one behind it
 * (a fence, HTML). Most edits hold none of it, and need not be read as blocks.
 */
const mayReachOut = /[#<]|```|~~~|^[ \t>]*-+[ \t]*$/m;

/** Whether the heading starts its line with number signs, so that it stands as it is behind any closed text. */
export function isAtxHeading(headingSource: string): boolean {
  return headingSource.startsWith('#');
}

/**
 * Refuses (`section_not_self_contained`, with the body's `line`) a body that would change the sections around it: it
 * holds a heading of level 2, or leaves code, HTML or a comment open that would swallow the next heading; or, where the
 * document's `preamble` opens front matter and never closes it, a line that would.
 */
export function assertSelfContained(body: string, preamble = ''): void {
  const fence = frontMatterStaysOpen(preamble) ? /^(?:---|\+\+\+)[ \t]*$/m.exec(body) : null;
  if (fence) {
    const line = lineAt(body, fence.index);
    throw notSelfContained(
      line,
      'would close the front matter that the document opens, and make it swallow what is between.',
    );
  }
  const before = '## a\n';
  const sections = rootHeadings(`${before}${body}\n\n## b\n`).filter(({ level }) => level === 2);
  const second = sections[1]?.start;
  if (second === before.length + body.length + 2) return;
  if (second !== undefined && second < before.length + body.length) {
    throw notSelfContained(
      lineAt(body, second - before.length),
      'holds a heading of level 2, which would start a section of its own. Use a level below, or add a section.',
    );
  }
  throw notSelfContained(lineAt(body, body.length), 'ends with a code fence, an HTML block or a comment still open.');
}

/** The same for the text before the first section, which may hold front matter and a title. */
export function assertPreamble(preamble: string): void {
  if (frontMatterStaysOpen(preamble)) throw notSelfContained(1, 'opens front matter that is not closed.');
  const [first] = rootHeadings(`${preamble}\n\n## b\n`).filter(({ level }) => level === 2);
  if (first?.start === preamble.length + 2) return;
  if (first && first.start < preamble.length) {
    throw notSelfContained(lineAt(preamble, first.start), 'holds a heading of level 2. Add a section instead.');
  }
  const line = lineAt(preamble, preamble.length);
  throw notSelfContained(line, 'ends with front matter, a code fence, an HTML block or a comment still open.');
}

const frontMatterStaysOpen = (preamble: string): boolean =>
  startsFrontMatter(preamble) && frontMatterEnd(preamble) === 0;

/** The line ending that most lines of the text have; LF when there are as many of both or none. */
export function detectEol(markdown: string): LineEnding {
  let feeds = 0;
  let pairs = 0;
  for (let index = markdown.indexOf('\n'); index >= 0; index = markdown.indexOf('\n', index + 1)) {
    if (markdown.charCodeAt(index - 1) === 0x0d) pairs++;
    else feeds++;
  }
  return pairs > feeds ? '\r\n' : '\n';
}

/**
 * The preamble with another title: the text of its first heading of level 1 is replaced and nothing else is touched;
 * without one, `# title` and an empty line are put before the text, after a byte order mark and front matter.
 * Refuses `invalid_heading` as {@link sectionHeadingSource} does.
 */
export function retitlePreamble(preamble: string, title: string, eol: LineEnding): string {
  const content = headingContent(title);
  const headings = rootHeadings(preamble);
  const heading = headings.find(({ level }) => level === 1);
  if (!heading) {
    const at = frontMatterEnd(preamble) || (preamble.startsWith('\uFEFF') ? 1 : 0);
    const before = preamble.slice(0, at);
    return `${before}${/[^\r\n\uFEFF]$/.test(before) ? eol : ''}# ${content}${eol}${eol}${preamble.slice(at)}`;
  }
  const before = preamble.slice(0, heading.start);
  const after = preamble.slice(heading.end);
  const [opening, closing] = headingMarkup(preamble.slice(heading.start, heading.end));
  const retitled = `${before}${opening}${content}${closing}${after}`;
  const reread = rootHeadings(retitled).find(({ level }) => level === 1);
  const isKept = reread?.start === heading.start && headingText(retitled.slice(reread.start, reread.end)) === title;
  return isKept ? retitled : `${before}# ${content}${eol}${after}`;
}

/** What stands before and after the text of a heading: marks, white space, underline and line ending. */
function headingMarkup(source: string): [string, string] {
  const ending = /(?:\r\n?|\n)?$/.exec(source)?.[0] ?? '';
  if (!/^ {0,3}#/.test(source)) {
    const underline = /(?:\r\n?|\n)[ \t]*=+[ \t]*(?:\r\n?|\n)?$/.exec(source)?.[0] ?? ending;
    return [/^ */.exec(source)?.[0] ?? '', underline];
  }
  const line = source.slice(0, source.length - ending.length);
  const opening = /^ {0,3}#+[ \t]*/.exec(line)?.[0] ?? '';
  const closing = / +#+ *$/.exec(line.slice(opening.length - 1))?.[0] ?? '';
  return [/[ \t]$/.test(opening) ? opening : `${opening} `, closing + ending];
}

/** The Markdown of a heading's text: as it is if that reads back, else with every special character escaped. */
function headingContent(heading: string): string {
  const readsBack = (content: string) => headingText(`## ${content}\n`) === heading;
  if (heading.trim() === '') throw new Refusal('invalid_heading', 'The heading is empty.');
  if (!fits(heading, limits.headingLength)) {
    throw new Refusal('invalid_heading', `The heading is longer than ${limits.headingLength} characters.`);
  }
  const escaped = heading.replace(/[\\`*_[\]<>&#~!]/g, '\\$&');
  const content = [heading, escaped].find(readsBack);
  if (content !== undefined) return content;
  throw new Refusal(
    'invalid_heading',
    'The heading cannot be written as one line of Markdown: it has a line break, outer white space or a character ' +
      'that Markdown replaces.',
  );
}

function notSelfContained(line: number, problem: string): Refusal {
  return new Refusal('section_not_self_contained', `Line ${line} ${problem}`, { line });
}

/** The line, counted from 1, that an index of the text stands on. */
function lineAt(text: string, index: number): number {
  return text.slice(0, index).split(/\r\n?|\n/).length;
}
