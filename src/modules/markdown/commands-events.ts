import type { CommandMention, EventMention } from './design-elements.view.js';
import { fenceLines } from './fences.js';
import { codeSpans, plainText } from './inline.js';
import type { Range } from './positions.js';
import type { Section } from './section.js';
import { normalizeHeader } from './tables.js';
import type { Block, Fence, Line, Part, Table } from './tree.js';

type Kind = 'command' | 'event';
type Mention = { kind: Kind; name: string; introduced: boolean; range: Range };

/** `module.entity.action`; two segments are enough where commands and events are listed. */
const dottedName = /^[a-z][a-z0-9_-]*(?:\.[A-Za-z][A-Za-z0-9_-]*){1,4}$/;
const commandIdentifier = /^[a-z]+[A-Z][A-Za-z0-9]*$/;
const fileOrCode =
  /\.(?:tsx?|jsx?|mjs|json|md|ya?ml|sql|css|env|com|io|org)$|^(?:process|window|document|ctx|em|console)\./;

/**
 * Commands and events by name, one mention of each name for each section.
 *
 * Introduced: the name stands in a part about commands and events (`Commands & Events` and its like), as a list item,
 * in a table or in a code block, and no word beside it says that it exists already or is only consumed; or it stands behind
 * the template's own label (`**Command**:`) in the architecture, where the heading was left out. Mentioned: prose in any
 * other part calls it a command or an event next to its inline code. Which of the two it is comes from the nearest
 * label (heading, `Commands:`, column); without one from the tense of its last word, as events are named in the past.
 */
export function readCommandsAndEvents(section: Section): { commands: CommandMention[]; events: EventMention[] } {
  const listing = section.about('commandsEvents');
  const mentions = [
    ...listing.flatMap((part) => listedMentions(section, part)),
    ...section.parts
      .filter((part) => !listing.includes(part))
      .flatMap((part) => proseMentions(part.blocks, section.key === 'architecture')),
  ];
  const of = (kind: Kind) =>
    mentions
      .filter((mention) => mention.kind === kind)
      .map(({ name, introduced, range }) => ({ name, introduced, position: section.place(range) }));
  return { commands: firstOfEachName(of('command')), events: firstOfEachName(of('event')) };
}

/** One mention of each name: the first that introduces it, else the first. Order of first appearance. */
export function firstOfEachName<Named extends { name: string; introduced: boolean }>(
  mentions: readonly Named[],
): Named[] {
  const best = new Map<string, Named>();
  for (const mention of mentions) {
    const known = best.get(mention.name);
    if (!known || (mention.introduced && !known.introduced)) best.set(mention.name, mention);
  }
  return [...best.values()];
}

/** What a label says about the names that follow it. */
type Mode = { kind: Kind | null; introduced: boolean };

const notNew = /\b(?:consum|subscri|listen|existing|reused?|unchanged|removed|renamed from)\w*/i;

function modeOf(label: string, before: Mode): Mode {
  const [command, event] = [/\bcommands?\b/i.test(label), /\bevents?\b/i.test(label)];
  if (!command && !event) return { ...before, introduced: before.introduced && !notNew.test(label) };
  const kind = command === event ? null : command ? 'command' : 'event';
  return { kind, introduced: before.introduced && !notNew.test(label) };
}

function listedMentions(section: Section, part: Part): Mention[] {
  const found: Mention[] = [];
  const walk = (blocks: readonly Block[], outer: Mode): void => {
    let mode = outer;
    for (const block of blocks) {
      if (block.kind === 'table') found.push(...tableMentions(section, block, mode));
      else if (block.kind === 'fence') found.push(...fenceMentions(block, mode));
      else if (block.kind === 'paragraph') {
        const text = plainText(block.lines.map((line) => line.text).join(' '));
        if (/^[^.]{0,80}:?$|:$/.test(text)) mode = modeOf(text, outer);
        found.push(
          ...block.lines.flatMap((line) => lineMentions(section, line, { ...mode, introduced: false }, false)),
        );
      } else {
        for (const item of block.items) {
          const first = item.lines[0]?.text ?? '';
          const label =
            /^(?:\*\*)?[^:`]{1,60}:/.exec(first)?.[0] ?? (first.length <= 60 ? first.replaceAll(/`[^`]*`/g, '') : '');
          const own = modeOf(label, mode);
          found.push(...item.lines.flatMap((line) => lineMentions(section, line, own, true)));
          walk(item.blocks, own);
        }
      }
    }
  };
  walk(part.blocks, modeOf(part.title, { kind: null, introduced: true }));
  return found;
}

