import type { holdCommands } from '../../commands/hold.commands.js';
import type { Caller } from '../../commands/command.js';
import { Refusal } from '../../commands/refusals.js';
import type { specEvents } from '../../events/spec.events.js';
import type { Decider } from '../event-store/decider.js';
import { mustExist } from './document.decider.js';
import type { SpecState } from './spec-state.decider.js';

type Rules = Decider<SpecState, typeof holdCommands, typeof specEvents>['decide'];

const mostHolds = 100;

/** Who may place and release a hold: wherever the spec stands in its lifecycle. */
export const holdRules: Rules = {
  'spec.hold.place': (state, { caller, holdKey, reason }) => {
    const { holds = [] } = mustExist(state).review;
    mustAdminister(caller);
    if (caller.actor.kind === 'agent') throw new Refusal('not_permitted', 'An agent places no hold.');
    const same = holds.find((hold) => hold.holdKey === holdKey);
    if (same?.reason === reason) return [];
    if (same) throw new Refusal('already_exists', `The hold "${holdKey}" stands already, for another reason.`);
    if (holds.length >= mostHolds) {
      throw new Refusal('validation_failed', `A spec has at most ${mostHolds} holds; release one first.`);
    }
    return [{ type: 'spec.hold.placed', data: { holdKey, reason, authentication: keyOf(caller) } }];
  },
  'spec.hold.release': (state, { caller, holdKey, reason }) => {
    const { holds = [] } = mustExist(state).review;
    mustAdminister(caller);
    if (caller.actor.kind !== 'human') throw new Refusal('not_permitted', 'It takes a human to release a hold.');
    if (!holds.some((hold) => hold.holdKey === holdKey)) {
      throw new Refusal('not_found', `The spec has no hold "${holdKey}".`);
    }
    return [{ type: 'spec.hold.released', data: { holdKey, reason, authentication: keyOf(caller) } }];
  },
};

function mustAdminister({ role }: Caller): void {
  if (role !== 'admin') throw new Refusal('not_permitted', 'It takes an administrator.');
}

const keyOf = ({ keyId, actor }: Caller) => ({ method: 'api_key' as const, keyId: keyId ?? actor.id });
