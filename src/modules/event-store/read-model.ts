import { eventSchemas } from '../../events/event-schemas.js';
import type { Catalog, Decider, EventContext, EventOf, Projection } from './decider.js';
import { evolve } from './decider.js';
import type { ProjectionTable, RowChange } from './projection-tables.js';

/** What a fold needs of a stored event. */
export type FoldedEvent = EventContext & { type: string; schemaVersion: number; payload: object };

/** One stream on its way from event to event. */
export type StreamFold = {
  /** The rows that the event changes. */
  apply(event: FoldedEvent): RowChange[];
  /** About how much memory the state takes. */
  bytes(): number;
};

/** The tables that one projection fills from the streams of one type, and how: what can be rebuilt as a whole. */
export type ReadModel = {
  /** The stream type, which names the read model on the command line and over HTTP as well. */
  name: string;
  tables: readonly ProjectionTable[];
  begin: () => StreamFold;
};

export function readModel<S, C extends Catalog, E extends Catalog>(
  decider: Decider<S, C, E>,
  project: Projection<S, E>,
  tables: readonly ProjectionTable[],
): ReadModel {
  const begin = (): StreamFold => {
    let state = decider.initial;
    return {
      apply: ({ type, schemaVersion, payload, ...context }) => {
        const event = { type, data: eventSchemas.upcast(type, schemaVersion, payload) } as EventOf<E>;
        state = evolve(decider, state, event, context);
        return project(state, event, context);
      },
      bytes: () => decider.bytes(state),
    };
  };
  return { name: decider.streamType, tables, begin };
}
