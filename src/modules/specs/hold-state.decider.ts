import type { holdEvents } from '../../events/hold.events.js';
import type { Actor, EventContext } from '../event-store/decider.js';

/** A hold that stands. */
export type LegalHold = { holdKey: string; reason: string; placedBy: Actor; placedAt: string };

type State = { review: { version: number; holds?: readonly LegalHold[] }; updatedAt: string };
type Evolve = {
  [T in keyof typeof holdEvents]: <S extends State>(
    state: S | null,
    data: InstanceType<(typeof holdEvents)[T]>,
    context: EventContext,
  ) => S | null;
};

export const evolveHolds: Evolve = {
  'spec.hold.placed': (state, { holdKey, reason }, context) =>
    changed(state, context, (holds) => {
      const { at: placedAt, actor } = context;
      const placedBy = { id: actor.id, kind: actor.kind, name: actor.name };
      return [...holds, { holdKey, reason, placedBy, placedAt }];
    }),
  'spec.hold.released': (state, { holdKey }, context) =>
    changed(state, context, (holds) => holds.filter((hold) => hold.holdKey !== holdKey)),
};

function changed<S extends State>(
  state: S | null,
  { at, version }: EventContext,
  change: (holds: readonly LegalHold[]) => readonly LegalHold[],
): S | null {
  if (!state) return state;
  const { review } = state;
  return { ...state, review: { ...review, holds: change(review.holds ?? []), version }, updatedAt: at };
}
