import { randomBytes } from 'node:crypto';
import kafkajs from 'kafkajs';
import { beforeAll, expect, test } from 'vitest';
import { DeadLetters } from '../../src/modules/event-store/dead-letters.js';
import { Subscriptions } from '../../src/modules/event-store/subscriptions.js';
import { startAdmin } from '../support/admin.js';
import { startBroker } from '../support/kafka/broker.js';
import { kafkaAt } from '../support/kafka/settings.js';
import { expectPublished, readHistory, readTopic } from '../support/kafka/topic.js';
import { startService } from '../support/service.js';
import { documentOf, importSpec } from '../support/specs.js';

const topic = 'narrow';
const kafka = startBroker();

// What Kafka takes in one batch; an event of this service is about a kilobyte.
beforeAll(() =>
  asAdmin((admin) =>
    admin.createTopics({
      topics: [{ topic, numPartitions: 3, configEntries: [{ name: 'max.message.bytes', value: '6000' }] }],
    }),
  ),
);
const service = startService(() => ({ kafka: kafkaAt(kafka.broker.address, topic) }));

const write = (text: string) => importSpec(service.organization, documentOf('A spec', { TLDR: text }));
const edit = (specId: string, body: string) =>
  service.organization
    .request('patch', `/specs/${specId}/sections/tldr`)
    .set('if-match', '*')
    .send({ body })
    .expect(200);
const published = async () => {
  expect(await service.app.get(Subscriptions).catchUp('kafka', 60_000)).toBe(true);
  return readTopic(kafka.broker.address, topic);
};

test('an event that the topic cannot take parks its stream; others go on, and it is replayed in order', async () => {
  const small = await Promise.all([write('One.'), write('Two.'), write('Three.')]);
  const { specId: parked } = await write('Four.');
  // Eleven events of one commit, the last of them too large: they reach the relay together.
  const bodies = [...Array(10).keys()].map((at) => `Edit ${at}.\n`);
  const large = `${randomBytes(20_000).toString('base64')}\n`;
  const commands = [...bodies, large].map((body) => ({
    name: 'spec.section.update',
    body: { sectionKey: 'tldr', body },
  }));
  const edits = service.organization.request('post', `/specs/${parked}/commands`).set('if-match', '*');
  await edits.send({ commands }).expect(200);
  await edit(parked, 'Small, but it comes behind.\n');
  for (const { specId } of small) await edit(specId, 'Edited.\n');

  const before = await published();
  const history = await readHistory(service.databaseUrl);
  expectPublished(
    before,
    history.filter(({ streamId, version }) => streamId !== parked || version < 12),
  );
  // What had been acknowledged when the batch was refused is not sent again.
  expect(new Set(before.map(({ headers }) => headers.ce_id)).size).toBe(before.length);
  const { organizationId } = service.organization;
  const deadLetters = service.app.get(DeadLetters);
  expect(await deadLetters.list('kafka')).toMatchObject([
    { organizationId, streamId: parked, firstVersion: 12, lastVersion: 13, events: 2 },
  ]);
  expect((await deadLetters.list('kafka'))[0]?.error).toMatch(/refuses a record for the topic narrow: .*larger/);

  // As an operator does it.
  const settings = { KAFKA_BROKERS: kafka.broker.address, KAFKA_TOPIC: topic };
  const replay = () =>
    startAdmin(service.databaseUrl, ['parked', 'replay', 'kafka', organizationId, parked, '--json'], settings).ended;
  expect(await replay()).toMatchObject({ code: 1, lines: [{ replayed: 0, left: 2 }] });
  await setLimit('1000000');
  expect(await replay()).toMatchObject({ code: 0, lines: [{ replayed: 2, left: 0, error: null }] });
  await edit(parked, 'It goes on.\n');
  expectPublished(await published(), await readHistory(service.databaseUrl));
  expect(await deadLetters.list('kafka')).toEqual([]);
});

test('a large event goes through where it fits compressed, and many small ones where they fit apart', async () => {
  await setLimit('6000');
  await write('many words '.repeat(10_000));
  await Promise.all(Array.from({ length: 40 }, (_, at) => write(`${at} ${'x'.repeat(2_000)}`)));
  expectPublished(await published(), await readHistory(service.databaseUrl));
  expect(await service.app.get(DeadLetters).list('kafka')).toEqual([]);
});

const setLimit = (value: string) =>
  asAdmin((admin) =>
    admin.alterConfigs({
      validateOnly: false,
      resources: [
        {
          type: kafkajs.ConfigResourceTypes.TOPIC,
          name: topic,
          configEntries: [{ name: 'max.message.bytes', value }],
        },
      ],
    }),
  );

async function asAdmin(work: (admin: kafkajs.Admin) => Promise<unknown>): Promise<void> {
  const brokers = [kafka.broker.address];
  const admin = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.disconnect();
  }
}
