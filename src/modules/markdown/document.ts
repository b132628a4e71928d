import { Refusal } from '../../commands/refusals.js';
import { deepestNesting, rootHeadings } from './blocks.js';
import type { UnreadText } from './front-matter.js';
import { headingText } from './heading-text.js';
import { readFacts } from './metadata.js';
import type { MetadataEntry } from './metadata.js';

/** What a document may measure. The caller holds it to `documentBytes`; the rest is refused here. */
export const limits = {
  /** Bytes of the whole document in UTF-8. */
  documentBytes: 2 * 1024 * 1024,
  /** Sections, that is, headings of level 2. */
  sections: 1000,
  /** Quotes, list items and footnotes inside each other. */
  nesting: deepestNesting,
  /** Characters of a heading or title that is set through the API. */
  headingLength: 300,
} as const;

/** `heading`: its plain text. `headingSource` and `body`: the exact source, line endings included. */
export type MarkdownSection = { heading: string; headingSource: string; body: string };

/**
 * `preamble`: the exact source before the first section, with byte order mark, front matter and title. `unread`: what
 * looks like metadata and could not be read; it is text of the preamble all the same.
 */
export type MarkdownDocument = {
  preamble: string;
  title: string | null;
  metadata: MetadataEntry[];
  sections: MarkdownSection[];
  unread: UnreadText[];
};

/**
 * Divides Markdown into its sections without losing a character: a section is a heading of level 2 (ATX or setext)
 * outside any quote, list, footnote, code or HTML, with everything up to the next one.
 * Refuses `markdown_too_deep` and `too_many_sections` (see {@link limits}).
 */
export function parseDocument(markdown: string): MarkdownDocument {
  const headings = rootHeadings(markdown);
  const starts = headings.filter(({ level }) => level === 2);
  if (starts.length > limits.sections) {
    throw new Refusal(
      'too_many_sections',
      `The document has ${starts.length} headings of level 2; it may have ${limits.sections}.`,
    );
  }
  const preamble = markdown.slice(0, starts[0]?.start);
  const { entries: metadata, unread } = readFacts(preamble);
  const sections = starts.map(({ start, end }, index) => {
    const headingSource = markdown.slice(start, end);
    return { heading: headingText(headingSource), headingSource, body: markdown.slice(end, starts[index + 1]?.start) };
  });
  const first = headings.find(({ level, start }) => level === 1 && start < preamble.length);
  const heading = first ? headingText(markdown.slice(first.start, first.end)) : '';
  return { preamble, title: heading || statedTitle(metadata), metadata, sections, unread };
}

/** The exact inverse of {@link parseDocument}, for every text. */
export function renderDocument(document: {
  preamble: string;
  sections: readonly { headingSource: string; body: string }[];
}): string {
  return document.sections.reduce((text, section) => text + section.headingSource + section.body, document.preamble);
}

function statedTitle(metadata: readonly MetadataEntry[]): string | null {
  const named = (entry: MetadataEntry) => /^(?:title|feature name)$/i.test(entry.field);
  const stated = metadata.filter((entry) => named(entry) && !/^(?:n\/?a|none|tbd|-|—)?$/i.test(entry.value));
  return (stated.find(({ source }) => source === 'front_matter') ?? stated[0])?.value ?? null;
}
