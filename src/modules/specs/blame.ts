import { diffArrays } from 'diff';
import { specTable, sectionTable } from './spec.projection.js';
import type { SectionRow, SpecRow } from './spec.projection.js';
import type { SpecStep } from './spec-page.queries.js';

/** A line without its ending, and the version of the spec that brought it. */
export type BlamedLine = { text: string; version: number };

/** A comparison that takes longer, in milliseconds, finds nothing of the old lines in the new ones. */
const longest = 200;

type Text = { heading: string; body: string; lines: readonly BlamedLine[] };

/**
 * The lines of each section, by its key (null: what stands before the first one), with the version that brought each.
 * A section that is moved or gets another key keeps the lines that it had: where sections went and others came by
 * one command, the lines of what came are looked for among those of what went.
 */
export class Blame {
  private readonly texts = new Map<string | null, Text>();
  private commandId = '';
  private removed: readonly BlamedLine[] = [];

  /** The lines of a section as they are. */
  linesOf(section: string | null): readonly BlamedLine[] {
    return this.texts.get(section)?.lines ?? [];
  }

  /** Takes the next event of the spec. */
  apply({ event: { version, commandId }, changes }: SpecStep): void {
    if (commandId !== this.commandId) {
      this.commandId = commandId;
      this.removed = [];
    }
    for (const change of changes) {
      if (change.table.name === specTable.name && 'put' in change) {
        const { preamble } = change.put as SpecRow;
        if (preamble !== null) this.write(null, { heading: '', body: preamble }, version);
      }
      if (change.table.name !== sectionTable.name) continue;
      if ('drop' in change) {
        const { key } = change.drop as SectionRow;
        this.removed = [...this.removed, ...this.linesOf(key)];
        this.texts.delete(key);
      } else {
        const { key, headingSource, body } = change.put as SectionRow;
        this.write(key, { heading: headingSource, body: body ?? this.texts.get(key)?.body ?? '' }, version);
      }
    }
  }

  private write(section: string | null, { heading, body }: Omit<Text, 'lines'>, version: number): void {
    const known = this.texts.get(section);
    if (known?.heading === heading && known.body === body) return;
    const lines = carriedOver(known?.lines ?? this.removed, linesIn(`${heading}${body}`), version);
    this.texts.set(section, { heading, body, lines });
  }
}

/** The lines of a text; the last one may lack its ending. */
const linesIn = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

/** New lines, each with the version of the old line that it is, where a shortest edit keeps one. */
function carriedOver(old: readonly BlamedLine[], lines: readonly string[], version: number): BlamedLine[] {
  let head = 0;
  while (head < old.length && head < lines.length && old[head]?.text === lines[head]) head++;
  let tail = 0;
  const rest = Math.min(old.length, lines.length) - head;
  while (tail < rest && old[old.length - 1 - tail]?.text === lines[lines.length - 1 - tail]) tail++;

  const changed = old.slice(head, old.length - tail);
  const wanted = lines.slice(head, lines.length - tail);
  const kept = changed.length === 0 || wanted.length === 0 ? undefined : keptLines(changed, wanted);
  const middle = kept ?? wanted.map(() => undefined);
  return [
    ...old.slice(0, head),
    ...middle.map((line, at) => line ?? { text: wanted[at] ?? '', version }),
    ...old.slice(old.length - tail),
  ];
}

/** For each of the new lines the old one that it is, if any; nothing when that takes too long. */
function keptLines(old: readonly BlamedLine[], lines: readonly string[]): (BlamedLine | undefined)[] | undefined {
  const texts = old.map(({ text }) => text);
  const runs = diffArrays(texts, [...lines], { timeout: longest }) as ReturnType<typeof diffArrays> | undefined;
  let at = 0;
  return runs?.flatMap(({ added, removed, count }): (BlamedLine | undefined)[] => {
    if (added) return Array.from({ length: count }, () => undefined);
    at += count;
    return removed ? [] : old.slice(at - count, at);
  });
}
