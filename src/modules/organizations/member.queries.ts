import { Injectable } from '@nestjs/common';
import { Refusal } from '../../commands/refusals.js';
import { Database } from '../event-store/database.js';
import { PersonalData } from '../event-store/personal-data.js';
import type { GroupList, GroupView, MemberList, MemberView } from './member.view.js';

const time = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const members = {
  name: 'organizations.members',
  text: `select member_id as "memberId", name, kind, ${time('added_at')} as "addedAt", ${time('removed_at')} as "removedAt"
    from specline.member where organization_id = $1 and ($2::uuid is null or member_id = $2) order by added_at, member_id`,
};
const groups = {
  name: 'organizations.groups',
  text: `select group_key as "groupKey", title, members
    from specline.member_group where organization_id = $1 and ($2::text is null or group_key = $2) order by group_key`,
};

/** Who belongs to an organization, and to which of its groups. */
@Injectable()
export class MemberQueries {
  constructor(
    private readonly database: Database,
    private readonly personal: PersonalData,
  ) {}

  /** Every member there ever was, oldest first; there are few of them, so the list has one page. */
  async members(organizationId: string): Promise<MemberList> {
    return { items: await this.read(organizationId, null), page: { next: null } };
  }

  /** @throws Refusal `not_found` */
  async member(organizationId: string, memberId: string): Promise<MemberView> {
    const [member] = await this.read(organizationId, memberId);
    if (!member) throw new Refusal('not_found', 'There is no such member in this organization.');
    return member;
  }

  /** All groups, by key. */
  async groups(organizationId: string): Promise<GroupList> {
    const items = await this.database.query<GroupView>(organizationId, groups, [organizationId, null]);
    return { items, page: { next: null } };
  }

  /** @throws Refusal `not_found` */
  async group(organizationId: string, groupKey: string): Promise<GroupView> {
    const [group] = await this.database.query<GroupView>(organizationId, groups, [organizationId, groupKey]);
    if (!group) throw new Refusal('not_found', 'There is no such group in this organization.');
    return group;
  }

  private async read(organizationId: string, memberId: string | null): Promise<MemberView[]> {
    const stored = await this.database.query<MemberView>(organizationId, members, [organizationId, memberId]);
    return this.personal.reveal(organizationId, stored, ['name']);
  }
}
