import { diffLines, diffWordsWithSpace } from 'diff';

/** A run of words that two texts share, or that only one of them has. */
export type WordRun = { change: 'same' | 'removed' | 'added'; text: string };

/** Lines of prose that were rewritten: where they began and begin, from 1, and what differs in them by words. */
export type RewrittenLines = { beforeLine: number; afterLine: number; words: WordRun[] };

/** Of one comparison: milliseconds, and characters of lines whose words are told apart. */
const most = { milliseconds: 200, length: 20_000 } as const;

/**
 * The lines of prose that were rewritten, by words. Code and tables are told by lines only: their words mean nothing
 * without the line. So are lines that are too many to be compared by words in a moment.
 */
export function rewrittenLines(before: string, after: string): RewrittenLines[] {
  const runs = diffLines(before, after, { timeout: most.milliseconds });
  const [old, current] = [proseLines(before), proseLines(after)];
  const found: RewrittenLines[] = [];
  let [beforeLine, afterLine] = [1, 1];
  for (const [at, run] of (runs ?? []).entries()) {
    const next = runs?.[at + 1];
    if (run.removed && next?.added) {
      const isProse = all(old, beforeLine, run.count) && all(current, afterLine, next.count);
      const words = isProse ? wordRuns(run.value, next.value) : undefined;
      if (words) found.push({ beforeLine, afterLine, words });
    }
    if (!run.added) beforeLine += run.count;
    if (!run.removed) afterLine += run.count;
  }
  return found;
}

function wordRuns(before: string, after: string): WordRun[] | undefined {
  if (before.length + after.length > most.length) return undefined;
  const runs = diffWordsWithSpace(before, after, { timeout: most.milliseconds });
  return runs?.map(({ value: text, added, removed }) => {
    return { change: added ? 'added' : removed ? 'removed' : 'same', text };
  });
}

const all = (prose: readonly boolean[], first: number, count: number): boolean =>
  prose.slice(first - 1, first - 1 + count).every(Boolean);

/** For each line whether it is prose: in no fence, and no row of a table. */
function proseLines(text: string): boolean[] {
  let fence = '';
  return text.split('\n').map((line) => {
    const [, mark = ''] = /^ {0,3}(`{3,}|~{3,})/.exec(line) ?? [];
    if (fence !== '') {
      if (mark.startsWith(fence) && line.trim() === mark) fence = '';
      return false;
    }
    fence = mark;
    return mark === '' && !/^\s*\|/.test(line);
  });
}
