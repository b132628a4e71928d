import type { Evidence } from '../../commands/progress.commands.js';
import type { Phase } from '../markdown/delivery-elements.view.js';
import { slugify } from '../markdown/headings.js';
import type { PhaseRecord } from './progress-state.decider.js';
import { sha256 } from './spec-state.decider.js';

/** A phase of a plan, with the hash of its text. */
export type PlannedPhase = {
  key: string;
  number: string | null;
  title: string;
  contentHash: string;
  steps: readonly { text: string; done: boolean | null }[];
};

/**
 * The phases of a plan with keys: `phase-2` where the plan numbers it, or the words of its title.
 * @param markdown the document that they were read from
 */
export function plannedPhases(phases: readonly Phase[], markdown: string): PlannedPhase[] {
  const bytes = Buffer.from(markdown);
  const taken = new Set<string>();
  return phases.map(({ number, title, steps, position: { start, end } }) => {
    const key = slugify(number === null ? title : `phase ${number}`, taken);
    taken.add(key);
    const contentHash = sha256(bytes.subarray(start, end).toString());
    return { key, number, title, contentHash, steps: steps.map(({ text, done }) => ({ text, done })) };
  });
}

/** The phase that somebody means: by its key, or the only one of that title or number, with or without a word before it. */
export function meant(phases: readonly PlannedPhase[], said: string): PlannedPhase | undefined {
  const words = folded(said);
  const byKey = phases.find(({ key }) => key === words);
  const others = [
    ({ title }: PlannedPhase) => folded(title) === words,
    ({ number, title }: PlannedPhase) => number !== null && words === folded(`phase ${number}: ${title}`),
    ({ number }: PlannedPhase) => number !== null && [words, words.replace(/^\p{L}+\s+/u, '')].includes(folded(number)),
  ];
  return others.reduce<PlannedPhase | undefined>((found, isIt) => {
    const [one, another] = found ? [found] : phases.filter(isIt);
    return another ? undefined : one;
  }, byKey);
}

const folded = (text: string): string => text.trim().toLowerCase();

/** What was said of a phase as it stands. */
export const recordOf = (phase: PlannedPhase, records: readonly PhaseRecord[] = []): PhaseRecord | undefined =>
  records.find(({ phaseKey, contentHash }) => phaseKey === phase.key && contentHash === phase.contentHash);

/** The evidence, of some that names phases of a plan, that is about one of them. */
export const evidenceOf = (
  phase: PlannedPhase,
  phases: readonly PlannedPhase[],
  evidence: readonly (Evidence & { phase?: string })[] = [],
): Pick<Evidence, 'kind' | 'reference'>[] =>
  evidence.flatMap(({ kind, reference, phase: said }) =>
    said !== undefined && meant(phases, said) === phase ? [{ kind, reference }] : [],
  );
