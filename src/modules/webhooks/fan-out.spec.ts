import { expect, test } from 'vitest';
import type { EndpointSettings } from '../../events/webhook.events.js';
import { endpointSettings as settings } from '../../../test/support/endpoint-settings.js';
import type { RecordedEvent } from '../event-store/history.js';
import type { EventSpec } from './fan-out.js';
import { fanOut } from './fan-out.js';

const organizationId = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b01';
const spec: EventSpec = {
  specId: 'spec',
  number: 1,
  lifecycle: 'draft',
  revision: 1,
  labels: ['core'],
  template: 'spec',
};

let seq = 0;
const happened = (type: string, streamId: string, payload: object = {}, of = organizationId): RecordedEvent => ({
  organizationId: of,
  streamId,
  version: 1,
  seq: ++seq,
  eventId: `event ${seq}`,
  type,
  schemaVersion: 1,
  payload,
  metadata: { actor: { id: 'ann', kind: 'human', name: 'Ann' }, command: 'any', correlationId: 'any' },
  commandId: 'any',
  recordedAt: '2026-11-23T12:00:00.000Z',
  previousHash: '',
  hash: '',
});
const created = (endpointId: string, change: Partial<EndpointSettings> = {}) =>
  happened('webhook.endpoint.created', endpointId, {
    settings: { ...settings, ...change },
    secretId: 'secret',
    signature: 'hmac',
    verification: false,
  });
const edited = () => happened('spec.section.updated', 'spec');
const told = (events: RecordedEvent[]) =>
  fanOut(events, new Map(), ({ streamId }) => (streamId === 'spec' ? spec : undefined));

test('an endpoint is told what happens after it was created and until it is deleted, of its organization alone', () => {
  const [before, during, after] = [edited(), edited(), edited()];
  const elsewhere = happened('spec.section.updated', 'spec', {}, 'another');
  const { deliveries, deleted } = told([
    before,
    created('a'),
    during,
    elsewhere,
    happened('webhook.endpoint.deleted', 'a'),
    after,
  ]);
  expect(deliveries.map(({ eventId }) => eventId)).toEqual([during.eventId]);
  expect([...deleted]).toEqual(['a']);
});

test('what happens while it is paused is skipped, and what happens later is not', () => {
  const events = [created('a'), edited(), happened('webhook.endpoint.paused', 'a', { reason: null }), edited()];
  const { deliveries, resumed } = told([...events, happened('webhook.endpoint.resumed', 'a'), edited()]);
  expect(deliveries.map(({ state }) => state)).toEqual(['pending', 'skipped', 'pending']);
  expect([...resumed]).toEqual(['a']);
});

test('it is told that it is tested, whatever it listens to, and what is done to others but not to itself', () => {
  const a = created('a', { eventTypes: ['template.*'] });
  const b = created('b', { eventTypes: ['webhook.*'] });
  const { deliveries } = told([
    a,
    b,
    happened('webhook.endpoint.tested', 'a'),
    happened('webhook.endpoint.paused', 'b'),
  ]);
  expect(deliveries.map(({ endpointId, type }) => [endpointId, type])).toEqual([
    ['a', 'webhook.endpoint.tested'],
    ['b', 'webhook.endpoint.tested'],
  ]);
});

test('its order says what waits for what', () => {
  const others = [created('none', { order: 'none' }), created('per_spec'), created('strict', { order: 'strict' })];
  const { deliveries } = told([...others, edited(), happened('template.version.published', 'template')]);
  expect(deliveries.slice(-6).map(({ endpointId, queueKey }) => [endpointId, queueKey])).toEqual([
    ['none', null],
    ['per_spec', 'spec'],
    ['strict', 'strict'],
    ['none', null],
    ['per_spec', 'template'],
    ['strict', 'strict'],
  ]);
});
