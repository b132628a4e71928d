import type { RecordedEvent } from './history.js';

/**
 * The attributes of an event as a CloudEvent (CloudEvents 1.0.2), the same wherever events leave: as headers on Kafka, as
 * members of a JSON object over HTTP. Names of persons are in none of them.
 */
export function cloudEventAttributes(event: RecordedEvent): { id: string; type: string } & Record<string, string> {
  const { organizationId, streamId, type, schemaVersion, recordedAt, metadata } = event;
  return {
    specversion: '1.0',
    id: event.eventId,
    source: `/v1/organizations/${organizationId}`,
    type,
    subject: streamId,
    time: recordedAt,
    dataschema: dataSchema(type, schemaVersion),
    // The sequence extension wants strings that sort as the events do.
    sequence: String(event.seq).padStart(16, '0'),
    seq: String(event.seq),
    version: String(event.version),
    schemaversion: String(schemaVersion),
    hash: event.hash,
    previoushash: event.previousHash,
    command: metadata.command,
    commandid: event.commandId,
    correlationid: metadata.correlationId,
    actorid: metadata.actor.id,
    actorkind: metadata.actor.kind,
    // The distributed tracing extension (W3C Trace Context).
    ...(metadata.traceparent && { traceparent: metadata.traceparent }),
  };
}

/** An event as a CloudEvent in structured mode (JSON format): attributes and data in one object. */
export const structuredCloudEvent = (event: RecordedEvent): object => ({
  ...cloudEventAttributes(event),
  datacontenttype: 'application/json',
  data: event.payload,
});

/** What the data of an event looks like: the `$id` of a schema in openapi/asyncapi.json. */
export const dataSchema = (type: string, schemaVersion: number): string =>
  `urn:specline:event:${type}:${schemaVersion}`;
