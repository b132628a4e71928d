import type { ChangeKind } from '../../events/review.events.js';
import { normativeParts } from './normative-text.js';
import { effortLimits, parsingEffort, reasonNotToParse } from './parsing-effort.js';
import { readStatements } from './statements.js';
import type { Statement } from './statements.js';

/** A section's text before and after; `section` is its key, null for what stands before the first section. */
export type TextChange = { section: string | null; before: string; after: string };

/** What is read at most, of one text and of all, in units of effort and in characters: a command waits for it. */
const most = { effort: effortLimits.section / 20, allEffort: effortLimits.section / 5, length: effortLimits.length };

/** The kind of each of several changes that are made at once. What is beyond the bounds of all is `normative`. */
export function kindsOfChanges(changes: readonly TextChange[]): ChangeKind[] {
  let [effort, length] = [0, 0];
  return changes.map(({ section, before, after }) => {
    if (before === after) return 'none';
    length += before.length + after.length;
    if (length > most.length) return 'normative';
    const efforts = [before, after].map((text) => {
      const one = parsingEffort(text);
      return one.effort <= most.effort && reasonNotToParse(text, one) === null ? one.effort : Infinity;
    });
    const own = efforts.reduce((sum, one) => sum + one, 0);
    if (effort + own > most.allEffort) return 'normative';
    effort += own;
    return compare(before, after, section);
  });
}

/**
 * How much the change between two texts of a section can mean. The direction of the change does not matter. What
 * cannot be told for sure, or only with more effort than a command may wait for, is `normative`.
 */
export const changeKind = (before: string, after: string, section: string | null): ChangeKind =>
  kindsOfChanges([{ before, after, section }])[0] ?? 'normative';

function compare(before: string, after: string, section: string | null): ChangeKind {
  const part = section === null ? 'preamble' : 'section';
  const [one, other] = [readStatements(before, part), readStatements(after, part)];
  const same = (form: (statements: readonly Statement[]) => unknown[]): boolean =>
    JSON.stringify(form(one)) === JSON.stringify(form(other));
  if (same((all) => all.map(({ kind, place, formatted }) => [kind, place, formatted]))) return 'formatting_only';
  if (section !== null && /^change-?log$/.test(section) && isChangelog(one, other)) return 'changelog_only';
  if (same((all) => all.map(({ kind, place, linkless }) => [kind, place, linkless]))) return 'link_fix';
  return same(normativeForm) ? 'not_normative' : 'normative';
}

/** A key outlives a renaming: it is a changelog as long as its headings say so, or the date or version of an entry. */
const isChangelog = (...texts: readonly Statement[][]): boolean =>
  texts.flat().every(({ kind, formatted }) => kind !== 'heading' || changelogHeading.test(formatted));

const changelogHeading = /^(?:\W*change ?log\W*$|\W*(?:\d{4}-\d{2}|v?\d+\.\d))/i;

/** The statements without what has no normative force in prose outside of lists and quotes. */
function normativeForm(statements: readonly Statement[]): unknown[] {
  return statements.flatMap(({ kind, place, linkless }, index): unknown[] => {
    const leads = /^(?:item|row|verbatim)$/.test(statements[index + 1]?.kind ?? '');
    if (kind !== 'paragraph' || place !== '' || leads) return [[kind, place, linkless]];
    const parts = normativeParts(linkless);
    return parts === '' ? [] : [[kind, parts]];
  });
}
