import { expect, test } from 'vitest';
import { Subscriptions } from '../event-store/subscriptions.js';
import type { RecordedEvent } from '../event-store/history.js';
import { Unavailable } from '../event-store/subscription.js';
import type { WorkerDatabase } from '../event-store/worker-database.js';
import { KafkaSubscription } from './kafka.subscription.js';

test('an event that a later program wrote waits for that program: its stream is not parked', async () => {
  const settings = {
    brokers: ['127.0.0.1:1'],
    topic: 't',
    clientId: 'c',
    partitions: 1,
    ssl: undefined,
    sasl: undefined,
  };
  const subscription = new KafkaSubscription(settings, new Subscriptions({} as WorkerDatabase));
  const event = { type: 'spec.section.updated', schemaVersion: 99, streamId: '0b', payload: {} } as RecordedEvent;
  const sent = subscription.send([event], AbortSignal.timeout(5_000));
  await expect(sent).rejects.toBeInstanceOf(Unavailable);
  await expect(sent).rejects.toThrow('spec.section.updated in schema version 99');
});
