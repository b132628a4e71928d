import { memberEvents } from './member.events.js';
import { Personal } from './personal.js';
import { SchemaVersion } from './schema-version.js';

export class OrganizationOpened {
  readonly name!: string;
}

/** The key itself is in no event: `keyHash` is its SHA-256, hex. `memberId` is whose it is; null where it stands for itself. */
@SchemaVersion(2)
export class ApiKeyIssued {
  readonly keyId!: string;
  @Personal()
  readonly name!: string;
  readonly role!: string;
  readonly principal!: string;
  readonly keyHash!: string;
  readonly memberId!: string | null;
}

export class ApiKeyRevoked {
  readonly keyId!: string;
}

/** The key that a person's name could be read with is destroyed, in the transaction of this event. */
export class PersonErased {
  /** The person, as tokens name them: nothing about it follows from the name. */
  readonly subject!: string;
}

/** Storage format: stored forever, changed only by adding. */
export const organizationEvents = {
  'organization.account.opened': OrganizationOpened,
  'organization.api_key.issued': ApiKeyIssued,
  'organization.api_key.revoked': ApiKeyRevoked,
  'organization.person.erased': PersonErased,
  ...memberEvents,
};
