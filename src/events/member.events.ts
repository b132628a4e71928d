import { Personal } from './personal.js';

/** Somebody, or something, that acts in the organization: `kind` stays as long as the member does. */
export class MemberAdded {
  readonly memberId!: string;
  @Personal()
  readonly name!: string;
  readonly kind!: 'human' | 'agent' | 'service';
}

export class MemberChanged {
  readonly memberId!: string;
  @Personal()
  readonly name!: string;
}

/** The keys are revoked, and the groups left, by events of the same append. */
export class MemberRemoved {
  readonly memberId!: string;
}

/** Who is in the group from here on. */
export class GroupDefined {
  readonly groupKey!: string;
  readonly title!: string;
  readonly members!: string[];
}

export class GroupRemoved {
  readonly groupKey!: string;
}

/** Storage format: stored forever, changed only by adding. */
export const memberEvents = {
  'organization.member.added': MemberAdded,
  'organization.member.changed': MemberChanged,
  'organization.member.removed': MemberRemoved,
  'organization.group.defined': GroupDefined,
  'organization.group.removed': GroupRemoved,
};
