import { Refusal } from '../../commands/refusals.js';
import { waiverCommands } from '../../commands/waiver.commands.js';
import { waiverEvents } from '../../events/waiver.events.js';
import type { Actor, Decider } from '../event-store/decider.js';
import type { RulerFacts } from './ruling-rules.decider.js';
import { mustBeIndependent } from './ruling-rules.decider.js';

export type Waiver = {
  ruleId: string;
  specId: string | null;
  owner: string;
  reason: string;
  compensatingControl: string;
  expiresAt: string;
  requestedBy: Actor;
  requestedAt: string;
  approvedBy: Actor | null;
  approvedAt: string | null;
  withdrawnBy: Actor | null;
  withdrawnAt: string | null;
  withdrawal: string | null;
};

/** `null` until the first event. */
export type WaiverState = Waiver | null;

/** Whether what it is for is there. */
export type RequestFacts = { ruleExists: boolean; specExists: boolean };
/** Who approves, and who wrote the spec that it is for. */
export type ApprovalFacts = { ruler: RulerFacts; writers: readonly string[] };

export const waiverStandings = ['requested', 'approved', 'expired', 'withdrawn'] as const;

/** What a waiver is worth at a time. It ends by the clock: no event says so. */
export function waiverStanding(
  { approvedAt, withdrawnAt, expiresAt }: Pick<Waiver, 'approvedAt' | 'withdrawnAt' | 'expiresAt'>,
  now: Date,
): (typeof waiverStandings)[number] {
  if (withdrawnAt !== null) return 'withdrawn';
  if (now.toISOString() >= expiresAt) return 'expired';
  return approvedAt === null ? 'requested' : 'approved';
}

const longest = 366 * 24 * 3_600_000;
const person = ({ id, kind, name }: Actor): Actor => ({ id, kind, name });

export const waiverDecider: Decider<WaiverState, typeof waiverCommands, typeof waiverEvents> = {
  streamType: 'waiver',
  commands: waiverCommands,
  events: waiverEvents,
  initial: null,
  bytes: (waiver) => 1000 + 2 * JSON.stringify(waiver).length,

  decide: {
    'compliance.waiver.request': (state, command) => {
      if (state) throw new Refusal('already_exists', 'There is such a waiver already.');
      const { ruleId, specId = null, owner, reason, compensatingControl, caller, facts } = command;
      const { ruleExists, specExists } = facts as RequestFacts;
      if (!ruleExists) throw invalid('/ruleId', 'exists', `There is no rule "${ruleId}" here.`);
      if (!specExists) throw invalid('/specId', 'exists', 'There is no such spec in this organization.');
      const ends = new Date(command.expiresAt);
      if (ends <= caller.now || ends.getTime() - caller.now.getTime() > longest) {
        throw invalid('/expiresAt', 'expiry', 'A waiver ends in the future, within a year.');
      }
      const expiresAt = ends.toISOString();
      const data = { ruleId, specId, owner, reason, compensatingControl, expiresAt };
      return [{ type: 'compliance.waiver.requested', data }];
    },
    'compliance.waiver.approve': (state, { caller, facts }) => {
      const waiver = mustExist(state);
      const { ruler, writers } = facts as ApprovalFacts;
      if (caller.role !== 'admin') throw new Refusal('not_permitted', 'It takes an administrator.');
      mustBeIndependent(ruler, [waiver.requestedBy.id], 'Who asked for a waiver');
      mustBeIndependent(ruler, writers, 'Who wrote the spec');
      const standing = waiverStanding(waiver, caller.now);
      if (standing === 'approved') return [];
      if (standing !== 'requested') {
        throw new Refusal('guard_failed', `The waiver is ${standing}: ask for another one.`, { guard: 'waits' });
      }
      const { ruleId, specId, expiresAt } = waiver;
      const authentication = { method: 'api_key' as const, keyId: caller.keyId ?? caller.actor.id };
      return [{ type: 'compliance.waiver.approved', data: { ruleId, specId, expiresAt, authentication } }];
    },
    'compliance.waiver.withdraw': (state, { caller, reason }) => {
      const { ruleId, specId, withdrawnAt, requestedBy, approvedBy } = mustExist(state);
      if (withdrawnAt !== null) return [];
      const { id } = caller.actor;
      if (id !== requestedBy.id && id !== approvedBy?.id && caller.role !== 'admin') {
        throw new Refusal('not_permitted', 'Who asked for it can, who approved it, and an administrator.');
      }
      return [{ type: 'compliance.waiver.withdrawn', data: { ruleId, specId, reason } }];
    },
  },

  evolve: {
    'compliance.waiver.requested': (_, data, { actor, at }) => {
      const open = { approvedBy: null, approvedAt: null, withdrawnBy: null, withdrawnAt: null, withdrawal: null };
      return { ...data, requestedBy: person(actor), requestedAt: at, ...open };
    },
    'compliance.waiver.approved': (state, _, { actor, at }) =>
      state && { ...state, approvedBy: person(actor), approvedAt: at },
    'compliance.waiver.withdrawn': (state, { reason }, { actor, at }) =>
      state && { ...state, withdrawnBy: person(actor), withdrawnAt: at, withdrawal: reason },
  },

  tag: (state, version) => (state ? version : null),
  touches: () => true,
  receipt: (state, _, waiverId) => {
    const { ruleId, specId, expiresAt, approvedAt, withdrawnAt } = mustExist(state);
    const standing = withdrawnAt !== null ? 'withdrawn' : approvedAt === null ? 'requested' : 'approved';
    return { waiverId, ruleId, specId, expiresAt, standing };
  },
};

function mustExist(state: WaiverState): Waiver {
  if (!state) throw new Refusal('not_found', 'There is no such waiver in this organization.');
  return state;
}

const invalid = (pointer: string, code: string, message: string) =>
  new Refusal('validation_failed', message, { errors: [{ pointer, code, message }] });
