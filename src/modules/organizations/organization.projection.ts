import type { organizationEvents } from '../../events/organization.events.js';
import type { Projection } from '../event-store/decider.js';
import { ProjectionTable } from '../event-store/projection-tables.js';
import type { OrganizationState } from './organization.decider.js';

type OrganizationRow = { organizationId: string; name: string; version: number; createdAt: string };
type ApiKeyRow = {
  organizationId: string;
  keyId: string;
  keyHash: string;
  name: string;
  role: string;
  principal: string;
  createdAt: string;
  revokedAt: string | null;
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
    createdAt: 'timestamptz',
    revokedAt: 'timestamptz',
  },
  ['organizationId', 'keyId'],
);

export const projectOrganization: Projection<OrganizationState, typeof organizationEvents> = (
  state,
  { data },
  context,
) => {
  if (!state) return [];
  const { organizationId, version } = context;
  const row = organizationTable.put({ organizationId, name: state.name, version, createdAt: state.openedAt });
  const key = 'keyId' in data ? state.keys.find(({ keyId }) => keyId === data.keyId) : undefined;
  if (!key) return [row];
  const { version: _version, issuedAt, ...rest } = key;
  return [row, apiKeyTable.put({ ...rest, organizationId, createdAt: issuedAt })];
};
