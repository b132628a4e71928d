import { dataSchema } from '../src/modules/event-store/cloud-event.js';
import { toTopicRecord } from '../src/modules/kafka/topic-record.js';
import type { JsonSchema } from './event-schema.js';
import { schemaOf } from './event-schema.js';
import type { EventShape } from './event-shapes.js';
import type { EventType } from './event-types.js';

const bindingVersion = '0.5.0';
const uuid = { type: 'string', format: 'uuid' };
const sha256 = { type: 'string', pattern: '^[0-9a-f]{64}$' };
const digits = { type: 'string', pattern: '^[1-9][0-9]*$' };

const about = [
  'History as it is published to Kafka: one record an event, in the binary mode of the CloudEvents 1.0 binding. The headers',
  'are the attributes, the value is the data. The key is `organization:stream`, so a stream is in one partition, in order.',
  'Records are delivered at least once: pass over a `ce_version` that is not above the last one seen of its key. Pass over',
  'types and members that you do not know: history is changed by adding only. docs/kafka.md says more.',
].join(' ');

/** Attributes of CloudEvents and its extensions, all of them text: what `toTopicRecord` writes. */
const headers: Record<string, JsonSchema> = {
  'content-type': { const: 'application/json; charset=utf-8' },
  ce_specversion: { const: '1.0' },
  ce_id: { ...uuid, description: 'The event: `eventId` of the API. The same in every delivery.' },
  ce_source: { type: 'string', format: 'uri-reference', description: 'The organization, as a path of the API.' },
  ce_type: { type: 'string', description: 'The wire name of the event.' },
  ce_subject: { ...uuid, description: 'The stream: the id of the spec, template or organization.' },
  ce_time: { type: 'string', format: 'date-time', description: 'When it was recorded, UTC.' },
  ce_dataschema: { type: 'string', format: 'uri', description: 'The `$id` of the schema of the data.' },
  ce_sequence: { type: 'string', pattern: '^[0-9]{16}$', description: '`seq` in digits that sort as text.' },
  ce_seq: { ...digits, description: 'The position in the history of the whole database; it has gaps in a stream.' },
  ce_version: { ...digits, description: 'The version of the stream that the event made: 1, 2, 3 without a gap.' },
  ce_schemaversion: {
    ...digits,
    description: 'The schema version of the data: that of this document when it was published.',
  },
  ce_hash: { ...sha256, description: 'SHA-256 over the event as it is stored and the hash before it.' },
  ce_previoushash: { ...sha256, description: 'The hash of the event before it in the stream; zeros before the first.' },
  ce_command: { type: 'string', description: 'The wire name of the command that caused it.' },
  ce_commandid: uuid,
  ce_correlationid: { type: 'string', description: 'The id of the request that caused it.' },
  ce_actorid: { type: 'string', description: 'Who did it: an API key, or `operator`. Names are not published.' },
  ce_actorkind: { enum: ['human', 'agent', 'service', 'system'] },
  ce_traceparent: { type: 'string', description: 'The trace of the request (W3C Trace Context), if it came with one.' },
};

