import { codeSpans } from '../markdown/inline.js';
import type { Range } from '../markdown/positions.js';
import type { Section } from '../markdown/section.js';
import type { Block } from '../markdown/tree.js';

/** A piece of text with its place in the section. */
export type Piece = { text: string } & Range;

/** What the lines outside of code blocks hold: targets of links, `[phrases]` that are no link, paths set as code. */
export type Prose = { links: Piece[]; phrases: Piece[]; paths: string[] };

const inlineLink = /\[[^[\]]*\]\(\s{0,10}(<[^<>]*>|[^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)?)/g;
const definition = /^ {0,3}\[[^[\]^][^[\]]*\]:\s{0,10}(\S+)/;
const phrase = /\[([^[\]]{2,200})\](?![([:])/g;
const pathLike = /^(?:[\w.@-]+\/)+[\w.@*[\]{}-]+$/;

/** Lines longer than this are no text that a person wrote; their beginning is read. */
const longestLine = 10_000;

/** Reads the lines of a section outside of its code blocks. Linear in the section's length. */
export function readProse(section: Section): Prose {
  const fences = section.parts.flatMap((part) => part.blocks.flatMap(fencesOf));
  const found: Prose = { links: [], phrases: [], paths: [] };
  let next = 0;
  for (const line of section.source.matchAll(/[^\r\n]+/g)) {
    while ((fences[next]?.end ?? Infinity) <= line.index) next += 1;
    if (line.index < (fences[next]?.start ?? Infinity)) readLine(line[0].slice(0, longestLine), line.index, found);
  }
  return { ...found, paths: [...new Set(found.paths)] };
}

function fencesOf(block: Block): Range[] {
  if (block.kind === 'fence') return [block];
  return block.kind === 'list' ? block.items.flatMap((item) => item.blocks.flatMap(fencesOf)) : [];
}

function readLine(line: string, start: number, into: Prose): void {
  const spans = line.includes('`') ? codeSpans(line) : [];
  let text = line;
  for (const span of spans) {
    if (pathLike.test(span.text)) into.paths.push(span.text);
    text = text.slice(0, span.start) + '`'.repeat(span.end - span.start) + text.slice(span.end);
  }
  if (!text.includes('[')) return;
  const place = (match: RegExpMatchArray, found: string): Piece => {
    const at = start + (match.index ?? 0);
    return { text: found, start: at, end: at + match[0].length };
  };
  for (const match of text.matchAll(inlineLink)) {
    into.links.push(place(match, (match[1] ?? '').replace(/^<|>$/g, '')));
  }
  const defined = definition.exec(text);
  if (defined) into.links.push(place(defined, defined[1] ?? ''));
  for (const match of text.matchAll(phrase)) into.phrases.push(place(match, match[1] ?? ''));
}
