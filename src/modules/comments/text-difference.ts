/** A stretch that two texts share: `length` characters at `before` in one and at `after` in the other. */
export type SharedStretch = { before: number; after: number; length: number };

/** Edits of words that are told apart at most, and steps taken to find them: beyond that two texts are just different. */
const most = { edits: 600, steps: 2_000_000 } as const;

/**
 * What two texts share, in order: their common beginning and end, and between those what a shortest edit of words keeps
 * (E. Myers, "An O(ND) Difference Algorithm and Its Variations", 1986). Nothing between them where that takes too long.
 */
export function sharedStretches(before: string, after: string): SharedStretch[] {
  const head = commonPrefix(before, after);
  const tail = commonSuffix(before.slice(head), after.slice(head));
  const [old, new_] = [before.slice(head, before.length - tail), after.slice(head, after.length - tail)];
  const between = keptWords(words(old), words(new_)).map(({ before: at, after: to, length }): SharedStretch => ({
    before: head + at,
    after: head + to,
    length,
  }));
  const ends = { before: before.length - tail, after: after.length - tail, length: tail };
  return [{ before: 0, after: 0, length: head }, ...between, ends].filter(({ length }) => length > 0);
}

export function commonPrefix(one: string, other: string): number {
  const end = Math.min(one.length, other.length);
  let length = 0;
  while (length < end && one.charCodeAt(length) === other.charCodeAt(length)) length++;
  return length;
}

export function commonSuffix(one: string, other: string): number {
  const end = Math.min(one.length, other.length);
  let length = 0;
  while (length < end && one.charCodeAt(one.length - 1 - length) === other.charCodeAt(other.length - 1 - length))
    length++;
  return length;
}

type Word = { text: string; start: number };

const words = (text: string): Word[] =>
  [...text.matchAll(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu)].map((match) => ({ text: match[0], start: match.index }));

/** The words that a shortest edit keeps; none where there are too many edits. */
function keptWords(old: readonly Word[], new_: readonly Word[]): SharedStretch[] {
  const trace = edits(old, new_);
  if (!trace) return [];
  const kept: SharedStretch[] = [];
  let [x, y] = [old.length, new_.length];
  for (let depth = trace.length - 1; depth >= 0; depth--) {
    const furthest = trace[depth] ?? [];
    const diagonal = x - y;
    const down = goesDown(furthest, diagonal, depth);
    const from = down ? diagonal + 1 : diagonal - 1;
    const startX = depth === 0 ? 0 : (furthest[from + depth] ?? 0) + (down ? 0 : 1);
    for (; x > startX; x--, y--) {
      const [one, other] = [old[x - 1], new_[y - 1]];
      if (one && other) kept.push({ before: one.start, after: other.start, length: one.text.length });
    }
    if (depth > 0) [x, y] = down ? [x, y - 1] : [x - 1, y];
  }
  return kept.reverse();
}

/** For each number of edits, how far each diagonal got before the last of them; undefined when it took too long. */
function edits(old: readonly Word[], new_: readonly Word[]): Int32Array[] | undefined {
  const trace: Int32Array[] = [];
  let furthest = new Int32Array(3);
  let steps = 0;
  for (let depth = 0; depth <= most.edits; depth++) {
    trace.push(furthest);
    const next = new Int32Array(2 * depth + 3);
    for (let diagonal = -depth; diagonal <= depth; diagonal += 2) {
      const down = goesDown(furthest, diagonal, depth);
      let x = depth === 0 ? 0 : (furthest[(down ? diagonal + 1 : diagonal - 1) + depth] ?? 0) + (down ? 0 : 1);
      for (; x < old.length && old[x]?.text === new_[x - diagonal]?.text; x++) steps++;
      next[diagonal + depth + 1] = x;
      if (x >= old.length && x - diagonal >= new_.length) return trace;
      if (++steps > most.steps) return undefined;
    }
    furthest = next;
  }
  return undefined;
}

/** Whether the last edit on a diagonal adds a word, rather than taking one away. `furthest` is of one edit less. */
const goesDown = (furthest: ArrayLike<number>, diagonal: number, depth: number): boolean =>
  diagonal === -depth ||
  (diagonal !== depth && (furthest[diagonal - 1 + depth] ?? 0) < (furthest[diagonal + 1 + depth] ?? 0));
