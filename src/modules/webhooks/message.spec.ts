import { expect, test } from 'vitest';
import { eventSchemas } from '../../events/event-schemas.js';
import type { RecordedEvent } from '../event-store/history.js';
import type { MessageData } from './message.js';
import { largestBody, messageBody } from './message.js';

const event: RecordedEvent = {
  organizationId: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b01',
  streamId: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11',
  version: 7,
  seq: 4711,
  eventId: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b33',
  type: 'spec.section.updated',
  schemaVersion: 1,
  payload: { key: 'risks', body: 'None is known.\n', contentHash: 'ab'.repeat(32) },
  metadata: {
    actor: { id: 'ann', kind: 'human', name: 'Ann Example' },
    command: 'spec.section.update',
    correlationId: 'request-1',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  },
  commandId: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b44',
  recordedAt: '2026-11-23T07:20:40.560Z',
  previousHash: 'ab'.repeat(32),
  hash: 'cd'.repeat(32),
};
const spec = { specId: event.streamId, number: 12, lifecycle: 'draft', revision: 1 };

const read = (body: string) => JSON.parse(body) as Record<string, unknown> & { data: MessageData };

test('a message is a CloudEvent 1.0 that says where to look and no content', () => {
  const body = messageBody(event, spec, 'thin', eventSchemas);
  expect(read(body)).toEqual({
    specversion: '1.0',
    id: event.eventId,
    source: '/v1/organizations/01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b01',
    type: 'spec.section.updated',
    subject: event.streamId,
    time: '2026-11-23T07:20:40.560Z',
    sequence: '0000000000004711',
    datacontenttype: 'application/json',
    dataschema: 'urn:specline:webhook:spec.section.updated:1',
    traceparent: event.metadata.traceparent,
    data: {
      organizationId: event.organizationId,
      streamId: event.streamId,
      version: 7,
      schemaVersion: 1,
      actor: { id: 'ann', kind: 'human' },
      command: 'spec.section.update',
      spec,
      changed: ['body', 'contentHash', 'key'],
      about: { contentHash: 'ab'.repeat(32), key: 'risks' },
      link: '/v1/organizations/01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b01/specs/01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11',
    },
  });
  expect(body).not.toContain('None is known');
  expect(body).not.toContain('Ann Example');
  for (const name of Object.keys(read(body))) expect(name).toMatch(/^[a-z0-9]{1,20}$/);
});

test('with its payload where that was asked for', () => {
  expect(read(messageBody(event, spec, 'full', eventSchemas)).data.payload).toEqual(event.payload);
});

test('a body is never larger than 64 KiB: what would be is sent without its payload, and says so', () => {
  const of = (length: number) => ({ ...event, payload: { ...event.payload, body: 'é'.repeat(length) } });
  const bytes = (length: number) => Buffer.byteLength(messageBody(of(length), spec, 'full', eventSchemas));
  const fits = Math.floor((largestBody - bytes(0)) / 2);
  expect(bytes(fits)).toBeGreaterThan(largestBody - 2);
  expect(bytes(fits)).toBeLessThanOrEqual(largestBody);
  const { data } = read(messageBody(of(fits + 1), spec, 'full', eventSchemas));
  expect(data).toMatchObject({ truncated: true, about: { key: 'risks' } });
  expect(data).not.toHaveProperty('payload');
  expect(read(messageBody(of(fits), spec, 'full', eventSchemas)).data).not.toHaveProperty('truncated');
});

test('whom an event names is in no thin message, and how it is protected is left as it is in a full one', () => {
  const issued = {
    ...event,
    type: 'organization.api_key.issued',
    payload: { keyId: 'k', name: 'pd1:abc:def', role: 'writer', principal: 'human', keyHash: 'x', memberId: null },
  };
  const { data } = read(messageBody(issued, null, 'thin', eventSchemas));
  expect(data.about).toEqual({ keyId: 'k', memberId: null });
  expect(data.link).toBe('/v1/organizations/01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b01');
  expect(messageBody(issued, null, 'thin', eventSchemas)).not.toContain('pd1:');
});
