import { personalFields } from '../../events/personal.js';
import type { EventSchemas } from '../../events/event-schemas.js';
import { cloudEventAttributes } from '../event-store/cloud-event.js';
import type { RecordedEvent } from '../event-store/history.js';

/** How much a message says: where to look, or the whole payload of the event besides. */
export const payloadModes = ['thin', 'full'] as const;
export type PayloadMode = (typeof payloadModes)[number];

/** The spec that an event is about, as it was when the event was fanned out. */
export type SpecStanding = { specId: string; number: number; lifecycle: string; revision: number };

/** The data of a message: what is in `payload` only where it was asked for, and is not too large. */
export type MessageData = {
  organizationId: string;
  streamId: string;
  /** The version of the stream that the event made. */
  version: number;
  schemaVersion: number;
  actor: { id: string; kind: string };
  command: string;
  spec: SpecStanding | null;
  /** The members of the event's payload, by name. */
  changed: string[];
  /** Those of them that tell what it was about: ids, keys, hashes and numbers. */
  about: Record<string, string | number | boolean | null>;
  /** A path of the API where what changed is read. */
  link: string;
  /** Present where the payload was asked for and is too large: read it from the API. */
  truncated?: true;
  payload?: object;
};

/** Bytes of a body; what would be larger is sent thin. */
export const largestBody = 64 * 1024;

/** Members that identify, by the ends of their names; none of them ever holds content or a person. */
const identifies = /(?:^(?:key|number|revision|version|position|inForce|backTo|contentHash)|Id|Version)$/;
const longestIdentifier = 100;

/** What the data of a message looks like: the `$id` of a schema of `GET /v1/event-types`. */
export const messageSchema = (type: string, schemaVersion: number): string =>
  `urn:specline:webhook:${type}:${schemaVersion}`;

/**
 * The body of a message: a CloudEvent 1.0 in structured mode (JSON event format). It is the same, byte for byte, in every
 * attempt. Names of persons are in it as tokens only (docs/personal-data.md).
 */
export function messageBody(
  event: RecordedEvent,
  spec: SpecStanding | null,
  mode: PayloadMode,
  schemas: EventSchemas,
): string {
  const thin = dataOf(event, spec, schemas);
  if (mode === 'thin') return state(event, thin);
  const full = state(event, { ...thin, payload: event.payload });
  return Buffer.byteLength(full) <= largestBody ? full : state(event, { ...thin, truncated: true });
}

function state(event: RecordedEvent, data: MessageData): string {
  const { traceparent, ...attributes } = cloudEventAttributes(event);
  return JSON.stringify({
    ...attributes,
    datacontenttype: 'application/json',
    dataschema: messageSchema(event.type, event.schemaVersion),
    ...(traceparent && { traceparent }),
    data,
  });
}

function dataOf(event: RecordedEvent, spec: SpecStanding | null, schemas: EventSchemas): MessageData {
  const { organizationId, streamId, version, schemaVersion, metadata, payload, type } = event;
  const personal = new Set(personalFields(schemas.classOf(type)));
  const members = Object.entries(payload as Record<string, unknown>).sort(([a], [b]) => (a < b ? -1 : 1));
  const telling = members.filter(([name, value]) => !personal.has(name) && identifies.test(name) && isShort(value));
  return {
    organizationId,
    streamId,
    version,
    schemaVersion,
    actor: { id: metadata.actor.id, kind: metadata.actor.kind },
    command: metadata.command,
    spec,
    changed: members.map(([name]) => name),
    about: Object.fromEntries(telling) as MessageData['about'],
    link: linkOf(event, spec),
  };
}

const isShort = (value: unknown): boolean =>
  value === null ||
  typeof value === 'number' ||
  typeof value === 'boolean' ||
  (typeof value === 'string' && value.length <= longestIdentifier);

function linkOf({ organizationId, streamId, type }: RecordedEvent, spec: SpecStanding | null): string {
  const organization = `/v1/organizations/${organizationId}`;
  if (type.startsWith('comment.')) return `${organization}/threads/${streamId}`;
  if (spec) return `${organization}/specs/${spec.specId}`;
  return type.startsWith('webhook.') ? `${organization}/webhook-endpoints/${streamId}` : organization;
}
