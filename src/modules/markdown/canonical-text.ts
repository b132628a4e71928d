import { codeSpans } from './inline.js';
import { endOfDefinitions } from './link-definitions.js';

/**
 * Inline Markdown in one spelling. `formatted` is the same for two texts that differ in line breaks and in the marks
 * of emphasis only, `linkless` also for those that differ in the targets of links. Text that is hard to read for sure
 * stays as it is, so that two equal forms always mean the same.
 */
export type CanonicalText = { formatted: string; linkless: string };

/** Stand for what they replace while the rest is read. A text that holds one itself is left as it is. */
const [codeMark, linkMark, emphasisMark] = ['\u0000', '\u0001', '\u0002'];
const marks = /[\u0000-\u0002]/;
/** What may be HTML inside of text. */
export const rawHtml = /<[A-Za-z/!?]/;

const destination = String.raw`(?:<[^<>\r\n]*>|[^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*)`;
const title = String.raw`(?:\s+("[^"\\]*"|'[^'\\]*'))?`;
const inlineLink = new RegExp(
  String.raw`(?<![!\\])\[((?:[^[\]\\]|\\[^\r\n])*)\]\(\s*` + destination + title + String.raw`\s*\)`,
  'g',
);
const definition = new RegExp(String.raw`^(\[(?!\^)[^[\]\\]+\]:)\s*${destination}${title}$`);

/** Both spellings of emphasis where nothing else can be meant: around whole words, with no other mark inside. */
const emphasis = ['_', String.raw`\*`].map(
  (mark) =>
    new RegExp(
      String.raw`(?<=(?:^|\s)["'(“‘]{0,5})(${mark}${mark}?)(?![\s_*])([^_*\\[\]]*[^\s_*\\[\]])\1(?=["')”’.,;:!?]{0,5}(?:\s|$))`,
      'g',
    ),
);

/** The canonical form of the inline Markdown of one block. Needs time in proportion to its length. */
export function canonicalText(source: string): CanonicalText {
  if (marks.test(source)) return { formatted: source, linkless: source };
  const code: string[] = [];
  const prose = withoutCode(source, code);
  if (rawHtml.test(prose)) {
    const kept = restore(collapse(prose), codeMark, code);
    return { formatted: kept, linkless: kept };
  }
  const links: { formatted: string; linkless: string }[] = [];
  const text = prose.replace(inlineLink, (whole, label: string, linkTitle: string | undefined) => {
    const shown = collapse(oneEmphasis(label));
    links.push({
      formatted: `[${shown}]${collapse(whole.slice(label.length + 2))}`,
      linkless: `[${shown}]()${linkTitle ?? ''}`,
    });
    return `${linkMark}${links.length - 1}${linkMark}`;
  });
  const spelled = collapse(oneEmphasis(text)).replace(/(?<=\w)\\_(?=\w)/g, '_');
  const form = (kind: keyof CanonicalText): string =>
    restore(
      restore(
        spelled,
        linkMark,
        links.map((link) => link[kind]),
      ),
      codeMark,
      code,
    );
  return { formatted: form('formatted'), linkless: form('linkless') };
}

/**
 * The canonical forms of a paragraph: one for each link reference definition that it starts with, then one for its
 * text. Definitions and footnotes keep their lines, because a line is what makes them.
 */
export function canonicalParagraph(source: string): CanonicalText[] {
  const end = endOfDefinitions(source);
  const lines = source
    .slice(0, end)
    .split(/\r\n?|\n/)
    .filter((line) => line.trim() !== '');
  const definitions = lines.map((line): CanonicalText => {
    const match = definition.exec(line.trim());
    return { formatted: line.trim(), linkless: match ? `${match[1]} ${match[2] ?? ''}` : line.trim() };
  });
  const rest = source.slice(end);
  if (rest.trim() === '') return definitions;
  return [...definitions, /^\[\^/m.test(rest) ? { formatted: rest, linkless: rest } : canonicalText(rest)];
}

function withoutCode(source: string, code: string[]): string {
  let [prose, at] = ['', 0];
  for (const span of codeSpans(source)) {
    prose += `${source.slice(at, span.start)}${codeMark}${code.length}${codeMark}`;
    // White space in code counts, and code is one word.
    code.push(`\`${span.text.replace(/[\s%]/g, (one) => `%${one.charCodeAt(0)};`)}\``);
    at = span.end;
  }
  return prose + source.slice(at);
}

const oneEmphasis = (text: string): string =>
  emphasis.reduce(
    (spelled, pattern) =>
      spelled.replace(pattern, (_whole, mark: string, inner: string) => {
        const strength = emphasisMark.repeat(mark.length);
        return `${strength}${inner}${strength}`;
      }),
    text,
  );

const collapse = (text: string): string => text.replace(/[ \t\r\n]+/g, ' ').replace(/^ | $/g, '');

const restore = (text: string, mark: string, pieces: readonly string[]): string =>
  text.replace(new RegExp(`${mark}(\\d+)${mark}`, 'g'), (_whole, index: string) => pieces[Number(index)] ?? '');
