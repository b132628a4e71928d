import type { organizationEvents } from '../../events/organization.events.js';
import type { Projection } from '../event-store/decider.js';
import type { RowChange } from '../event-store/projection-tables.js';
import { ProjectionTable } from '../event-store/projection-tables.js';
import type { Organization, OrganizationState } from './organization-state.decider.js';

type OrganizationRow = { organizationId: string; name: string; version: number; createdAt: string };
type ApiKeyRow = {
  organizationId: string;
  keyId: string;
  keyHash: string;
  name: string;
  role: string;
  principal: string;
  memberId: string | null;
  issuedBy: string;
  createdAt: string;
  revokedAt: string | null;
};
type MemberRow = {
  organizationId: string;
  memberId: string;
  name: string;
  kind: string;
  addedAt: string;
  removedAt: string | null;
};
type GroupRow = {
  organizationId: string;
  groupKey: string;
  title: string;
  members: string[];
  changedAt: string;
  changedBy: string;
};

export const organizationTable = new ProjectionTable<OrganizationRow>(
  'organization',
  { organizationId: 'uuid', name: 'text', version: 'bigint', createdAt: 'timestamptz' },
  ['organizationId'],
);

export const apiKeyTable = new ProjectionTable<ApiKeyRow>(
  'api_key',
  {
    organizationId: 'uuid',
    keyId: 'uuid',
    keyHash: 'text',
    name: 'text',
    role: 'text',
    principal: 'text',
    memberId: 'uuid',
    issuedBy: 'text',
    createdAt: 'timestamptz',
    revokedAt: 'timestamptz',
  },
  ['organizationId', 'keyId'],
);

export const memberTable = new ProjectionTable<MemberRow>(
  'member',
  {
    organizationId: 'uuid',
    memberId: 'uuid',
    name: 'text',
    kind: 'text',
    addedAt: 'timestamptz',
    removedAt: 'timestamptz',
  },
  ['organizationId', 'memberId'],
);

export const groupTable = new ProjectionTable<GroupRow>(
  'member_group',
  {
    organizationId: 'uuid',
    groupKey: 'text',
    title: 'text',
    members: 'text[]',
    changedAt: 'timestamptz',
    changedBy: 'text',
  },
  ['organizationId', 'groupKey'],
);

export const projectOrganization: Projection<OrganizationState, typeof organizationEvents> = (
  state,
  event,
  { organizationId, version },
) => {
  if (!state) return [];
  const row = organizationTable.put({ organizationId, name: state.name, version, createdAt: state.openedAt });
  return [row, ...rowsOf(state, event, organizationId)];
};

function rowsOf(
  { keys, members, groups }: Organization,
  { type, data }: Parameters<typeof projectOrganization>[1],
  organizationId: string,
): RowChange[] {
  if (type === 'organization.group.defined') {
    const found = groups.filter(({ groupKey }) => groupKey === data.groupKey);
    return found.map((group) => groupTable.put({ ...group, organizationId }));
  }
  if (type === 'organization.group.removed') return [groupTable.drop({ organizationId, groupKey: data.groupKey })];
  if ('keyId' in data) {
    const found = keys.filter(({ keyId }) => keyId === data.keyId);
    return found.map(({ version: _version, issuedAt: createdAt, ...key }) =>
      apiKeyTable.put({ ...key, organizationId, createdAt }),
    );
  }
  if (!('memberId' in data)) return [];
  const found = members.filter(({ memberId }) => memberId === data.memberId);
  return found.map((member) => memberTable.put({ ...member, organizationId }));
}
