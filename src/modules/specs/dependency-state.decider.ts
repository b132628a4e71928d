import type { dependencyEvents } from '../../events/dependency.events.js';
import type { EventContext } from '../event-store/decider.js';

/** A dependency with a revision that this spec may not fit: since when, and since when somebody says that it does. */
export type Suspect = {
  specId: string;
  revision: number;
  contentHash: string;
  suspectedAt: string;
  confirmedAt: string | null;
};

/** The dependencies that somebody has to look at. */
export const openSuspects = ({ suspects = [] }: { suspects?: readonly Suspect[] }): readonly Suspect[] =>
  suspects.filter(({ confirmedAt }) => confirmedAt === null);

type State = { review: { version: number; suspects?: readonly Suspect[] }; updatedAt: string };
type Evolve = {
  [T in keyof typeof dependencyEvents]: <S extends State>(
    state: S | null,
    data: InstanceType<(typeof dependencyEvents)[T]>,
    context: EventContext,
  ) => S | null;
};

const after = <S extends State>(
  state: S | null,
  { at, version }: EventContext,
  change: (suspects: readonly Suspect[]) => readonly Suspect[],
): S | null => {
  if (!state) return state;
  const { review } = state;
  return { ...state, review: { ...review, suspects: change(review.suspects ?? []), version }, updatedAt: at };
};

export const evolveDependencies: Evolve = {
  'spec.dependency.suspected': (state, { relatedSpecId: specId, revision, contentHash }, context) =>
    after(state, context, (suspects) => [
      ...suspects.filter((one) => one.specId !== specId),
      { specId, revision, contentHash, suspectedAt: context.at, confirmedAt: null },
    ]),
  'spec.dependency.confirmed': (state, { relatedSpecId }, context) =>
    after(state, context, (suspects) =>
      suspects.map((one) => (one.specId === relatedSpecId ? { ...one, confirmedAt: context.at } : one)),
    ),
};

/** After a relation was taken back: what is no dependency any more is not suspect. */
export function unrelated<S extends State>(state: S | null, specId: string, context: EventContext): S | null {
  const isSuspect = state?.review.suspects?.some((one) => one.specId === specId);
  return isSuspect ? after(state, context, (suspects) => suspects.filter((one) => one.specId !== specId)) : state;
}
