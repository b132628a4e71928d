import { Refusal } from '../../commands/refusals.js';
import { continuesContainer, openContainer } from './containers.js';
import type { Container } from './containers.js';
import { frontMatterEnd, startsFrontMatter } from './front-matter.js';
import { afterOpening, closesHtml, openingHtml } from './html-blocks.js';
import type { HtmlBlock } from './html-blocks.js';
import { atxLevel, closesFence, isThematicBreak, openingFence, setextLevel } from './leaf-blocks.js';
import type { Fence } from './leaf-blocks.js';
import { LineCursor } from './line-cursor.js';
import { endOfDefinitions } from './link-definitions.js';
import { delimiterCells, headCells } from './table-rows.js';

/** Containers inside containers (quotes, list items, footnotes) that a document may have. */
export const deepestNesting = 100;

/** A heading of level 1 or 2 outside any quote, list or footnote: where its first line starts and its last one ends. */
export type RootHeading = { level: 1 | 2; start: number; end: number };

/** `lines`: where the paragraph's first and present last line have their text. `hasText`: it is no mere definition. */
type Paragraph = { kind: 'paragraph'; start: number; firstText: number; lastText: number; lastEnd: number };

type Leaf =
  | { kind: 'none' }
  | { kind: 'indented code' }
  | { kind: 'table' }
  | { kind: 'fence'; fence: Fence }
  | { kind: 'html'; html: HtmlBlock }
  | Paragraph;

const none: Leaf = { kind: 'none' };
const indentedCode: Leaf = { kind: 'indented code' };
const table: Leaf = { kind: 'table' };

/**
 * The headings that divide a document, found in one pass whose time and memory grow with the length of the text only.
 * It follows the block structure of CommonMark 0.31 (appendix, phase 1) with the tables and footnotes of GFM and with
 * front matter, and gives what micromark gives: micromark itself needs minutes and gigabytes for some texts of 2 MB,
 * and a second for a few hundred honest ones. Refuses (`markdown_too_deep`) nesting over {@link deepestNesting}.
 */
export function rootHeadings(markdown: string): RootHeading[] {
  return new BlockReader(markdown).read();
}

class BlockReader {
  private readonly line: LineCursor;
  private readonly headings: RootHeading[] = [];
  private readonly containers: Container[] = [];
  private leaf: Leaf = none;

  constructor(private readonly markdown: string) {
    this.line = new LineCursor(markdown);
  }

  read(): RootHeading[] {
    const matterEnd = frontMatterEnd(this.markdown);
    // micromark has no containers in a document whose front matter is opened and never closed.
    const flat = matterEnd === 0 && startsFrontMatter(this.markdown);
    if (matterEnd > 0) this.line.nextStart = matterEnd;
    while (this.line.nextLine()) this.readLine(flat);
    return this.headings;
  }

  private readLine(flat: boolean): void {
    const { line, containers } = this;
    let matched = 0;
    for (const container of containers) {
      if (!continuesContainer(line, container)) break;
      matched++;
    }
    const all = matched === containers.length;
    if (all && this.continuesVerbatim()) return;

    const opened = !flat && !line.blank && this.openContainers(matched);
    if (line.blank) {
      if (!opened) this.closeContainers(matched);
      if (this.leaf.kind !== 'indented code') this.leaf = none;
      return;
    }
    const lazy = !all && !opened;
    if (this.leaf.kind === 'paragraph') {
      if (this.continuesParagraph(this.leaf, lazy)) return;
    }
    if (lazy) this.closeContainers(matched);
    this.openLeaf(lazy);
  }

  /** Code in a fence and HTML take every line as it is, until their end. */
  private continuesVerbatim(): boolean {
    const { leaf, line } = this;
    if (leaf.kind === 'fence') {
      if (closesFence(line, leaf.fence)) this.leaf = none;
      return true;
    }
    if (leaf.kind !== 'html') return false;
    if (leaf.html.endsAtBlankLine ? line.blank : closesHtml(line, leaf.html, line.offset)) this.leaf = none;
    return true;
  }

