import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Caller, Outcome } from '../../commands/command.js';
import { AddMember, ChangeMember, PutGroup, RemoveGroup, RemoveMember } from '../../commands/member.commands.js';
import type { OrganizationCommand } from '../../commands/organization.commands.js';
import { ApiKeys } from '../auth/api-keys.js';
import { CommandRoute, From, FromRequest } from '../http/command-route.js';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { MemberQueries } from './member.queries.js';
import { GroupList, GroupView, MemberList, MemberReceipt, MemberView } from './member.view.js';
import { OrganizationReceipt } from './organization.view.js';

const tag = 'Members';

@Controller('v1/organizations/:organizationId')
export class MembersController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: MemberQueries,
    private readonly apiKeys: ApiKeys,
  ) {}

  @CommandRoute('Post', 'members', {
    summary: 'Take in a member: a person, an agent or a service',
    operationId: 'addMember',
    tag,
    json: AddMember,
    creates: { id: 'memberId', location: ({ memberId }) => `/members/${String(memberId)}` },
    receipt: MemberReceipt,
    access: 'admin',
  })
  add(@FromRequest() command: AddMember, @From() caller: Caller): Promise<Outcome> {
    return this.execute(command, caller);
  }

  @QueryRoute('members', { summary: 'List the members', operationId: 'listMembers', tag, view: MemberList })
  members(@Asked() { organizationId }: Ask): Promise<MemberList> {
    return this.queries.members(organizationId);
  }

  @QueryRoute('members/:memberId', { summary: 'Read a member', operationId: 'getMember', tag, view: MemberView })
  member(@Asked() { organizationId, path }: Ask): Promise<MemberView> {
    return this.queries.member(organizationId, path.memberId ?? '');
  }

  @CommandRoute('Patch', 'members/:memberId', {
    summary: 'Call a member by another name',
    operationId: 'changeMember',
    tag,
    json: ChangeMember,
    receipt: OrganizationReceipt,
    access: 'admin',
  })
  change(@FromRequest() command: ChangeMember, @From() caller: Caller): Promise<Outcome> {
    return this.execute(command, caller);
  }

  @CommandRoute('Delete', 'members/:memberId', {
    summary: 'Remove a member and revoke its keys',
    operationId: 'removeMember',
    tag,
    bodiless: RemoveMember,
    receipt: OrganizationReceipt,
    access: 'admin',
  })
  remove(@FromRequest() command: RemoveMember, @From() caller: Caller): Promise<Outcome> {
    return this.execute(command, caller);
  }

  @CommandRoute('Put', 'groups/:groupKey', {
    summary: 'Make a group, or say who is in it',
    operationId: 'putGroup',
    tag,
    json: PutGroup,
    receipt: OrganizationReceipt,
    access: 'admin',
  })
  putGroup(@FromRequest() command: PutGroup, @From() caller: Caller): Promise<Outcome> {
    return this.execute(command, caller);
  }

  @QueryRoute('groups', { summary: 'List the groups', operationId: 'listGroups', tag, view: GroupList })
  groups(@Asked() { organizationId }: Ask): Promise<GroupList> {
    return this.queries.groups(organizationId);
  }

  @QueryRoute('groups/:groupKey', { summary: 'Read a group', operationId: 'getGroup', tag, view: GroupView })
  group(@Asked() { organizationId, path }: Ask): Promise<GroupView> {
    return this.queries.group(organizationId, path.groupKey ?? '');
  }

  @CommandRoute('Delete', 'groups/:groupKey', {
    summary: 'End a group',
    operationId: 'removeGroup',
    tag,
    bodiless: RemoveGroup,
    receipt: OrganizationReceipt,
    access: 'admin',
  })
  removeGroup(@FromRequest() command: RemoveGroup, @From() caller: Caller): Promise<Outcome> {
    return this.execute(command, caller);
  }

  /** What this process knows of keys (whose they are, what they are called) is asked anew behind it. */
  private async execute(command: OrganizationCommand, caller: Caller): Promise<Outcome> {
    const outcome = await this.commands.execute(command.of(caller.organizationId).from(caller));
    this.apiKeys.forget();
    return outcome;
  }
}
