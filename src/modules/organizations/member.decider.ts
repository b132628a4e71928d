import type { Caller } from '../../commands/command.js';
import type { memberCommands } from '../../commands/member.commands.js';
import type { IssueApiKey } from '../../commands/organization.commands.js';
import { Refusal } from '../../commands/refusals.js';
import type { ApiKeyIssued, organizationEvents } from '../../events/organization.events.js';
import type { Decider } from '../event-store/decider.js';
import type { Member, Organization, OrganizationState } from './organization-state.decider.js';
import { mustBeOpen, presentMembers } from './organization-state.decider.js';

type Rules = Decider<OrganizationState, typeof memberCommands, typeof organizationEvents>['decide'];

const mostMembers = 1000;
const mostGroups = 200;

/** Who belongs to an organization, and to which of its groups. */
export const decideMembers: Rules = {
  'organization.member.add': (state, { caller, memberId, name, kind }) => {
    refuseAgents(caller);
    if (presentMembers(mustBeOpen(state)).length >= mostMembers) {
      throw new Refusal('validation_failed', `An organization has at most ${mostMembers} members.`);
    }
    return [{ type: 'organization.member.added', data: { memberId, name, kind } }];
  },
  'organization.member.change': (state, { caller, memberId, name }) => {
    refuseAgents(caller);
    const member = find(mustBeOpen(state), memberId);
    if (!member || member.removedAt !== null) throw noMember();
    return member.name === name ? [] : [{ type: 'organization.member.changed', data: { memberId, name } }];
  },
  'organization.member.remove': (state, { caller, memberId }) => {
    refuseAgents(caller);
    const organization = mustBeOpen(state);
    const member = find(organization, memberId);
    if (!member) throw noMember();
    if (member.removedAt !== null) return [];
    const keys = organization.keys.filter((key) => key.memberId === memberId && key.revokedAt === null);
    const groups = organization.groups.filter(({ members }) => members.includes(memberId));
    return [
      ...keys.map(({ keyId }) => ({ type: 'organization.api_key.revoked' as const, data: { keyId } })),
      ...groups.map(({ groupKey, title, members: before }) => {
        const members = before.filter((id) => id !== memberId);
        return { type: 'organization.group.defined' as const, data: { groupKey, title, members } };
      }),
      { type: 'organization.member.removed', data: { memberId } },
    ];
  },
  'organization.group.put': (state, { caller, groupKey, title, members }) => {
    refuseAgents(caller);
    const organization = mustBeOpen(state);
    const present = new Set(presentMembers(organization).map(({ memberId }) => memberId));
    const unknown = members.findIndex((id) => !present.has(id));
    if (unknown >= 0) {
      const errors = [{ pointer: `/members/${unknown}`, code: 'member', message: 'there is no such member' }];
      throw new Refusal('unknown_member', 'Somebody who is named is no member of the organization.', { errors });
    }
    const known = organization.groups.find((group) => group.groupKey === groupKey);
    if (!known && organization.groups.length >= mostGroups) {
      throw new Refusal('validation_failed', `An organization has at most ${mostGroups} groups.`);
    }
    const isSame = known?.title === title && known.members.join() === members.join();
    return isSame ? [] : [{ type: 'organization.group.defined', data: { groupKey, title, members } }];
  },
  'organization.group.remove': (state, { caller, groupKey }) => {
    refuseAgents(caller);
    if (!mustBeOpen(state).groups.some((group) => group.groupKey === groupKey)) {
      throw new Refusal('not_found', 'There is no such group in this organization.');
    }
    return [{ type: 'organization.group.removed', data: { groupKey } }];
  },
};

/**
 * Whose the new key is, and as what it acts.
 * @throws Refusal when it would pass its member for another kind, or an agent would make itself somebody else
 */
export function holderOf(
  organization: Organization,
  { caller, memberId, principal }: IssueApiKey,
): Pick<ApiKeyIssued, 'memberId' | 'principal'> {
  const member = memberId === undefined ? undefined : find(organization, memberId);
  if (memberId !== undefined && member?.removedAt !== null) {
    throw new Refusal('unknown_member', 'The key would be of somebody who is no member of the organization.');
  }
  if (member && principal !== undefined && principal !== member.kind) {
    throw new Refusal('validation_failed', `The member is of the kind ${member.kind}, and so are its keys.`, {
      errors: [{ pointer: '/principal', code: 'kind', message: `must be ${member.kind}, or left out` }],
    });
  }
  const kind = member?.kind ?? principal ?? 'service';
  mustDecideOnKeysOf(kind, caller);
  return { memberId: memberId ?? null, principal: kind };
}

/** Keys of people and services are neither given nor taken by agents. */
export function mustDecideOnKeysOf(kind: ApiKeyIssued['principal'], caller: Caller): void {
  if (kind !== 'agent') refuseAgents(caller);
}

/** Who people are is not for agents to say: one that could would be whoever a policy asks for. */
function refuseAgents({ actor }: Caller): void {
  if (actor.kind === 'agent') throw new Refusal('not_permitted', 'An agent does not decide who is who.');
}

const find = ({ members }: Organization, id: string): Member | undefined =>
  members.find(({ memberId }) => memberId === id);

const noMember = () => new Refusal('not_found', 'There is no such member in this organization.');
