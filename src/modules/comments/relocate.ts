import { commonPrefix, commonSuffix, sharedStretches } from './text-difference.js';

/** A stretch of text, in UTF-16 units: from `start` up to `end`. */
export type TextRange = { start: number; end: number };

/**
 * Where a stretch of text has come to: where it was (`exact`), elsewhere (`moved`), at what is left or was made of it
 * (`changed`), or nowhere (`gone`).
 */
export type Relocated = ({ status: 'exact' | 'moved' | 'changed' } & TextRange) | { status: 'gone' };

/** How much of the text around a stretch tells it from its like elsewhere. */
export const contextLength = 64;
/** A stretch that is found elsewhere has this much of its surroundings with it, or is this long and there only once. */
const enough = { context: 8, length: 24, places: 1000 } as const;

/**
 * Follows a stretch of `before` into `after`. What is edited elsewhere leaves it whole; what is edited inside shrinks
 * and grows it; what is written directly before or behind it is not in it. A stretch that was taken out is looked for
 * elsewhere by its words and what stood around them. Needs bounded time.
 */
export function relocate(before: string, after: string, range: TextRange): Relocated {
  const quote = before.slice(range.start, range.end);
  const kept = sharedStretches(before, after)
    .map((shared) => overlap(shared, range))
    .filter(({ length }) => length > 0);
  const [first, last] = [kept[0], kept.at(-1)];
  if (first && last) {
    const found = { start: first.after, end: last.after + last.length };
    if (after.slice(found.start, found.end) === quote) return placed(found, range);
    // A few marks or small words that happen to be kept are not the stretch.
    if (keepsEnough(kept, after, quote)) return { status: 'changed', ...found };
  }
  const context = {
    before: before.slice(Math.max(0, range.start - contextLength), range.start),
    after: before.slice(range.end, range.end + contextLength),
  };
  return findElsewhere(quote, context, after, range);
}

type Context = { before: string; after: string };
type Shared = { before: number; after: number; length: number };

function overlap(shared: Shared, { start, end }: TextRange): Shared {
  const from = Math.max(shared.before, start);
  const length = Math.min(shared.before + shared.length, end) - from;
  return { before: from, after: shared.after + from - shared.before, length };
}

const placed = (found: TextRange, range: TextRange): Relocated => {
  return { status: found.start === range.start ? 'exact' : 'moved', ...found };
};

function keepsEnough(kept: readonly Shared[], after: string, quote: string): boolean {
  const letters = (text: string): number => text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  const left = kept.reduce((sum, { after: at, length }) => sum + letters(after.slice(at, at + length)), 0);
  return left > 0 ? left * 4 >= letters(quote) : letters(quote) === 0;
}

/** By its exact words, where they stand in the same surroundings or nowhere else. */
function findElsewhere(quote: string, context: Context, after: string, range: TextRange): Relocated {
  let best: { start: number; likeness: number } | undefined;
  let places = 0;
  for (let at = after.indexOf(quote); at >= 0 && places < enough.places; at = after.indexOf(quote, at + 1)) {
    places++;
    const likeness =
      commonSuffix(context.before, after.slice(Math.max(0, at - contextLength), at)) +
      commonPrefix(context.after, after.slice(at + quote.length, at + quote.length + contextLength));
    if (!best || likeness > best.likeness) best = { start: at, likeness };
  }
  if (!best) return { status: 'gone' };
  const isSure = best.likeness >= enough.context || (places === 1 && quote.length >= enough.length);
  return isSure ? placed({ start: best.start, end: best.start + quote.length }, range) : { status: 'gone' };
}
