import type { ChangeKind } from '../../events/review.events.js';
import { normativeParts } from './normative-text.js';
import { effortLimits, parsingEffort, reasonNotToParse } from './parsing-effort.js';
import { readStatements } from './statements.js';
import type { Statement } from './statements.js';

/** What is read to compare two texts: it is spent while a command waits, so it is less than elements may take. */
const most = { effort: effortLimits.section / 10, length: effortLimits.length / 4 } as const;

/**
 * How much the change between two texts of a section can mean; `sectionKey` is null for what stands before the first
 * section. The direction of the change does not matter. What cannot be told for sure, or only with more effort than a
 * command may wait for, is `normative`.
 */
export function changeKind(before: string, after: string, sectionKey: string | null): ChangeKind {
  if (before === after) return 'none';
  const part = sectionKey === null ? 'preamble' : 'section';
  const isChangelog = sectionKey !== null && /^change-?log$/.test(sectionKey);
  if (!isReadable(before) || !isReadable(after)) return isChangelog ? 'changelog_only' : 'normative';
  const [one, other] = [readStatements(before, part), readStatements(after, part)];
  const same = (form: (statements: readonly Statement[]) => unknown[]): boolean =>
    JSON.stringify(form(one)) === JSON.stringify(form(other));
  if (same((all) => all.map(({ kind, place, formatted }) => [kind, place, formatted]))) return 'formatting_only';
  if (isChangelog) return 'changelog_only';
  if (same((all) => all.map(({ kind, place, linkless }) => [kind, place, linkless]))) return 'link_fix';
  return same(normativeForm) ? 'not_normative' : 'normative';
}

function isReadable(text: string): boolean {
  if (text.length > most.length) return false;
  const effort = parsingEffort(text);
  return effort.effort <= most.effort && reasonNotToParse(text, effort) === null;
}

/** The statements without what has no normative force in prose outside of lists and quotes. */
function normativeForm(statements: readonly Statement[]): unknown[] {
  return statements.flatMap(({ kind, place, linkless }, index): unknown[] => {
    const leads = /^(?:item|row|verbatim)$/.test(statements[index + 1]?.kind ?? '');
    if (kind !== 'paragraph' || place !== '' || leads) return [[kind, place, linkless]];
    const parts = normativeParts(linkless);
    return parts === '' ? [] : [[kind, parts]];
  });
}
