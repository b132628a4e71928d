import { Injectable } from '@nestjs/common';
import { Refusal } from '../../commands/refusals.js';
import { Database } from '../event-store/database.js';
import { PersonalData } from '../event-store/personal-data.js';
import type { ApiKeyList, ApiKeyView, OrganizationView } from './organization.view.js';

const time = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const one = {
  name: 'organizations.one',
  text: `select organization_id as "organizationId", name, ${time('created_at')} as "createdAt"
    from specline.organization where organization_id = $1`,
};
const keys = {
  name: 'organizations.keys',
  text: `select key_id as "keyId", name, role, principal, member_id as "memberId", issued_by as "issuedBy", ${time('created_at')} as "createdAt", ${time('revoked_at')} as "revokedAt"
    from specline.api_key where organization_id = $1 order by created_at, key_id`,
};
const any = { name: 'organizations.any', text: 'select specline.has_organizations() as "any"' };

@Injectable()
export class OrganizationQueries {
  constructor(
    private readonly database: Database,
    private readonly personal: PersonalData,
  ) {}

  async one(organizationId: string): Promise<OrganizationView> {
    const [organization] = await this.database.query<OrganizationView>(organizationId, one, [organizationId]);
    if (!organization) throw new Refusal('not_found', 'There is no such organization.');
    return organization;
  }

  /** Every key that was ever issued, oldest first; there are few of them, so the list has one page. */
  async keys(organizationId: string): Promise<ApiKeyList> {
    const stored = await this.database.query<ApiKeyView>(organizationId, keys, [organizationId]);
    const items = await this.personal.reveal(organizationId, stored, ['name']);
    return { items, page: { next: null } };
  }

  /** Whether this installation has any organization yet. */
  async hasAny(): Promise<boolean> {
    const [row] = await this.database.call<{ any: boolean }>(any, []);
    return row?.any ?? false;
  }
}
