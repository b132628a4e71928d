import { levelOf, splitId } from './risk-fields.js';
import type { Fields } from './risk-fields.js';

// Words for other levels are read as well, so that they are reported and not taken for a part of the title.
const level = '(?:critical|severe|major|high(?:est)?|medium|moderate|minor|low(?:est)?)(?: (?:severity|risk))?';
const bracketed = `([[(](${level})[\\])])`;
/** `**[High]**`, `**(High):**`. */
const alone = new RegExp(`^\\*\\*${bracketed}[:.]?\\*\\*[\\s:.—–-]*`, 'i');
/** `[High] Title`, `**[High] Title**`, `R1: (High) Title`; what goes on behind the bracket is a link or a word. */
const before = new RegExp(`^(\\*\\*)?((?:R-?\\d+|Risk \\d+)\\s*[:.—–-]\\s*)?${bracketed}(?=[\\s:]|$)[\\s:.—–-]*`, 'i');

/** A severity in brackets, as it is written and without them. */
export type RiskMark = { written: string; severity: string };

/** Takes the severity in brackets off the start of a risk's text. */
export function splitMark(source: string): { mark: RiskMark | null; rest: string } {
  const whole = alone.exec(source);
  const match = whole ?? before.exec(source);
  if (!match) return { mark: null, rest: source };
  const [bold = '', id = '', written = '', severity = ''] = whole ? ['', '', ...whole.slice(1)] : match.slice(1);
  return { mark: { written, severity }, rest: `${bold}${id}${source.slice(match[0].length)}` };
}

/** A risk's number and title, and its fields with the severity that the title starts with. */
export function readTitle(source: string, fields: Fields): { id: string | null; title: string; fields: Fields } {
  const { mark, rest } = splitMark(source);
  if (!mark) return { ...splitId(source), fields };
  // Where the field says otherwise, the title keeps what it says.
  if (fields.severity !== undefined && levelOf(fields.severity) !== levelOf(mark.severity)) {
    return { ...splitId(source), fields };
  }
  return { ...splitId(rest), fields: { ...fields, severity: fields.severity ?? mark.severity } };
}
