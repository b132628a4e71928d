import { Refusal } from '../../commands/refusals.js';
import type { GroupDefined, MemberAdded } from '../../events/member.events.js';
import type { ApiKeyIssued, organizationEvents } from '../../events/organization.events.js';
import type { Decider } from '../event-store/decider.js';

/** `issuedBy` is the actor who issued it. */
export type ApiKey = ApiKeyIssued & {
  issuedBy: string;
  issuedAt: string;
  revokedAt: string | null;
  version: number;
};
export type Member = MemberAdded & { addedAt: string; removedAt: string | null };
/** With who said so last, and when. */
export type Group = GroupDefined & { changedAt: string; changedBy: string };

export type Organization = {
  name: string;
  openedAt: string;
  version: number;
  keys: readonly ApiKey[];
  members: readonly Member[];
  groups: readonly Group[];
  lastErasure: { subject: string; erasedAt: string } | null;
};
export type OrganizationState = Organization | null;

type Evolve = Decider<OrganizationState, Record<never, never>, typeof organizationEvents>['evolve'];

export const evolveOrganization: Evolve = {
  'organization.account.opened': (_, { name }, { at, version }) => ({
    name,
    openedAt: at,
    version,
    keys: [],
    members: [],
    groups: [],
    lastErasure: null,
  }),
  'organization.api_key.issued': (state, data, { at, version, actor }) => {
    const key = { ...data, issuedBy: actor.id, issuedAt: at, revokedAt: null, version };
    return state && { ...state, version, keys: [...state.keys, key] };
  },
  'organization.api_key.revoked': (state, { keyId }, { at, version }) =>
    state && {
      ...state,
      version,
      keys: state.keys.map((key) => (key.keyId === keyId ? { ...key, revokedAt: at, version } : key)),
    },
  'organization.person.erased': (state, { subject }, { at, version }) =>
    state && { ...state, version, lastErasure: { subject, erasedAt: at } },
  'organization.member.added': (state, data, { at, version }) =>
    state && { ...state, version, members: [...state.members, { ...data, addedAt: at, removedAt: null }] },
  'organization.member.changed': (state, { memberId, name }, { version }) =>
    changeMember(state, memberId, version, { name }),
  'organization.member.removed': (state, { memberId }, { at, version }) =>
    changeMember(state, memberId, version, { removedAt: at }),
  'organization.group.defined': (state, data, { at, version, actor }) => {
    const group = { ...data, changedAt: at, changedBy: actor.id };
    return state && { ...state, version, groups: [...without(state.groups, data.groupKey), group] };
  },
  'organization.group.removed': (state, { groupKey }, { version }) =>
    state && { ...state, version, groups: without(state.groups, groupKey) },
};

const changeMember = (state: OrganizationState, memberId: string, version: number, change: Partial<Member>) =>
  state && {
    ...state,
    version,
    members: state.members.map((member) => (member.memberId === memberId ? { ...member, ...change } : member)),
  };

const without = (groups: readonly Group[], key: string): Group[] => groups.filter(({ groupKey }) => groupKey !== key);

/** @throws Refusal `not_found` */
export function mustBeOpen(state: OrganizationState): Organization {
  if (!state) throw new Refusal('not_found', 'There is no such organization.');
  return state;
}

/** The members that are not removed. */
export const presentMembers = ({ members }: Organization): Member[] =>
  members.filter(({ removedAt }) => removedAt === null);
