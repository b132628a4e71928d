import { cloudEventAttributes, dataSchema } from '../event-store/cloud-event.js';
import type { RecordedEvent } from '../event-store/history.js';

/** A record as it goes to the topic. `timestamp` is milliseconds since 1970, as Kafka keeps it. */
export type TopicRecord = {
  key: string;
  value: string;
  headers: { ce_id: string } & Record<string, string>;
  timestamp: string;
};

/**
 * An event as a CloudEvent in the binary mode of the Kafka binding (CloudEvents 1.0.2, kafka-protocol-binding 3.2): the
 * attributes are headers, the value is the event's data and nothing else. The key keeps a stream in one partition.
 */
export function toTopicRecord(event: RecordedEvent): TopicRecord {
  const { organizationId, streamId, type, schemaVersion, recordedAt, metadata } = event;
  const headers: TopicRecord['headers'] = {
    'content-type': 'application/json; charset=utf-8',
    ...prefixed(cloudEventAttributes(event)),
    ce_id: event.eventId,
    ce_dataschema: dataSchema(type, schemaVersion),
    ce_seq: String(event.seq),
    ce_version: String(event.version),
    ce_schemaversion: String(schemaVersion),
    ce_hash: event.hash,
    ce_previoushash: event.previousHash,
    ce_command: metadata.command,
    ce_commandid: event.commandId,
    ce_correlationid: metadata.correlationId,
    ce_actorid: metadata.actor.id,
    ce_actorkind: metadata.actor.kind,
  };
  return {
    key: `${organizationId}:${streamId}`,
    value: JSON.stringify(event.payload),
    headers,
    timestamp: String(Date.parse(recordedAt)),
  };
}

/** Attributes under the names that headers have in the Kafka binding. */
const prefixed = (attributes: object): Record<string, string> =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce_${name}`, String(value)]));
