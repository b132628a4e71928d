import { randomInt } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { DeadLetters } from '../../src/modules/event-store/dead-letters.js';
import { Unavailable } from '../../src/modules/event-store/subscription.js';
import { Subscriptions } from '../../src/modules/event-store/subscriptions.js';
import { KafkaPublisher } from '../../src/modules/kafka/kafka-publisher.js';
import { startBroker } from '../support/kafka/broker.js';
import { LossyProxy } from '../support/kafka/lossy-proxy.js';
import { kafkaAt } from '../support/kafka/settings.js';
import { expectPublished, readHistory, readTopic } from '../support/kafka/topic.js';
import { Writers } from '../support/kafka/writers.js';
import { startService } from '../support/service.js';

const proxy = new LossyProxy();
const kafka = startBroker(async ({ port }) => [
  `advertised.listeners=PLAINTEXT://127.0.0.1:${await proxy.start(port)}`,
]);
const service = startService(() => ({ kafka: kafkaAt(kafka.broker.address, 'history') }));
afterAll(() => proxy.stop());

test('a batch whose acknowledgement got lost does not swallow the next one', async () => {
  const publisher = new KafkaPublisher(kafkaAt(kafka.broker.address, 'lost'));
  const publish = (id: string) => {
    const record = { key: 'a:b', value: `{"id":${id}}`, headers: { ce_id: id }, timestamp: '1795423665373' };
    return publisher.publish([record], AbortSignal.timeout(30_000));
  };
  await publish('1');
  proxy.losing = true;
  await expect(publish('2')).rejects.toBeInstanceOf(Unavailable);
  proxy.losing = false;
  // Of the same size: a producer that had gone on would have numbered it as it did the second, which the broker has.
  await publish('3');
  await publish('2');
  await publisher.close();
  const records = await readTopic(kafka.broker.address, 'lost');
  expect(records.map(({ headers }) => headers.ce_id)).toEqual(['1', '2', '3', '2']);
});

test('with connections cut and answers lost again and again, nothing is lost and no stream is out of order', async () => {
  const writers = new Writers(service.organization);
  for (let cuts = 0; cuts < 12; cuts++) {
    await setTimeout(randomInt(50, 250));
    if (cuts % 2) proxy.cut();
    proxy.losing = cuts % 3 === 0;
  }
  proxy.losing = false;
  await writers.stop();
  expect(writers.written).toBeGreaterThan(20);
  expect(await service.app.get(Subscriptions).catchUp('kafka', 60_000)).toBe(true);
  expectPublished(await readTopic(kafka.broker.address, 'history'), await readHistory(service.databaseUrl));
  expect(await service.app.get(DeadLetters).list('kafka')).toEqual([]);
});
