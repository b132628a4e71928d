import { expect, test, vi } from 'vitest';
import { DeadLetters } from '../../src/modules/event-store/dead-letters.js';
import { Subscriptions } from '../../src/modules/event-store/subscriptions.js';
import { startBroker } from '../support/kafka/broker.js';
import { kafkaAt } from '../support/kafka/settings.js';
import { expectPublished, readHistory, readTopic } from '../support/kafka/topic.js';
import { Writers } from '../support/kafka/writers.js';
import { startService } from '../support/service.js';

const kafka = startBroker();
const service = startService(() => ({ kafka: kafkaAt(kafka.broker.address, 'history') }));

const lanes = async () => {
  const all = await service.app.get(Subscriptions).status();
  return all.find(({ name }) => name === 'kafka')?.shards ?? [];
};

test.each(['stop', 'kill'] as const)(
  'after a %s of the broker under writes nothing is lost, and no stream is out of order',
  async (how) => {
    const writers = new Writers(service.organization);
    await writers.more(100);
    await kafka.broker.end(how);

    // Commands go on, the lag shows with its reason, and nobody's events are to blame.
    await writers.more(100);
    await vi.waitFor(
      async () => {
        // A lane may have none of these streams: then it has nothing to send, and no error.
        const behind = (await lanes()).filter(({ lagEvents, error }) => lagEvents > 0 && error !== null);
        expect(behind.length).toBeGreaterThan(0);
        for (const { error } of behind) {
          expect(error).toMatch(/^Unavailable: Kafka \(127\.0\.0\.1:\d+, topic history\): /);
        }
      },
      { timeout: 60_000, interval: 200 },
    );

    await kafka.broker.start();
    await writers.more(100);
    await writers.stop();
    expect(await service.app.get(Subscriptions).catchUp('kafka', 60_000)).toBe(true);
    const history = await readHistory(service.databaseUrl);
    expectPublished(await readTopic(kafka.broker.address, 'history'), history);
    expect(await service.app.get(DeadLetters).list('kafka')).toEqual([]);
    for (const { error } of await lanes()) expect(error).toBeNull();
  },
);