  private openContainers(matched: number): boolean {
    const { leaf, line, containers } = this;
    const interrupting = matched === containers.length && (leaf.kind === 'paragraph' || leaf.kind === 'indented code');
    let opened = false;
    for (;;) {
      const container = openContainer(line, interrupting);
      if (!container) return opened;
      if (!opened) this.closeContainers(matched);
      if (!opened) this.leaf = none;
      opened = true;
      containers.push(container);
      if (containers.length > deepestNesting) {
        throw new Refusal('markdown_too_deep', `The Markdown nests lists and quotes over ${deepestNesting} deep.`);
      }
    }
  }

  private closeContainers(matched: number): void {
    if (matched < this.containers.length) this.leaf = none;
    this.containers.length = matched;
  }

  /** Whether the line is a part of the open paragraph, or ends it as its underline or as a table. */
  private continuesParagraph(paragraph: Paragraph, lazy: boolean): boolean {
    const { line } = this;
    if (line.indent < 4) {
      if (!lazy) {
        const level = setextLevel(line);
        if (level > 0) return this.underline(paragraph, level);
        if (this.startsTable(paragraph)) {
          this.leaf = table;
          return true;
        }
      }
      if (this.interruptsParagraph()) return false;
      const html = lazy ? openingHtml(line, false) : undefined;
      if (html) {
        // micromark lets a lone tag end a paragraph that a quote or an item holds, without leaving the container.
        this.leaf = { kind: 'html', html };
        return true;
      }
    }
    paragraph.lastText = line.indent < 4 ? line.nonspace : line.lineEnd;
    paragraph.lastEnd = line.lineEnd;
    return true;
  }

  /** An underline makes a heading of what the paragraph holds after its link reference definitions, if anything. */
  private underline(paragraph: Paragraph, level: number): boolean {
    const { line, markdown } = this;
    const text = markdown.slice(paragraph.firstText, paragraph.lastEnd);
    const definitions = endOfDefinitions(text);
    if (definitions >= text.length) return false;
    const start = definitions === 0 ? paragraph.start : startOfLine(markdown, paragraph.firstText + definitions);
    this.addHeading(level, start, line.nextStart);
    this.leaf = none;
    return true;
  }

  private startsTable(paragraph: Paragraph): boolean {
    const { line, markdown } = this;
    const code = line.code;
    if (code !== 0x7c && code !== 0x2d && code !== 0x3a) return false;
    const cells = delimiterCells(markdown.slice(line.nonspace, line.lineEnd));
    return cells > 0 && cells === headCells(markdown.slice(paragraph.lastText, paragraph.lastEnd));
  }

  private interruptsParagraph(): boolean {
    const { line } = this;
    switch (line.code) {
      case 0x23:
        return atxLevel(line) > 0;
      case 0x3c:
        return openingHtml(line, true) !== undefined;
      case 0x60:
      case 0x7e:
        return openingFence(line) !== undefined;
      default:
        return isThematicBreak(line);
    }
  }

  private openLeaf(lazy: boolean): void {
    const { line } = this;
    if (line.indent > 3) {
      this.leaf = lazy ? none : indentedCode;
      return;
    }
    const level = atxLevel(line);
    if (level > 0) {
      this.addHeading(level, line.lineStart, line.nextStart);
      this.leaf = none;
      return;
    }
    const fence = openingFence(line);
    const html = fence ? undefined : openingHtml(line, false);
    if (fence) this.leaf = { kind: 'fence', fence };
    else if (html) this.leaf = closesHtml(line, html, afterOpening(line, html)) ? none : { kind: 'html', html };
    else if (isThematicBreak(line)) this.leaf = none;
    else if (this.leaf.kind !== 'table') {
      const { lineStart: start, nonspace, lineEnd } = line;
      this.leaf = { kind: 'paragraph', start, firstText: nonspace, lastText: nonspace, lastEnd: lineEnd };
    }
  }

  private addHeading(level: number, start: number, end: number): void {
    if (this.containers.length === 0 && (level === 1 || level === 2)) this.headings.push({ level, start, end });
  }
}

function startOfLine(markdown: string, index: number): number {
  const before = Math.max(markdown.lastIndexOf('\n', index - 1), markdown.lastIndexOf('\r', index - 1));
  return before + 1;
}
