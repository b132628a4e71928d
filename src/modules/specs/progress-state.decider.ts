import type { Evidence, PhaseStatus } from '../../commands/progress.commands.js';
import type { progressEvents } from '../../events/progress.events.js';
import type { Actor, EventContext } from '../event-store/decider.js';

/** The last that was said of a phase. It holds for the text that it was said of, in whichever revision that stands. */
export type PhaseRecord = {
  phaseKey: string;
  contentHash: string;
  revision: number;
  status: PhaseStatus;
  evidence: readonly Evidence[];
  recordedAt: string;
  recordedBy: Actor;
};

type State = { review: { version: number; phases?: readonly PhaseRecord[] }; updatedAt: string };
type Evolve = {
  [T in keyof typeof progressEvents]: <S extends State>(
    state: S | null,
    data: InstanceType<(typeof progressEvents)[T]>,
    context: EventContext,
  ) => S | null;
};

export const evolveProgress: Evolve = {
  'spec.phase.recorded': (state, { title: _, ...data }, { at, version, actor: { id, kind, name } }) => {
    if (!state) return state;
    const { review } = state;
    const others = (review.phases ?? []).filter(({ phaseKey }) => phaseKey !== data.phaseKey);
    const record = { ...data, recordedAt: at, recordedBy: { id, kind, name } };
    return { ...state, review: { ...review, phases: [...others, record], version }, updatedAt: at };
  },
};
