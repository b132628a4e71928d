import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayUnique, IsArray, IsUUID } from 'class-validator';
import { Personal } from '../events/personal.js';
import { Id, Key, Line, OneOf, PathId } from './fields.js';
import { keyPrincipals, OrganizationCommand } from './organization.commands.js';
import { Refuses } from './refuses.js';

/** Ids of members, each once, in lower case as the service shows them. */
export const MemberIds = (maxItems: number) =>
  applyDecorators(
    IsArray(),
    ArrayMaxSize(maxItems),
    ArrayUnique(),
    IsUUID('all', { each: true }),
    ApiProperty({
      type: 'array',
      maxItems,
      uniqueItems: true,
      items: { type: 'string', format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b03' },
    }),
  );

/** Takes in a member: a person, an agent or a service whose keys all stand for the same one. */
@Refuses('not_permitted')
export class AddMember extends OrganizationCommand {
  @Id()
  readonly memberId!: string;

  /**
   * What the member is called.
   * @example "Ada Lovelace"
   */
  @Personal()
  @Line(120)
  readonly name!: string;

  /**
   * What the member is, for good: it never passes for another kind.
   * @example human
   */
  @OneOf(keyPrincipals)
  readonly kind!: (typeof keyPrincipals)[number];
}

/** Calls a member by another name. */
@Refuses('not_permitted')
export class ChangeMember extends OrganizationCommand {
  @PathId()
  readonly memberId!: string;

  /** @example "Ada King" */
  @Personal()
  @Line(120)
  readonly name!: string;
}

/** Removes a member: its keys are revoked, it leaves its groups, and its votes on what is in review count no more. */
@Refuses('not_permitted')
export class RemoveMember extends OrganizationCommand {
  @PathId()
  readonly memberId!: string;
}

/** Makes a group, or says who is in it from here on. */
@Refuses('not_permitted', 'unknown_member')
export class PutGroup extends OrganizationCommand {
  /** @example security */
  @Key(80)
  readonly groupKey!: string;

  /** @example "Security reviewers" */
  @Line(200)
  readonly title!: string;

  /** The members, by id. */
  @MemberIds(1000)
  readonly members!: string[];
}

/** Ends a group. A policy that asks for it waits until it is there again. */
@Refuses('not_permitted')
export class RemoveGroup extends OrganizationCommand {
  /** @example security */
  @Key(80)
  readonly groupKey!: string;
}

export const memberCommands = {
  'organization.member.add': AddMember,
  'organization.member.change': ChangeMember,
  'organization.member.remove': RemoveMember,
  'organization.group.put': PutGroup,
  'organization.group.remove': RemoveGroup,
};
