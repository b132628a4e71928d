import type { EndpointSettings, webhookEvents } from '../src/events/webhook.events.js';
import type { SamplesOf } from './golden-values.js';
import { reason, specId, voteId } from './golden-values.js';

const secretId = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b99';
const endpointSettings: EndpointSettings = {
  url: 'https://hooks.example.com/specline',
  description: 'Our build server',
  eventTypes: ['spec.*'],
  filter: { specIds: [specId], labels: ['payments'], templates: ['spec'], lifecycles: ['approved'] },
  payload: 'thin',
  order: 'strict',
  onExhausted: 'halt',
  headers: { id: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b98', names: ['Authorization'] },
  timeoutSeconds: 15,
  maxConcurrent: 10,
  perSecond: 50,
};
const failingSince = '2026-11-20T12:00:00.000Z';

export const webhookSamples: SamplesOf<typeof webhookEvents> = {
  'webhook.endpoint.created': {
    after: [],
    payload: { settings: endpointSettings, secretId, signature: 'hmac', verification: true },
  },
  'webhook.endpoint.changed': {
    after: ['webhook.endpoint.created'],
    payload: { settings: { ...endpointSettings, payload: 'full', headers: null, perSecond: null } },
  },
  'webhook.endpoint.verified': { after: ['webhook.endpoint.created'], payload: { url: endpointSettings.url } },
  'webhook.endpoint.paused': { after: ['webhook.endpoint.created'], payload: { reason } },
  'webhook.endpoint.resumed': { after: ['webhook.endpoint.created', 'webhook.endpoint.paused'], payload: {} },
  'webhook.endpoint.tested': { after: ['webhook.endpoint.created'], payload: {} },
  'webhook.endpoint.secret_rotated': {
    after: ['webhook.endpoint.created'],
    payload: { secretId: voteId, signature: 'ed25519', othersExpireAt: '2026-11-24T12:00:00.000Z' },
  },
  'webhook.endpoint.warned': { after: ['webhook.endpoint.created'], payload: { stage: 1, failingSince } },
  'webhook.endpoint.disabled': {
    after: ['webhook.endpoint.created'],
    payload: { reason: 'failing', failingSince },
  },
  'webhook.endpoint.deleted': { after: ['webhook.endpoint.created'], payload: {} },
};
