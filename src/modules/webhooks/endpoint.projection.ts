import type { EndpointSettings, webhookEvents } from '../../events/webhook.events.js';
import type { Projection } from '../event-store/decider.js';
import { ProjectionTable } from '../event-store/projection-tables.js';
import type { EndpointSecret, EndpointState } from './endpoint.decider.js';
import { isThere } from './endpoint.decider.js';

export type EndpointRow = {
  organizationId: string;
  endpointId: string;
  status: string;
  settings: EndpointSettings;
  verification: boolean;
  verified: boolean;
  secrets: readonly EndpointSecret[];
  reason: string | null;
  failingSince: string | null;
  version: number;
  createdAt: string;
  updatedAt: string;
};

export const endpointTable = new ProjectionTable<EndpointRow>(
  'webhook_endpoint',
  {
    organizationId: 'uuid',
    endpointId: 'uuid',
    status: 'text',
    settings: 'jsonb',
    verification: 'boolean',
    verified: 'boolean',
    secrets: 'jsonb',
    reason: 'text',
    failingSince: 'timestamptz',
    version: 'bigint',
    createdAt: 'timestamptz',
    updatedAt: 'timestamptz',
  },
  ['organizationId', 'endpointId'],
);

export const projectEndpoint: Projection<EndpointState, typeof webhookEvents> = (state, _, context) => {
  const { organizationId, streamId: endpointId, version } = context;
  if (!isThere(state)) return [endpointTable.drop({ organizationId, endpointId })];
  const { warned: _warned, ...endpoint } = state;
  return [endpointTable.put({ organizationId, endpointId, ...endpoint, version })];
};
