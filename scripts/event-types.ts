import { eventSchemas } from '../src/events/event-schemas.js';
import type { RecordedEvent } from '../src/modules/event-store/history.js';
import { messageBody, messageSchema } from '../src/modules/webhooks/message.js';
import type { JsonSchema } from './event-schema.js';
import { schemaOf } from './event-schema.js';
import type { EventShape } from './event-shapes.js';
import type { EventName } from './golden-samples.js';
import { samples } from './golden-samples.js';

/** A type of event as `GET /v1/event-types`, the OpenAPI document and the AsyncAPI document tell of it. */
export type EventType = { type: string; schemaVersion: number; schema: JsonSchema; example: object };

const uuid = { type: 'string', format: 'uuid' };
const whole = { type: 'integer', minimum: 1 };

/** Every type, with the JSON Schema (2020-12) of the message that an endpoint is sent and an example of it. */
export function eventTypes(shapes: ReadonlyMap<string, EventShape>): EventType[] {
  return [...shapes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([type, shape]) => eventType(type, shape));
}

function eventType(type: string, { schemaVersion, shape }: EventShape): EventType {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: {
      specversion: { const: '1.0' },
      id: { ...uuid, description: 'The event; the same in every attempt: `webhook-id`.' },
      source: { type: 'string', format: 'uri-reference', description: 'The organization, as a path of the API.' },
      type: { const: type },
      subject: { ...uuid, description: 'The stream that the event belongs to.' },
      time: { type: 'string', format: 'date-time' },
      sequence: { type: 'string', pattern: '^[0-9]{16}$', description: 'Sorts as history does.' },
      datacontenttype: { const: 'application/json' },
      dataschema: { const: messageSchema(type, schemaVersion) },
      traceparent: { type: 'string' },
      data: { $id: messageSchema(type, schemaVersion), ...dataOf(schemaOf(shape)) },
    },
    required: ['specversion', 'id', 'source', 'type', 'subject', 'time', 'sequence', 'dataschema', 'data'],
  };
  return { type, schemaVersion, schema, example: exampleOf(type, schemaVersion) };
}

function dataOf(payload: JsonSchema): JsonSchema {
  const properties = {
    organizationId: uuid,
    streamId: uuid,
    version: { ...whole, description: 'The version of the stream that the event made: 1, 2, 3 without a gap.' },
    schemaVersion: whole,
    actor: {
      type: 'object',
      properties: { id: { type: 'string' }, kind: { type: 'string' } },
      required: ['id', 'kind'],
    },
    command: { type: 'string', description: 'The wire name of the command that caused it.' },
    spec: {
      type: ['object', 'null'],
      description: 'The spec that it is about, as it was when the message was written.',
      properties: { specId: uuid, number: whole, lifecycle: { type: 'string' }, revision: whole },
      required: ['specId', 'number', 'lifecycle', 'revision'],
    },
    changed: { type: 'array', items: { type: 'string' }, description: 'The members of the payload.' },
    about: {
      type: 'object',
      description: 'Those of them that are ids, keys, hashes or numbers.',
      additionalProperties: { type: ['string', 'number', 'boolean', 'null'] },
    },
    link: { type: 'string', format: 'uri-reference', description: 'A path of the API where it is read.' },
    truncated: { const: true, description: 'The payload was asked for and is too large.' },
    payload,
  };
  const { truncated: _truncated, payload: _payload, ...required } = properties;
  return { type: 'object', properties, required: Object.keys(required) };
}

function exampleOf(type: string, schemaVersion: number): object {
  const event: RecordedEvent = {
    organizationId: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b01',
    streamId: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11',
    version: 7,
    seq: 4711,
    eventId: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b33',
    type,
    schemaVersion,
    payload: samples[type as EventName].payload,
    metadata: {
      actor: { id: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b02', kind: 'service', name: 'ci' },
      command: 'spec.section.update',
      correlationId: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b99',
    },
    commandId: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b44',
    recordedAt: '2026-11-23T07:20:40.560Z',
    previousHash: '0f4b1dd36e5ac4b1a0a52f4f2f1f1a0d3c2b7a5e4d9c8f1e2d3c4b5a69788796',
    hash: '6d1f2e3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0',
  };
  const isOfSpec = type.startsWith('spec.') || type.startsWith('comment.');
  const spec = { specId: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11', number: 12, lifecycle: 'draft', revision: 1 };
  return JSON.parse(messageBody(event, isOfSpec ? spec : null, 'full', eventSchemas)) as object;
}
