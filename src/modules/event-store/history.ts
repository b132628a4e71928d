import { createHash } from 'node:crypto';

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

/** Who and why: kept beside every event, never part of its payload. */
export type EventMetadata = {
  actor: { id: string; kind: 'human' | 'agent' | 'service' | 'system'; name: string };
  command: string;
  correlationId: string;
  traceparent?: string;
};

/** The hash before a stream's first event. */
export const genesisHash = '0'.repeat(64);

/**
 * SHA-256 over the previous event's hash and the canonical JSON of everything the event says. The database keeps
 * payload and metadata as jsonb, which orders keys its own way: hence a canonical form (RFC 8785 for the strings,
 * integers, booleans and nulls that events hold), so that the hash can be computed again from what is read back.
 */
export function hashEvent(event: Omit<RecordedEvent, 'seq' | 'hash'>): string {
  const { organizationId, streamId, version, eventId, type, schemaVersion, payload, metadata, commandId, recordedAt } =
    event;
  const said = {
    organizationId,
    streamId,
    version,
    eventId,
    type,
    schemaVersion,
    payload,
    metadata,
    commandId,
    recordedAt,
  };
  return createHash('sha256').update(event.previousHash).update('\n').update(canonicalJson(said)).digest('hex');
}

/** JSON with object keys in UTF-16 order and no white space (RFC 8785); undefined members are left out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
}
