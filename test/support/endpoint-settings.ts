import type { EndpointSettings } from '../../src/events/webhook.events.js';

/** Of an endpoint that is told of everything. */
export const endpointSettings: EndpointSettings = {
  url: 'https://hooks.example.com/',
  description: null,
  eventTypes: ['*'],
  filter: { specIds: [], labels: [], templates: [], lifecycles: [] },
  payload: 'thin',
  order: 'per_spec',
  onExhausted: 'halt',
  headers: null,
  timeoutSeconds: 15,
  maxConcurrent: 10,
  perSecond: null,
};
