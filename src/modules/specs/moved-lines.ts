import { diffLines } from 'diff';
import type { Parts } from './revision-changes.js';

/** Where lines stand: in a section, null for what stands before the first one; `line` from 1, the heading's included. */
export type LinePlace = { section: string | null; line: number };

/** Lines that went in one place and came in another, word for word. */
export type MovedLines = { from: LinePlace; to: LinePlace; lines: number; text: string };

/** Fewer letters and digits than this stand in two places by chance. */
const least = 20;
/** Milliseconds of one comparison; and places of one line that are looked at. */
const most = { milliseconds: 200, places: 20 } as const;

type Run = { section: string | null; line: number; lines: string[]; taken: Set<number> };
type Match = { run: Run; at: number; length: number };

/** What moved from one place of a document to another: the longest stretches first found, each line at most once. */
export function movedLines(before: Parts, after: Parts): MovedLines[] {
  const { went, came } = runs(before, after);
  const places = new Map<string, { run: Run; at: number }[]>();
  for (const run of went) {
    for (const [at, line] of run.lines.entries()) {
      const known = places.get(line);
      if (!known) places.set(line, [{ run, at }]);
      else if (known.length < most.places) known.push({ run, at });
    }
  }
  const moved: MovedLines[] = [];
  for (const run of came) {
    for (let at = 0; at < run.lines.length;) {
      const line = run.lines[at] ?? '';
      // A stretch begins with something to read: empty lines stand in many places.
      const match = letters(line) === 0 ? undefined : longest(run.lines, at, places.get(line) ?? []);
      const text = run.lines.slice(at, at + (match?.length ?? 0)).join('');
      if (!match || letters(text) < least) {
        at++;
        continue;
      }
      for (let taken = 0; taken < match.length; taken++) match.run.taken.add(match.at + taken);
      const from = { section: match.run.section, line: match.run.line + match.at };
      moved.push({ from, to: { section: run.section, line: run.line + at }, lines: match.length, text });
      at += match.length;
    }
  }
  return moved;
}

function longest(lines: readonly string[], start: number, places: readonly { run: Run; at: number }[]) {
  let best: Match | undefined;
  for (const { run, at } of places) {
    let length = 0;
    while (
      start + length < lines.length &&
      lines[start + length] === run.lines[at + length] &&
      !run.taken.has(at + length)
    )
      length++;
    if (length > (best?.length ?? 0)) best = { run, at, length };
  }
  return best;
}

const letters = (text: string): number => text.replace(/[^\p{L}\p{N}]/gu, '').length;

/** The runs of lines that only one side has. */
function runs(before: Parts, after: Parts): { went: Run[]; came: Run[] } {
  const [earlier, later] = [before, after].map((parts) => new Map(parts.map(({ section, text }) => [section, text])));
  const [went, came]: [Run[], Run[]] = [[], []];
  for (const section of new Set([...(earlier?.keys() ?? []), ...(later?.keys() ?? [])])) {
    const [old, current] = [earlier?.get(section) ?? '', later?.get(section) ?? ''];
    if (old === current) continue;
    let [oldLine, currentLine] = [1, 1];
    const changes = diffLines(old, current, { timeout: most.milliseconds });
    for (const { value, count, added, removed } of changes ?? []) {
      const lines = value.split(/(?<=\n)/);
      if (removed) went.push({ section, line: oldLine, lines, taken: new Set() });
      if (added) came.push({ section, line: currentLine, lines, taken: new Set() });
      if (!added) oldLine += count;
      if (!removed) currentLine += count;
    }
  }
  return { went, came };
}
