import type { SectionOwnership } from '../../commands/review-policy.js';

/**
 * Whether a section's key fits a pattern, in which `*` stands for any characters, none included. Takes time in
 * proportion to both lengths multiplied, whatever the pattern: no regular expression that could run away.
 */
export function fitsPattern(key: string, pattern: string): boolean {
  let [at, from, star, resume] = [0, 0, -1, 0];
  while (at < key.length) {
    if (pattern[from] === '*') {
      star = from++;
      resume = at;
    } else if (pattern[from] === key[at]) {
      from++;
      at++;
    } else if (star >= 0) {
      from = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[from] === '*') from++;
  return from === pattern.length;
}

/** The keys that fit one of the patterns. */
export const fitting = (keys: readonly string[], patterns: readonly string[]): string[] =>
  keys.filter((key) => patterns.some((pattern) => fitsPattern(key, pattern)));

/** Who owns a section: the last entry that fits its key decides, as in a CODEOWNERS file. */
export function ownersOf(
  key: string,
  ownership: readonly SectionOwnership[],
): { groups: readonly string[]; members: readonly string[] } {
  const last = ownership.findLast(({ pattern }) => fitsPattern(key, pattern));
  return { groups: last?.groups ?? [], members: last?.members ?? [] };
}
