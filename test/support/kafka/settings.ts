import type { KafkaSettings } from '../../../src/modules/kafka/kafka-settings.js';

/** What KAFKA_BROKERS and KAFKA_TOPIC come to, with few partitions, so that streams share them. */
export const kafkaAt = (address: string, topic: string): KafkaSettings => ({
  brokers: [address],
  topic,
  clientId: 'specline-test',
  partitions: 5,
  ssl: undefined,
  sasl: undefined,
});
