import { expect, test } from 'vitest';
import type { RecordedEvent } from '../event-store/history.js';
import { toTopicRecord } from './topic-record.js';

const event: RecordedEvent = {
  organizationId: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b01',
  streamId: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11',
  version: 7,
  seq: 4711,
  eventId: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b33',
  type: 'spec.section.updated',
  schemaVersion: 2,
  payload: { key: 'tldr', body: 'Ünïcödé "quoted"\n' },
  metadata: {
    actor: { id: 'ann', kind: 'human', name: 'Ann' },
    command: 'spec.section.update',
    correlationId: 'request-1',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  },
  commandId: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b44',
  recordedAt: '2026-11-23T07:20:40.560Z',
  previousHash: 'ab'.repeat(32),
  hash: 'cd'.repeat(32),
};

test('an event is a CloudEvent in binary mode: attributes as headers, its data as the value', () => {
  const { key, value, headers, timestamp } = toTopicRecord(event);
  expect(key).toBe('01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b01:01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11');
  expect(JSON.parse(value)).toEqual(event.payload);
  expect(timestamp).toBe('1795418440560');
  expect(headers).toEqual({
    'content-type': 'application/json; charset=utf-8',
    ce_specversion: '1.0',
    ce_id: event.eventId,
    ce_source: '/v1/organizations/01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b01',
    ce_type: 'spec.section.updated',
    ce_subject: event.streamId,
    ce_time: '2026-11-23T07:20:40.560Z',
    ce_dataschema: 'urn:specline:event:spec.section.updated:2',
    ce_sequence: '0000000000004711',
    ce_seq: '4711',
    ce_version: '7',
    ce_schemaversion: '2',
    ce_hash: event.hash,
    ce_previoushash: event.previousHash,
    ce_command: 'spec.section.update',
    ce_commandid: event.commandId,
    ce_correlationid: 'request-1',
    ce_actorid: 'ann',
    ce_actorkind: 'human',
    ce_traceparent: event.metadata.traceparent,
  });
});

test('a header that has nothing to say is left out, and the name of a person is in none', () => {
  const { traceparent: _, ...metadata } = event.metadata;
  const { headers } = toTopicRecord({ ...event, metadata });
  expect(headers).not.toHaveProperty('ce_traceparent');
  expect(Object.values(headers)).not.toContain('Ann');
});

test('sequences sort as text in the order of history', () => {
  const sequences = [9, 10, 99, 100, 2 ** 53 - 1].map((seq) => toTopicRecord({ ...event, seq }).headers.ce_sequence);
  expect(sequences.toSorted()).toEqual(sequences);
});

test('names of attributes are what CloudEvents allows: lower-case letters and digits', () => {
  const names = Object.keys(toTopicRecord(event).headers).filter((name) => name !== 'content-type');
  for (const name of names) expect(name).toMatch(/^ce_[a-z0-9]{1,20}$/);
});
