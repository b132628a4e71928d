import { expect } from 'vitest';
import type { Caller, DomainCommand } from '../../src/commands/command.js';
import type { RefusalCode } from '../../src/commands/refusals.js';
import { Refusal } from '../../src/commands/refusals.js';
import type { Catalog, Decider, EventOf } from '../../src/modules/event-store/decider.js';
import { decide, evolve, wireNames } from '../../src/modules/event-store/decider.js';

export const caller: Caller = {
  organizationId: '01994f6e-0000-7000-8000-000000000001',
  actor: { id: 'ann', kind: 'human', name: 'Ann' },
  now: new Date('2026-01-02T03:04:05.000Z'),
  requestId: 'request-1',
};

/** The state after a history, each event one version. */
export function stateAfter<S, C extends Catalog, E extends Catalog>(
  decider: Decider<S, C, E>,
  history: readonly EventOf<E>[],
): S {
  return history.reduce((state, event, index) => {
    const { organizationId, actor, now } = caller;
    const context = { organizationId, streamId: 'stream', version: index + 1, at: now.toISOString(), actor };
    return evolve(decider, state, event, context);
  }, decider.initial);
}

/** given(decider, ...history).when(command, facts).then(...events) or .refused(code): a rule, told as a sentence. */
export const given = <S, C extends Catalog, E extends Catalog>(
  decider: Decider<S, C, E>,
  ...history: EventOf<E>[]
) => ({
  when: <D extends DomainCommand>(command: new () => D, fields: Partial<D>, facts: object = {}) => {
    const instance = Object.assign(new command(), fields, { facts }).from(caller);
    const act = () => decide(decider, wireNames(decider.commands), stateAfter(decider, history), instance);
    return {
      events: act,
      then: (...events: EventOf<E>[]) => expect(act()).toEqual(events),
      refused: (code: RefusalCode) => {
        let refusal: unknown;
        try {
          act();
        } catch (error) {
          refusal = error;
        }
        expect(refusal).toBeInstanceOf(Refusal);
        expect((refusal as Refusal).code).toBe(code);
      },
    };
  },
});
