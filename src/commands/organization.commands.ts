import { ApiHideProperty } from '@nestjs/swagger';
import { Personal } from '../events/personal.js';
import { bounds } from './bounds.js';
import { DomainCommand } from './command.js';
import { Id, Line, OneOf, Optional } from './fields.js';
import { Refuses } from './refuses.js';

export const keyRoles = ['reader', 'auditor', 'writer', 'admin'] as const;
export type KeyRole = (typeof keyRoles)[number];

/** What each role includes. Auditors see what otherwise only admins see, and write nothing. */
const included: Readonly<Record<string, readonly KeyRole[]>> = {
  reader: ['reader'],
  auditor: ['reader', 'auditor'],
  writer: ['reader', 'writer'],
  admin: ['reader', 'auditor', 'writer', 'admin'],
} satisfies Record<KeyRole, readonly KeyRole[]>;

/** Whether a key with a role may do what takes another one; a role that a later program gave may do nothing. */
export const mayActAs = (role: string, needed: KeyRole): boolean => included[role]?.includes(needed) ?? false;
export const keyPrincipals = ['human', 'agent', 'service'] as const;

export abstract class OrganizationCommand extends DomainCommand {
  @ApiHideProperty()
  readonly organizationId!: string;

  get streamId(): string {
    return this.organizationId;
  }

  /** The organization stands in the path, or is a new one: it is never a field of the body. */
  of(organizationId: string): this {
    return Object.assign(this, { organizationId });
  }
}

/** Opens an organization. Its first key, an admin's, is issued with it. */
@Refuses('already_exists')
export class OpenOrganization extends OrganizationCommand {
  /** @example "Example Ltd" */
  @Line(200)
  readonly name!: string;

  /** SHA-256 of the first key, hex; made by the edge. */
  @ApiHideProperty()
  readonly keyHash!: string;
}

/** Issues an API key. */
@Refuses('not_permitted', 'unknown_member')
export class IssueApiKey extends OrganizationCommand {
  @Id()
  readonly keyId!: string;

  /**
   * Whose key it is, as events will name it.
   * @example ci
   */
  @Personal()
  @Line(120)
  readonly name!: string;

  /**
   * What it may do. A `reader` reads; an `auditor` also sees the keys, and writes nothing; a `writer` reads and writes
   * specs; an `admin` may do all of it, and manages keys, members, policies and templates.
   * @example writer
   */
  @OneOf(keyRoles)
  readonly role!: KeyRole;

  /**
   * The member whose key it is: whatever is done with it is done by that member.
   */
  @Optional()
  @Id()
  readonly memberId?: string;

  /**
   * Who acts with it: of a member's key what the member is, of another one a service by default.
   * @example service
   */
  @Optional()
  @OneOf(keyPrincipals)
  readonly principal?: (typeof keyPrincipals)[number];

  /** SHA-256 of the key, hex; made by the edge. */
  @ApiHideProperty()
  readonly keyHash!: string;
}

/** Revokes an API key: it opens nothing any more. */
export class RevokeApiKey extends OrganizationCommand {
  @Id()
  readonly keyId!: string;
}

/** Erases a person: the key that their name can be read with is destroyed, for good; not while a hold needs it. */
@Refuses('legal_hold')
export class ErasePerson extends OrganizationCommand {
  /**
   * The person as owners of specs and API keys name them; case makes no difference. This or `subject`.
   * @example "Ada Lovelace"
   */
  @Optional()
  @Line(bounds.owner)
  readonly person?: string;

  /** The person as the answer to an erasure named them: to erase them again in a database that was restored. */
  @Optional()
  @Id()
  readonly subject?: string;
}

export const organizationCommands = {
  'organization.account.open': OpenOrganization,
  'organization.api_key.issue': IssueApiKey,
  'organization.api_key.revoke': RevokeApiKey,
  'organization.person.erase': ErasePerson,
};
