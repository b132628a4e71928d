import { rawHtml } from './canonical-text.js';
import { trimMarks } from './inline.js';

/** Words that oblige, forbid, limit or negate: RFC 2119 and 8174 in any case, and their everyday forms. */
const force = new RegExp(
  String.raw`\b(?:${[
    'must|shall|should|may|might|can|could|will|would|needs?|ha(?:s|ve) to|ought|required?|requires|requirements?',
    'mandatory|recommended|optional(?:ly)?|obligatory|never|always|only|not|no|none|nor|neither|cannot|nothing|nobody',
    'without|unless|except|exempt|until|forbid(?:s|den)?|prohibit(?:s|ed)?|disallow(?:s|ed)?|allow(?:s|ed)?',
    'permit(?:s|ted)?|den(?:y|ies|ied)|reject(?:s|ed)?|refuse[sd]?|guarantee[sd]?|ensure[sd]?|enforce[sd]?',
    'least|most|exactly|minimum|maximum|min|max|limit(?:s|ed)?|all|any|every|each|both|either',
  ].join('|')})\b|n['’]t\b`,
  'i',
);

const numberWords =
  /^(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand|million|half|once|twice|single|double)$/;

/** Words that may start a sentence without being the name of anything. */
const starters = new Set(
  (
    'a an the this that these those it its they their there here we our you your he she his her i in on at by for from ' +
    'with to of as if when while where why how what which who and but or so then thus also because since after before ' +
    'today currently instead therefore however moreover rather often sometimes usually finally first'
  ).split(' '),
);

const edges = '\u0002*_"\'“”‘’().,;:!?—–-…';

/**
 * What of a paragraph counts as normative. A paragraph that obliges, forbids or limits, that starts with a label or
 * leads over to what follows counts as a whole. Of other prose count numbers with what they count, code, names, and
 * whatever is no plain word; the plain words between do not.
 */
export function normativeParts(paragraph: string): string {
  if (force.test(paragraph) || rawHtml.test(paragraph) || /^(?:\*\*|\u0002\u0002)|:\W*$/.test(paragraph))
    return paragraph;
  const words = paragraph.split(' ');
  return words.filter((word, index) => !isPlain(word, words[index - 1])).join(' ');
}

function isPlain(word: string, previous: string | undefined): boolean {
  if (previous !== undefined && isNumber(previous)) return false;
  const core = trimMarks(word, edges);
  if (core === '') return word !== '';
  if (isNumber(core) || !/^\p{Script=Latin}+(?:['’-]\p{Script=Latin}+)*$/u.test(core)) return false;
  const lower = core.toLowerCase();
  return lower === core || (startsSentence(previous) && core.slice(1) === lower.slice(1) && starters.has(lower));
}

const isNumber = (word: string): boolean => /\d/.test(word) || numberWords.test(trimMarks(word, edges).toLowerCase());

const startsSentence = (previous: string | undefined): boolean =>
  previous === undefined || /[.!?]["'”’)*_\u0002]*$/.test(previous);
