import { organizationCommands } from '../../commands/organization.commands.js';
import { Refusal } from '../../commands/refusals.js';
import type { ApiKeyIssued } from '../../events/organization.events.js';
import { organizationEvents } from '../../events/organization.events.js';
import type { Decider } from '../event-store/decider.js';

export type ApiKey = ApiKeyIssued & { issuedAt: string; revokedAt: string | null; version: number };
export type Organization = {
  name: string;
  openedAt: string;
  version: number;
  keys: readonly ApiKey[];
  lastErasure: { subject: string; erasedAt: string } | null;
};
export type OrganizationState = Organization | null;

/** The person whom the command means, while their name can be read. */
export type ErasureFacts = { subject?: string };

const mostKeys = 1000;

export const organizationDecider: Decider<OrganizationState, typeof organizationCommands, typeof organizationEvents> = {
  streamType: 'organization',
  commands: organizationCommands,
  events: organizationEvents,
  initial: null,
  bytes: (organization) => 500 + 600 * (organization?.keys.length ?? 0),

  decide: {
    'organization.account.open': (state, { name, keyHash, organizationId }) => {
      if (state) throw new Refusal('already_exists', 'The organization exists already.');
      // The first key's id follows from the organization's: a repetition of the command names the same one.
      const first = { keyId: organizationId, name: 'first key', role: 'admin', principal: 'service', keyHash };
      return [
        { type: 'organization.account.opened', data: { name } },
        { type: 'organization.api_key.issued', data: first },
      ];
    },
    'organization.api_key.issue': (state, { keyId, name, role, principal = 'service', keyHash }) => {
      const live = mustBeOpen(state).keys.filter(({ revokedAt }) => revokedAt === null);
      if (live.length >= mostKeys) {
        throw new Refusal('validation_failed', `An organization has at most ${mostKeys} keys; revoke one first.`);
      }
      return [{ type: 'organization.api_key.issued', data: { keyId, name, role, principal, keyHash } }];
    },
    'organization.api_key.revoke': (state, { keyId }) => {
      const key = mustBeOpen(state).keys.find((one) => one.keyId === keyId);
      if (!key) throw new Refusal('not_found', 'There is no such key in this organization.');
      return key.revokedAt === null ? [{ type: 'organization.api_key.revoked', data: { keyId } }] : [];
    },
    'organization.person.erase': (state, command) => {
      mustBeOpen(state);
      if ((command.person === undefined) === (command.subject === undefined)) {
        throw new Refusal('validation_failed', 'Say person or subject, and not both.', {
          errors: [{ pointer: '/person', code: 'oneOf', message: 'either person or subject is needed' }],
        });
      }
      const { subject } = command.facts as ErasureFacts;
      return subject === undefined ? [] : [{ type: 'organization.person.erased', data: { subject } }];
    },
  },

  evolve: {
    'organization.account.opened': (_, { name }, { at, version }) => ({
      name,
      openedAt: at,
      version,
      keys: [],
      lastErasure: null,
    }),
    'organization.api_key.issued': (state, data, { at, version }) =>
      state && { ...state, version, keys: [...state.keys, { ...data, issuedAt: at, revokedAt: null, version }] },
    'organization.api_key.revoked': (state, { keyId }, { at, version }) =>
      state && {
        ...state,
        version,
        keys: state.keys.map((key) => (key.keyId === keyId ? { ...key, revokedAt: at, version } : key)),
      },
    'organization.person.erased': (state, { subject }, { at, version }) =>
      state && { ...state, version, lastErasure: { subject, erasedAt: at } },
  },

  tag: (state, version) => (state ? version : null),
  touches: () => true,
  receipt: (state, events, organizationId) => {
    const issued = events.find((event) => event.type === 'organization.api_key.issued');
    const isErasure = events.some((event) => event.type === 'organization.person.erased');
    return { organizationId, ...(issued && { keyId: issued.data.keyId }), ...(isErasure && state?.lastErasure) };
  },
};

function mustBeOpen(state: OrganizationState): Organization {
  if (!state) throw new Refusal('not_found', 'There is no such organization.');
  return state;
}
