const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** Milliseconds before each attempt, as Standard Webhooks 1.0.0 suggests: over three days, jitter aside. */
export const retryDelays: readonly number[] = [
  0,
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
];

/** How much of a delay is added to it at most, so that what failed together is not tried together again. */
const jitter = 0.2;
/** Longer than this nobody is obeyed when asking to wait. */
const longestWait = 24 * hour;

/**
 * When an attempt that failed is repeated.
 *
 * @param attempts how many there were by now
 * @param random from 0 to 1
 * @param retryAfter what the receiver asked for, in milliseconds
 * @returns milliseconds from now; nothing when that was the last attempt
 */
export function nextDelay(attempts: number, random: number, retryAfter = 0): number | undefined {
  const base = retryDelays[attempts];
  if (base === undefined) return undefined;
  return Math.round(Math.max(base, Math.min(retryAfter, longestWait)) * (1 + jitter * random));
}

/**
 * `Retry-After` in both of its forms (RFC 9110, section 10.2.3): seconds, or a date.
 * @returns milliseconds from now, at most a day; nothing where it says nothing that can be understood
 */
export function readRetryAfter(header: string | undefined, now: Date): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,10}$/.test(text)) return Math.min(Number(text) * second, longestWait);
  const isDate = /^[A-Za-z]{3,9},? /.test(text);
  const at = isDate ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? undefined : Math.min(Math.max(0, at - now.getTime()), longestWait);
}
