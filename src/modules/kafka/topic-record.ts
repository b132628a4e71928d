import { historyAttributes } from '../event-store/cloud-event.js';
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
  const attributes = historyAttributes(event);
  const headers = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce_${name}`, value]));
  return {
    key: `${event.organizationId}:${event.streamId}`,
    value: JSON.stringify(event.payload),
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers, ce_id: attributes.id },
    timestamp: String(Date.parse(event.recordedAt)),
  };
}
