import type { DomainCommand } from '../../commands/command.js';
import type { Refusal } from '../../commands/refusals.js';
import type { RecordedEvent } from './history.js';
import type { RowChange } from './projection-tables.js';

/** Wire name -> class: the published language of one stream type. */
export type Catalog = Record<string, new () => object>;
export type EventOf<E extends Catalog> = { [T in keyof E & string]: { type: T; data: InstanceType<E[T]> } }[keyof E &
  string];

/** What an event says of itself beyond its data; `version` is the stream version that it made. */
export type EventContext = { organizationId: string; streamId: string; version: number; at: string; actor: Actor };
export type Actor = { id: string; kind: 'human' | 'agent' | 'service' | 'system'; name: string };

/** One rule a command, one fold an event: a missing or misspelt wire name does not compile. */
export type Decider<State, C extends Catalog, E extends Catalog> = {
  streamType: string;
  commands: C;
  events: E;
  initial: State;
  /** About how much memory a state takes, for the cache of states. */
  bytes: (state: State) => number;
  /** Pure: everything it may know is in its arguments. Throws a Refusal, or gives the events, none if nothing changes. */
  decide: { [T in keyof C]: (state: State, command: InstanceType<C[T]>) => EventOf<E>[] };
  /** Never throws: it folds what has happened. */
  evolve: { [T in keyof E]: (state: State, data: InstanceType<E[T]>, context: EventContext) => State };
  /** The stream version at which the thing that the command addresses last changed; null where it does not exist. */
  tag: (state: State, version: number, command: DomainCommand) => number | null;
  /** Whether an event touched that thing: what a stale writer is told of. */
  touches: (event: EventOf<E>, command: DomainCommand) => boolean;
  /** What an accepted command answers, beside version and position. */
  receipt: (state: State, events: readonly EventOf<E>[], streamId: string) => object;
  /** What a simulated command answers, where there are such: what would happen, or why not. */
  verdict?: (state: State, command: DomainCommand, decided: readonly EventOf<E>[] | Refusal) => object;
};

/** What a stored event says of itself beyond its data. */
export function eventContext(event: RecordedEvent): EventContext {
  const { organizationId, streamId, version, recordedAt, metadata } = event;
  return { organizationId, streamId, version, at: recordedAt, actor: metadata.actor };
}

/** From the state after an event, and the event, to the rows of a read model: the one description of that model. */
export type Projection<State, E extends Catalog> = (
  state: State,
  event: EventOf<E>,
  context: EventContext,
) => RowChange[];

export function evolve<S, C extends Catalog, E extends Catalog>(
  decider: Decider<S, C, E>,
  state: S,
  event: EventOf<E>,
  context: EventContext,
): S {
  return decider.evolve[event.type](state, event.data, context);
}

/** Wire name of a command, from its class. Built once per decider: the catalogue is the only registry. */
export function wireNames(commands: Catalog): ReadonlyMap<unknown, string> {
  return new Map(Object.entries(commands).map(([name, type]) => [type, name]));
}

export function decide<S, C extends Catalog, E extends Catalog>(
  decider: Decider<S, C, E>,
  names: ReadonlyMap<unknown, string>,
  state: S,
  command: DomainCommand,
): EventOf<E>[] {
  const rule = decider.decide[names.get(command.constructor) ?? ''];
  if (!rule) throw new Error(`${command.constructor.name} is in no catalogue of ${decider.streamType}`);
  return rule(state, command as InstanceType<C[string]>);
}
