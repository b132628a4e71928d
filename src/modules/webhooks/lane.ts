import type { EndpointSettings } from '../../events/webhook.events.js';
import type { Endpoint, EndpointSecret, EndpointStatus } from './endpoint.decider.js';

/** What history says of an endpoint, up to where the fan-out is. */
export type Lane = {
  organizationId: string;
  endpointId: string;
  status: EndpointStatus;
  settings: EndpointSettings;
  secrets: readonly EndpointSecret[];
  verification: boolean;
  verified: boolean;
  warned: number;
};

/** The state that the endpoint's rule folds on, as far as a lane knows it. */
export const stateOf = (lane: Lane): Endpoint => ({
  ...lane,
  reason: null,
  failingSince: null,
  createdAt: '',
  updatedAt: '',
});

export const laneOf = (organizationId: string, endpointId: string, endpoint: Endpoint): Lane => {
  const { status, settings, secrets, verification, verified, warned } = endpoint;
  return { organizationId, endpointId, status, settings, secrets, verification, verified, warned };
};