/** The names a line gives as inline code, with shorthand like `a.b.created` / `.updated` spelled out. */
function lineMentions(section: Section, line: Line, mode: Mode, listed: boolean): Mention[] {
  const mentions: Mention[] = [];
  let last: string | null = null;
  for (const span of codeSpans(line.text)) {
    const after = line.text.slice(span.end, span.end + 60);
    const introduced = mode.introduced && !/^\s*\((?:existing|unchanged|reused)\b/i.test(after);
    const joins = / ?\/ ?$/.test(line.text.slice(Math.max(0, span.start - 3), span.start));
    for (const name of expand(joins && /^[a-z_]+$/.test(span.text) ? `.${span.text}` : span.text, last)) {
      const named = dottedName.test(name) && !fileOrCode.test(name);
      const identifier = listed && mode.kind === 'command' && mentions.length === 0 && commandIdentifier.test(name);
      if (!named && !identifier) continue;
      const kind = mode.kind ?? besideKind(line.text, span) ?? kindByTense(name);
      const range = { start: line.start + span.start, end: line.start + span.end };
      if (kind) mentions.push({ kind, name, introduced, range });
      else if (listed && introduced)
        section.report('command', `Nothing says whether ${name} is a command or an event.`, range);
      last = name;
    }
  }
  return mentions;
}

/** `a.b.created|updated` names two; `.updated` continues the name before it. */
function expand(code: string, last: string | null): string[] {
  const stem = last?.slice(0, last.lastIndexOf('.'));
  const [first = '', ...others] = code.split('|').map((name) => name.trim());
  const full = first.startsWith('.') && stem ? `${stem}${first}` : first;
  return [full, ...others.map((name) => `${full.slice(0, full.lastIndexOf('.'))}.${name.replace(/^\./, '')}`)];
}

/** "command `x`", "`x` command", "event `x`", "`x` event", "emits `x`". */
function besideKind(line: string, span: Range): Kind | null {
  const before = line.slice(Math.max(0, span.start - 24), span.start).toLowerCase();
  const after = line.slice(span.end, span.end + 24).toLowerCase();
  if (/\bcommands?:?\**:? ?$/.test(before) || /^ (?:\w+ )?commands?\b/.test(after)) return 'command';
  if (
    /\bevents?:?\**:? ?$|\b(?:emits?|emitted|publish(?:es)?|fires?) $/.test(before) ||
    /^ (?:\w+ )?events?\b/.test(after)
  ) {
    return 'event';
  }
  return null;
}

/** Events are named in the past tense; anything else is left open. */
function kindByTense(name: string): Kind | null {
  return /(?:ed|lost|sent|paid|made|begun|won|read|opted_out)$/.test(name) ? 'event' : null;
}

function tableMentions(section: Section, table: Table, mode: Mode): Mention[] {
  const headers = table.header.cells.map(normalizeHeader);
  const isName = (header: string) =>
    /^(?:new )?(?:commands?|events?)(?: (?:ids?|names?|type))?$|^(?:id|name|event)$/.test(header);
  const column = headers.findIndex(isName);
  if (column < 0) return [];
  const own = modeOf(headers[column] ?? '', mode);
  return table.rows.flatMap((row) => {
    const cell = row.cells[column] ?? '';
    const line = { start: row.start, end: row.end, text: /`/.test(cell) ? cell : `\`${plainText(cell)}\`` };
    const introduced = own.introduced && mode.introduced && !/\bexisting\b/i.test(cell);
    return lineMentions(section, line, { kind: own.kind, introduced }, true).map((found) => ({ ...found, range: row }));
  });
}

/** Names in a code block: a line that starts with one, or declarations like `id: 'a.b.created'`. */
function fenceMentions(fence: Fence, mode: Mode): Mention[] {
  const entry = /(?:^|[{,\s])(?:id|event|eventId|[A-Z][A-Z0-9_]*)\s?:\s?['"]([A-Za-z0-9_.-]{3,120})['"]/g;
  return fenceLines(fence).flatMap((line) => {
    const bare = /^([a-z][\w.-]*)(?:\s|$)/.exec(line.text)?.[1];
    const names = bare === undefined ? [...line.text.matchAll(entry)].map((match) => match[1] ?? '') : [bare];
    return names.flatMap((name) => {
      const kind = mode.kind ?? kindByTense(name);
      if (!kind || !dottedName.test(name) || fileOrCode.test(name)) return [];
      return [{ kind, name, introduced: mode.introduced, range: line }];
    });
  });
}

/** The label of the template, up to the name; what is said to exist or to be consumed is not introduced. */
const templateLabel = /^\*\*(?:command|event)(?::\*\*|\*\*:) ?$/i;

/** Three segments beside the word command or event, in text of any other part. */
function proseMentions(blocks: readonly Block[], introducing: boolean): Mention[] {
  const lines = (found: readonly Block[]): Line[] =>
    found.flatMap((block) => {
      if (block.kind === 'paragraph') return block.lines;
      return block.kind === 'list' ? block.items.flatMap((item) => [...item.lines, ...lines(item.blocks)]) : [];
    });
  return lines(blocks).flatMap((line) =>
    codeSpans(line.text).flatMap((span) => {
      const kind = besideKind(line.text, span);
      if (!kind || !/\..+\./.test(span.text) || !dottedName.test(span.text) || fileOrCode.test(span.text)) return [];
      const range = { start: line.start + span.start, end: line.start + span.end };
      const labelled = introducing && templateLabel.test(line.text.slice(0, span.start));
      const introduced = labelled && !notNew.test(line.text.slice(span.end));
      return [{ kind, name: span.text, introduced, range }];
    }),
  );
}
