import { codeSpans } from './inline.js';

const abbreviations = /(?:^|[\s(])(?:e\.g|i\.e|etc|vs|cf|incl|approx|no)\.$/i;

/**
 * The sentences of one paragraph, as they are written. A full stop in code, behind a common abbreviation or before a
 * small letter ends none. Takes time in proportion to the text.
 */
export function sentencesOf(paragraph: string): string[] {
  const code = codeSpans(paragraph);
  const sentences: string[] = [];
  let start = 0;
  let span = 0;
  for (const { index, 0: end } of paragraph.matchAll(/[.!?][)"'”’*_\]]{0,4}\s+/g)) {
    while ((code[span]?.end ?? Infinity) <= index) span += 1;
    const next = index + end.length;
    const isInCode = (code[span]?.start ?? Infinity) < index;
    const isAbbreviated = abbreviations.test(paragraph.slice(Math.max(start, index - 10), index + 1));
    if (isInCode || isAbbreviated || /^\p{Ll}/u.test(paragraph.slice(next, next + 2))) continue;
    sentences.push(paragraph.slice(start, next).trim());
    start = next;
  }
  sentences.push(paragraph.slice(start).trim());
  return sentences.filter((sentence) => sentence !== '');
}
