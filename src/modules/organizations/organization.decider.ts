import { memberCommands } from '../../commands/member.commands.js';
import { organizationCommands } from '../../commands/organization.commands.js';
import { Refusal } from '../../commands/refusals.js';
import { organizationEvents } from '../../events/organization.events.js';
import type { Decider } from '../event-store/decider.js';
import { decideMembers, holderOf, mustDecideOnKeysOf } from './member.decider.js';
import type { OrganizationState } from './organization-state.decider.js';
import { evolveOrganization, mustBeOpen } from './organization-state.decider.js';

/** The person whom the command means, while their name can be read, and the holds on specs that tell of them. */
export type ErasureFacts = { subject?: string; holds: readonly { specId: string; number: number; holdKey: string }[] };

const commands = { ...organizationCommands, ...memberCommands };
const mostKeys = 1000;

export const organizationDecider: Decider<OrganizationState, typeof commands, typeof organizationEvents> = {
  streamType: 'organization',
  commands,
  events: organizationEvents,
  initial: null,
  bytes: (organization) => {
    const { keys = [], members = [], groups = [] } = organization ?? {};
    const grouped = groups.reduce((sum, group) => sum + group.members.length, 0);
    return 500 + 600 * keys.length + 400 * members.length + 300 * groups.length + 50 * grouped;
  },

  decide: {
    'organization.account.open': (state, { name, keyHash, organizationId }) => {
      if (state) throw new Refusal('already_exists', 'The organization exists already.');
      // The first key's id follows from the organization's: a repetition of the command names the same one.
      const first = { keyId: organizationId, name: 'first key', role: 'admin', principal: 'service', keyHash };
      return [
        { type: 'organization.account.opened', data: { name } },
        { type: 'organization.api_key.issued', data: { ...first, memberId: null } },
      ];
    },
    'organization.api_key.issue': (state, command) => {
      const organization = mustBeOpen(state);
      const live = organization.keys.filter(({ revokedAt }) => revokedAt === null);
      if (live.length >= mostKeys) {
        throw new Refusal('validation_failed', `An organization has at most ${mostKeys} keys; revoke one first.`);
      }
      const { keyId, name, role, keyHash } = command;
      const { memberId, principal } = holderOf(organization, command);
      return [{ type: 'organization.api_key.issued', data: { keyId, name, role, principal, keyHash, memberId } }];
    },
    'organization.api_key.revoke': (state, { keyId, caller }) => {
      const key = mustBeOpen(state).keys.find((one) => one.keyId === keyId);
      if (!key) throw new Refusal('not_found', 'There is no such key in this organization.');
      mustDecideOnKeysOf(key.principal, caller);
      return key.revokedAt === null ? [{ type: 'organization.api_key.revoked', data: { keyId } }] : [];
    },
    'organization.person.erase': (state, command) => {
      mustBeOpen(state);
      // It cannot be taken back.
      if (command.caller.actor.kind === 'agent') throw new Refusal('not_permitted', 'An agent erases nobody.');
      if ((command.person === undefined) === (command.subject === undefined)) {
        throw new Refusal('validation_failed', 'Say person or subject, and not both.', {
          errors: [{ pointer: '/person', code: 'oneOf', message: 'either person or subject is needed' }],
        });
      }
      const { subject, holds } = command.facts as ErasureFacts;
      if (holds.length > 0) {
        const names = holds.map(({ holdKey, number }) => `"${holdKey}" on SPEC-${number}`).join(', ');
        throw new Refusal('legal_hold', `The person acted on, or is named in, what is held: ${names}.`, { holds });
      }
      return subject === undefined ? [] : [{ type: 'organization.person.erased', data: { subject } }];
    },
    ...decideMembers,
  },

  evolve: evolveOrganization,

  tag: (state, version) => (state ? version : null),
  touches: () => true,
  receipt: (state, events, organizationId) => {
    const issued = events.find((event) => event.type === 'organization.api_key.issued');
    const added = events.find((event) => event.type === 'organization.member.added');
    const isErasure = events.some((event) => event.type === 'organization.person.erased');
    return {
      organizationId,
      ...(issued && { keyId: issued.data.keyId }),
      ...(added && { memberId: added.data.memberId }),
      ...(isErasure && state?.lastErasure),
    };
  },
};
