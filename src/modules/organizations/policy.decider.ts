import type { Caller } from '../../commands/command.js';
import { policyCommands } from '../../commands/policy.commands.js';
import { Refusal } from '../../commands/refusals.js';
import type { PolicyRules } from '../../commands/review-policy.js';
import { defaultPolicy, policyHash } from '../../commands/review-policy.js';
import { policyEvents } from '../../events/policy.events.js';
import type { Decider, EventOf } from '../event-store/decider.js';
import { mustMakeSense, rulesOf } from './policy-rules.decider.js';

/** A change that waits for a second administrator; `rules` are null where the policy would end. */
export type Proposal = {
  rules: PolicyRules | null;
  hash: string;
  reason: string;
  proposedBy: string;
  proposedAt: string;
};
/** `version` is 0 until the first one is in force; a retired policy keeps its last one. */
export type Policy = {
  key: string;
  version: number;
  hash: string;
  rules: PolicyRules | null;
  decidedAt: string;
  decidedBy: readonly string[];
  retiredAt: string | null;
  proposal: Proposal | null;
};
export type PolicyState = Policy | null;

/** What is beyond the policy: whether any policy in force wants a second administrator, and who the caller is. */
export type PolicyFacts = {
  needsSecondAdmin: boolean;
  isMember: boolean;
  /** Through whose hands the caller's key came. */
  issuers: readonly string[];
};

type Event = EventOf<typeof policyEvents>;

export const policyDecider: Decider<PolicyState, typeof policyCommands, typeof policyEvents> = {
  streamType: 'review_policy',
  commands: policyCommands,
  events: policyEvents,
  initial: null,
  bytes: (policy) => 1000 + 2 * JSON.stringify(policy).length,

  decide: {
    'review.policy.put': (state, command) => {
      const { policyKey, reason } = command;
      const rules = rulesOf(command);
      mustMakeSense(policyKey, rules);
      const isInForce = state !== null && state.retiredAt === null && state.version > 0;
      if (isInForce && policyHash(policyKey, state.version, rules) === state.hash) return [];
      const version = (state?.version ?? 0) + 1;
      return changed(state, command, { policyKey, rules, hash: policyHash(policyKey, version, rules), reason });
    },
    'review.policy.retire': (state, command) => {
      const { policyKey, reason } = command;
      const policy = mustBeThere(state);
      if (policy.retiredAt !== null) return [];
      return changed(state, command, { policyKey, rules: null, hash: endingHash(policy), reason });
    },
    'review.policy.confirm': (state, { caller, facts, policyKey, hash }) => {
      const { proposal, version } = mustBeThere(state, true);
      mustBeAnother(caller, facts as PolicyFacts, proposal);
      if (proposal.hash !== hash) {
        throw new Refusal('content_changed', 'What is proposed is not what was read.', { proposed: proposal.hash });
      }
      const { rules, reason, proposedBy } = proposal;
      const by = { policyKey, reason, proposedBy, confirmedBy: caller.actor.id };
      return [inForce(version + 1, rules, hash, by)];
    },
    'review.policy.discard': (state, { caller, policyKey, reason }) => {
      mustBeThere(state, true);
      refuseAgents(caller);
      return [{ type: 'review.policy.discarded', data: { policyKey, reason } }];
    },
  },

  evolve: {
    'review.policy.proposed': (state, { policyKey, ...data }, { at, actor }) => {
      const proposal = { ...data, proposedBy: actor.id, proposedAt: at };
      return { ...(state ?? unborn(policyKey)), proposal };
    },
    'review.policy.published': (_, { policyKey: key, version, hash, rules, proposedBy, confirmedBy }, { at }) => {
      const decidedBy = deciders(proposedBy, confirmedBy);
      return { key, version, hash, rules, decidedAt: at, decidedBy, retiredAt: null, proposal: null };
    },
    'review.policy.discarded': (state) => state && { ...state, proposal: null },
    'review.policy.retired': (state, { proposedBy, confirmedBy }, { at }) =>
      state && { ...state, decidedBy: deciders(proposedBy, confirmedBy), retiredAt: at, proposal: null },
  },

  tag: (state, version) => (state ? version : null),
  touches: () => true,
  receipt: (state) => ({
    policyKey: state?.key,
    policyVersion: state?.version,
    hash: state?.proposal?.hash ?? state?.hash,
    standing: standingOf(state),
  }),
};

/** What a policy's present state is called. */
export function standingOf(state: PolicyState): 'proposed' | 'in_force' | 'retired' | 'discarded' {
  if (state?.proposal) return 'proposed';
  if (state?.retiredAt) return 'retired';
  return state?.version ? 'in_force' : 'discarded';
}

const deciders = (proposedBy: string, confirmedBy: string | null): string[] =>
  confirmedBy === null ? [proposedBy] : [proposedBy, confirmedBy];

const unborn = (key: string): Policy => {
  return { key, version: 0, hash: '', rules: null, decidedAt: '', decidedBy: [], retiredAt: null, proposal: null };
};

/** The end of a policy is confirmed by a hash as well: of its version, and that it ends. */
const endingHash = ({ key, version, rules }: Policy): string =>
  policyHash(`${key} retired`, version, rules ?? defaultPolicy);

type Change = { policyKey: string; rules: PolicyRules | null; hash: string; reason: string };

/** In force at once, or proposed where a second administrator has a say. */
function changed(state: PolicyState, { caller, facts }: { caller: Caller; facts: object }, change: Change): Event[] {
  refuseAgents(caller);
  if (state?.proposal) {
    if (state.proposal.hash === change.hash) return [];
    throw new Refusal('policy_change_pending', 'Another change is proposed: confirm or discard that one first.', {
      proposed: state.proposal.hash,
    });
  }
  if ((facts as PolicyFacts).needsSecondAdmin) return [{ type: 'review.policy.proposed', data: change }];
  const { policyKey, rules, hash, reason } = change;
  const by = { policyKey, reason, proposedBy: caller.actor.id, confirmedBy: null };
  return [inForce((state?.version ?? 0) + 1, rules, hash, by)];
}

function inForce(
  version: number,
  rules: PolicyRules | null,
  hash: string,
  by: { policyKey: string; reason: string; proposedBy: string; confirmedBy: string | null },
): Event {
  if (rules === null) return { type: 'review.policy.retired', data: by };
  return { type: 'review.policy.published', data: { ...by, version, hash, rules } };
}

function mustBeThere(state: PolicyState): Policy;
function mustBeThere(state: PolicyState, proposed: true): Policy & { proposal: Proposal };
function mustBeThere(state: PolicyState, proposed = false): Policy {
  if (!state || (!proposed && state.version === 0)) throw new Refusal('not_found', 'There is no such policy.');
  if (proposed && !state.proposal) throw new Refusal('not_found', 'No change of this policy is proposed.');
  return state;
}

function mustBeAnother({ actor }: Caller, { isMember, issuers }: PolicyFacts, { proposedBy }: Proposal): void {
  if (actor.kind !== 'human' || !isMember) {
    throw new Refusal('not_permitted', 'A change of a policy is confirmed by a human who is a member.');
  }
  if (actor.id === proposedBy || issuers.includes(proposedBy)) {
    throw new Refusal('not_permitted', 'Nobody confirms a change of their own, nor with a key that came from them.');
  }
}

/** By what specs are approved is not for agents to say. */
function refuseAgents({ actor }: Caller): void {
  if (actor.kind === 'agent') throw new Refusal('not_permitted', 'An agent does not change policies.');
}
