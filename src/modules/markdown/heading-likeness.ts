import { distance } from 'fastest-levenshtein';
import { normalizeHeading } from './headings.js';

const longestCompared = 120;
const commonWords = new Set(
  'a an and are as for from how in into is it its of on or our the this to what why with'.split(' '),
);

/** A heading ready to be compared with many others. */
export type ComparableHeading = { text: string; words: ReadonlySet<string> };

export function comparableHeading(heading: string): ComparableHeading {
  const text = normalizeHeading(heading).slice(0, longestCompared);
  return { text, words: new Set(text.split(/[^\p{L}\p{N}]+/u).filter((word) => word && !commonWords.has(word))) };
}

/**
 * How alike two headings are, from 0 to 1: the better of edit distance over length and of shared words (Dice). 0.85
 * for headings that differ in a trailing remark in parentheses only.
 */
export function headingLikeness(one: ComparableHeading, other: ComparableHeading): number {
  if (one.text === '' || other.text === '') return 0;
  const longest = Math.max(one.text.length, other.text.length);
  const remark = withoutRemark(one.text) === withoutRemark(other.text) ? 0.85 : 0;
  // Lengths that differ much need many edits: the distance is not worth measuring.
  const tooFar = Math.abs(one.text.length - other.text.length) > longest / 4;
  const edits = tooFar ? 0 : 1 - distance(one.text, other.text) / longest;
  return Math.max(remark, edits, sharedWords(one, other));
}

/** Words that many headings share, whatever they are about. */
const genericWords = new Set(['model', 'notes', 'overview', 'report', 'review', 'section', 'statement']);

/** Whether the two share a word that carries meaning: of five letters at least. */
export function shareWord(one: ComparableHeading, other: ComparableHeading): boolean {
  return [...one.words].some((word) => word.length >= 5 && !genericWords.has(word) && other.words.has(word));
}

function sharedWords(one: ComparableHeading, other: ComparableHeading): number {
  const shared = [...one.words].filter((word) => other.words.has(word)).length;
  return shared === 0 ? 0 : (2 * shared) / (one.words.size + other.words.size);
}

const withoutRemark = (text: string) => text.replace(/ ?\([^()]*\)$/, '');
