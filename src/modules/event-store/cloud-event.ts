import type { RecordedEvent } from './history.js';

/** The attributes of an event as a CloudEvent (CloudEvents 1.0.2, section 3), beside its data. */
export type CloudEventAttributes = {
  specversion: '1.0';
  id: string;
  source: string;
  type: string;
  subject: string;
  time: string;
  sequence: string;
  /** The distributed tracing extension (W3C Trace Context). */
  traceparent?: string;
};

/** What every way out says of an event, whichever binding it travels in. Names of persons are in none of them. */
export function cloudEventAttributes(event: RecordedEvent): CloudEventAttributes {
  const { organizationId, streamId, type, recordedAt, metadata } = event;
  return {
    specversion: '1.0',
    id: event.eventId,
    source: `/v1/organizations/${organizationId}`,
    type,
    subject: streamId,
    time: recordedAt,
    // The sequence extension wants strings that sort as the events do.
    sequence: String(event.seq).padStart(16, '0'),
    ...(metadata.traceparent && { traceparent: metadata.traceparent }),
  };
}

/** What those read who follow history itself: where the event stands in it, by what it is chained, and what caused it. */
export function historyAttributes(event: RecordedEvent): CloudEventAttributes & Record<string, string> {
  const { type, schemaVersion, metadata } = event;
  return {
    ...cloudEventAttributes(event),
    dataschema: dataSchema(type, schemaVersion),
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
  };
}

/** An event as a CloudEvent in structured mode (JSON format): attributes and data in one object. */
export const structuredCloudEvent = (event: RecordedEvent): object => ({
  ...historyAttributes(event),
  datacontenttype: 'application/json',
  data: event.payload,
});

/** What the payload of an event looks like: the `$id` of a schema in openapi/asyncapi.json. */
export const dataSchema = (type: string, schemaVersion: number): string =>
  `urn:specline:event:${type}:${schemaVersion}`;
