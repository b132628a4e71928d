import { hash } from 'node:crypto';
import type { EventSchemas } from '../../events/event-schemas.js';

/** An event as stored and as read. `recordedAt` is RFC 3339 UTC with milliseconds, hashes are hex. */
export type RecordedEvent = {
  organizationId: string;
  streamId: string;
  version: number;
  seq: number;
  eventId: string;
  type: string;
  schemaVersion: number;
  payload: object;
  metadata: EventMetadata;
  commandId: string;
  recordedAt: string;
  previousHash: string;
  hash: string;
};

/**
 * An event as the program of today says it, to be folded, projected, handed on or shown. Its hashes go on covering what
 * is stored: whoever checks them takes the event as it was read from the table.
 *
 * @throws UnknownEventSchema when a later program stored it
 */
export function inPresentSchema(stored: RecordedEvent, schemas: EventSchemas): RecordedEvent {
  const { type, schemaVersion, payload } = stored;
  const present = schemas.upcast(type, schemaVersion, payload);
  return present === payload ? stored : { ...stored, schemaVersion: schemas.versionOf(type), payload: present };
}

/** Who and why: kept beside every event, never part of its payload. */
export type EventMetadata = {
  actor: { id: string; kind: 'human' | 'agent' | 'service' | 'system'; name: string };
  command: string;
  correlationId: string;
  traceparent?: string;
};

/** The hash before a stream's first event. */
export const genesisHash = '0'.repeat(64);

/** What an event says of itself: everything that its hash covers. */
export type EventStatement = Omit<RecordedEvent, 'seq' | 'hash' | 'previousHash'>;

/**
 * An event as canonical JSON: the text that is hashed and sent to the database. The database keeps payload and metadata
 * as jsonb, which orders keys its own way: hence a canonical form (RFC 8785 for the strings, integers, booleans and
 * nulls that events hold), so that the hash can be computed again from what is read back.
 */
export function stateEvent(event: EventStatement): string {
  const { commandId, eventId, metadata, organizationId, payload, recordedAt, schemaVersion, streamId, type, version } =
    event;
  // In canonical order already; ids, times and wire names have nothing to escape.
  return (
    `{"commandId":"${commandId}","eventId":"${eventId}","metadata":${canonicalJson(metadata)},` +
    `"organizationId":"${organizationId}","payload":${canonicalJson(payload)},"recordedAt":"${recordedAt}",` +
    `"schemaVersion":${schemaVersion},"streamId":"${streamId}","type":"${type}","version":${version}}`
  );
}

/** SHA-256 over the previous event's hash and the event's canonical JSON, hex: a chain a stream. */
export const chainHash = (previousHash: string, statement: string): string =>
  hash('sha256', `${previousHash}\n${statement}`);

/** JSON with object keys in UTF-16 order and no white space (RFC 8785); undefined members are left out. */
export function canonicalJson(value: unknown): string {
  if (isOrdered(value)) return JSON.stringify(value) ?? 'null';
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value as unknown[]) text += `${text === '' ? '' : ','}${canonicalJson(item)}`;
    return `[${text}]`;
  }
  const members = value as Record<string, unknown>;
  for (const name of Object.keys(members).sort()) {
    if (members[name] === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${canonicalJson(members[name])}`;
  }
  return `{${text}}`;
}

/** Whether the members of every object in it are in canonical order as they are: then the runtime writes it best. */
function isOrdered(value: unknown): boolean {
  if (value === null || typeof value !== 'object') return true;
  if (Array.isArray(value)) return value.every(isOrdered);
  let before = '';
  for (const name in value) {
    if (name < before || !isOrdered((value as Record<string, unknown>)[name])) return false;
    before = name;
  }
  return true;
}
