import { hash } from 'node:crypto';
import type { SourceStatement } from '../../events/rule-source.events.js';
import type { RuleStatement } from '../markdown/rule-statements.js';

/** What became of the statements of a file, by their ids. */
export type StatementChanges = { added: string[]; changed: string[]; removed: string[] };

/** Pairs of statements that are compared word by word at most: a file that is written anew is not compared for minutes. */
const mostPairs = 200_000;
/** From which share of common words a statement counts as the other one, edited. */
const likeEnough = 0.5;

/**
 * Gives the statements of a file their ids. One that is there word for word keeps its id wherever it stands; one that is
 * most like an earlier one, which is gone, keeps its id and counts as changed; one that was removed before and comes
 * back gets its id back; any other gets one from its text.
 * @param present those of the version before
 * @param gone those of versions before that
 */
export function identify(
  path: string,
  present: readonly SourceStatement[],
  gone: readonly SourceStatement[],
  found: readonly RuleStatement[],
): StatementChanges & { statements: SourceStatement[] } {
  const ids = new Map<RuleStatement, string>();
  const left = new Set(present);
  const take = (statement: RuleStatement, before: SourceStatement) => {
    ids.set(statement, before.statementId);
    left.delete(before);
  };
  takeSame(found, left, take);
  const edited = new Set<string>();
  for (const [statement, before] of likest(
    found.filter((one) => !ids.has(one)),
    [...left],
  )) {
    if (ids.has(statement) || !left.has(before)) continue;
    take(statement, before);
    edited.add(before.statementId);
  }
  const taken = new Set([...present, ...gone].map(({ statementId }) => statementId));
  const back = new Map(gone.map((one) => [wordsOf(one.text), one.statementId]));
  const added: string[] = [];
  for (const statement of found) {
    if (ids.has(statement)) continue;
    const words = wordsOf(statement.text);
    const id = back.get(words) ?? newId(path, words, taken);
    back.delete(words);
    taken.add(id);
    ids.set(statement, id);
    added.push(id);
  }
  const statements = found.map((one) => ({ statementId: ids.get(one) ?? '', ...one }));
  const changed = statements.flatMap(({ statementId }) => (edited.has(statementId) ? [statementId] : []));
  return { statements, added, changed, removed: [...left].map(({ statementId }) => statementId) };
}

/** Word for word the same: of several the one under the same heading, then the first. */
function takeSame(
  found: readonly RuleStatement[],
  left: ReadonlySet<SourceStatement>,
  take: (statement: RuleStatement, before: SourceStatement) => void,
): void {
  const byWords = new Map<string, SourceStatement[]>();
  for (const one of left) byWords.set(wordsOf(one.text), [...(byWords.get(wordsOf(one.text)) ?? []), one]);
  const rest = found.filter((statement) => {
    const same = byWords.get(wordsOf(statement.text)) ?? [];
    const at = same.findIndex(({ anchor }) => anchor === statement.anchor);
    const [before] = at < 0 ? [] : same.splice(at, 1);
    if (before) take(statement, before);
    return !before;
  });
  for (const statement of rest) {
    const before = byWords.get(wordsOf(statement.text))?.shift();
    if (before) take(statement, before);
  }
}

/** Pairs that could be one statement before and after an edit, the likest first. */
function likest(
  found: readonly RuleStatement[],
  before: readonly SourceStatement[],
): (readonly [RuleStatement, SourceStatement])[] {
  const everywhere = found.length * before.length <= mostPairs;
  const earlier = before.map((one) => ({ one, words: new Set(wordsOf(one.text).split(' ')) }));
  const pairs: { statement: RuleStatement; one: SourceStatement; likeness: number }[] = [];
  let compared = 0;
  for (const statement of found) {
    const words = new Set(wordsOf(statement.text).split(' '));
    for (const { one, words: others } of earlier) {
      const near = one.anchor === statement.anchor;
      if (!(near || everywhere) || (compared += 1) > mostPairs) continue;
      const likeness = shareOf(words, others) + (near ? 0.1 : 0);
      if (likeness >= likeEnough) pairs.push({ statement, one, likeness });
    }
  }
  return pairs.sort((a, b) => b.likeness - a.likeness).map(({ statement, one }) => [statement, one]);
}

/** Sørensen and Dice: 1 for the same words, 0 for none in common. */
function shareOf(words: ReadonlySet<string>, others: ReadonlySet<string>): number {
  let common = 0;
  for (const word of words) if (others.has(word)) common += 1;
  return (2 * common) / (words.size + others.size);
}

/** A statement's text as it is compared: white space and emphasis do not matter, case does (MUST is not must). */
const wordsOf = (text: string): string =>
  text
    .replace(/[*_]{2,3}/g, '')
    .replace(/\s+/g, ' ')
    .trim();

function newId(path: string, words: string, taken: ReadonlySet<string>): string {
  const base = hash('sha256', `${path}\n${words}`).slice(0, 12);
  for (let number = 1; ; number++) {
    const id = number === 1 ? base : `${base}-${number}`;
    if (!taken.has(id)) return id;
  }
}