/** The AsyncAPI 3.0 document of the topic, and of what webhook endpoints are sent. */
export function asyncApiDocument(events: ReadonlyMap<string, EventShape>, types: readonly EventType[]): object {
  const names = [...events.keys()].sort();
  const messageRefs = names.map((name): [string, object] => [name, { $ref: `#/components/messages/${name}` }]);
  return {
    asyncapi: '3.0.0',
    info: { title: 'Specline events', version: '1', description: about },
    defaultContentType: 'application/json',
    channels: {
      history: {
        address: 'specline.events',
        title: 'History',
        description: 'What happened in all organizations. KAFKA_TOPIC gives the topic another name.',
        messages: Object.fromEntries(messageRefs),
        bindings: { kafka: { partitions: 12, bindingVersion } },
      },
      webhook: {
        address: null,
        title: 'Webhooks',
        description: 'What happened in an organization, posted to its endpoints. docs/webhooks.md says more.',
        messages: Object.fromEntries(
          types.map(({ type }) => [type, { $ref: `#/components/messages/${webhookName(type)}` }]),
        ),
      },
    },
    operations: {
      publishHistory: {
        action: 'send',
        channel: { $ref: '#/channels/history' },
        summary: 'Specline publishes every event once it is final.',
        messages: names.map((name) => ({ $ref: `#/channels/history/messages/${name}` })),
      },
      sendWebhook: {
        action: 'send',
        channel: { $ref: '#/channels/webhook' },
        summary: 'Specline posts each event to the endpoints that want to hear of it.',
        messages: types.map(({ type }) => ({ $ref: `#/channels/webhook/messages/${type}` })),
        bindings: { http: { method: 'POST', bindingVersion: '0.3.0' } },
      },
    },
    components: {
      messages: {
        ...Object.fromEntries(
          names.map((name) => [name, messageOf(name, events.get(name) ?? { schemaVersion: 1, shape: {} })]),
        ),
        ...Object.fromEntries(types.map((type) => [webhookName(type.type), webhookMessage(type)])),
      },
      schemas: {
        EventHeaders: {
          type: 'object',
          properties: headers,
          required: Object.keys(headers).filter((name) => name !== 'ce_traceparent'),
        },
        WebhookHeaders: {
          type: 'object',
          description: 'As Standard Webhooks 1.0.0 says.',
          properties: {
            'webhook-id': { ...uuid, description: 'The event.' },
            'webhook-timestamp': { ...digits, description: 'When it was sent, in seconds since 1970.' },
            'webhook-signature': { type: 'string', description: '`v1,` or `v1a,` and base64, for each live secret.' },
            'specline-delivery': { ...uuid, description: 'The delivery, as the log has it.' },
          },
          required: ['webhook-id', 'webhook-timestamp', 'webhook-signature', 'specline-delivery'],
        },
      },
    },
  };
}

const webhookName = (type: string): string => `webhook.${type}.message`;

const webhookMessage = ({ type, schema, example: payload }: EventType): object => ({
  name: type,
  contentType: 'application/json',
  headers: { $ref: '#/components/schemas/WebhookHeaders' },
  payload: schema,
  examples: [{ name: 'With its payload', payload }],
});

function messageOf(name: string, { schemaVersion, shape }: EventShape): object {
  return {
    name,
    contentType: 'application/json',
    headers: {
      allOf: [
        { $ref: '#/components/schemas/EventHeaders' },
        { type: 'object', properties: { ce_type: { const: name } } },
      ],
    },
    payload: { $id: dataSchema(name, schemaVersion), ...schemaOf(shape) },
    bindings: { kafka: { key: { type: 'string', description: '`organization:stream`' }, bindingVersion } },
    ...(name === exampleType ? { examples: [example(schemaVersion)] } : {}),
  };
}

const exampleType = 'spec.section.updated';

function example(schemaVersion: number): object {
  const { headers, value } = toTopicRecord({
    organizationId: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b01',
    streamId: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11',
    version: 7,
    seq: 4711,
    eventId: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b33',
    type: exampleType,
    schemaVersion,
    payload: {
      key: 'problem-statement',
      body: 'No search can be shared.\n',
      contentHash: '2d026e49fa29a1e8c52831e69a0c7a3f37360a06f6502f8ca0ea8d1740bcb237',
    },
    metadata: {
      actor: { id: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b02', kind: 'service', name: 'ci' },
      command: 'spec.section.update',
      correlationId: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b99',
    },
    commandId: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b44',
    recordedAt: '2026-11-23T07:20:40.560Z',
    previousHash: '0f4b1dd36e5ac4b1a0a52f4f2f1f1a0d3c2b7a5e4d9c8f1e2d3c4b5a69788796',
    hash: '6d1f2e3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0',
  });
  return { name: 'A section was edited', headers, payload: JSON.parse(value) as object };
}
