import type { Span } from './statistics.view.js';

/**
 * The beginnings of the spans of UTC that a period touches, as dates, in order: weeks begin on Mondays (ISO 8601).
 * @param most it stops behind so many and one more
 */
export function bucketsOf(from: Date, to: Date, span: Span, most: number): string[] {
  const buckets: string[] = [];
  for (let at = beginning(from, span); at < to && buckets.length <= most; at = following(at, span)) {
    buckets.push(at.toISOString().slice(0, 10));
  }
  return buckets;
}

function beginning(time: Date, span: Span): Date {
  const [year, month, day] = [time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate()];
  if (span === 'month') return utc(year, month, 1);
  return utc(year, month, span === 'week' ? day - ((time.getUTCDay() + 6) % 7) : day);
}

const following = (at: Date, span: Span): Date => {
  const [months, days] = { day: [0, 1], week: [0, 7], month: [1, 0] }[span] as [number, number];
  return utc(at.getUTCFullYear(), at.getUTCMonth() + months, at.getUTCDate() + days);
};

/** `Date.UTC` takes the years before 100 for those of the last century. */
function utc(year: number, month: number, day: number): Date {
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  return date;
}
