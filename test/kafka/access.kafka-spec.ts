import { Logger } from '@nestjs/common';
import kafkajs from 'kafkajs';
import { beforeAll, expect, test } from 'vitest';
import { Unavailable } from '../../src/modules/event-store/subscription.js';
import type { KafkaSettings } from '../../src/modules/kafka/kafka-settings.js';
import { KafkaPublisher } from '../../src/modules/kafka/kafka-publisher.js';
import { startBroker } from '../support/kafka/broker.js';
import { certificateOf, secured, users } from '../support/kafka/secure.js';
import { kafkaAt } from '../support/kafka/settings.js';
import { kcat } from '../support/kafka/topic.js';

const kafka = startBroker(secured);
let ca: string;

beforeAll(async () => {
  Logger.overrideLogger(['error', 'warn']);
  ca = await certificateOf(kafka.broker.folder);
  const admin = client('root').admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: 'granted', numPartitions: 2 }] });
  const { ALLOW } = kafkajs.AclPermissionTypes;
  const { LITERAL } = kafkajs.ResourcePatternTypes;
  const granted = {
    resourceType: kafkajs.AclResourceTypes.TOPIC,
    resourceName: 'granted',
    resourcePatternType: LITERAL,
  };
  const writer = { principal: 'User:writer', host: '*', permissionType: ALLOW };
  const { WRITE: operation } = kafkajs.AclOperationTypes;
  await admin.createAcls({ acl: [{ ...granted, ...writer, operation }] });
  await admin.disconnect();
});

const settings = (topic: string, username: keyof typeof users, password: string = users[username]): KafkaSettings => ({
  ...kafkaAt(kafka.broker.address, topic),
  ssl: { ca },
  sasl: { mechanism: 'plain', username, password },
});
const client = (username: keyof typeof users) => {
  const { brokers, sasl } = settings('granted', username);
  const { NOTHING: logLevel } = kafkajs.logLevel;
  return new kafkajs.Kafka({ brokers, ssl: { ca: [ca] }, sasl: sasl as kafkajs.SASLOptions, logLevel });
};
const record = (id: string) => ({ key: 'a:b', value: '{}', headers: { ce_id: id }, timestamp: '1795423665373' });

/** What comes of publishing one record. */
async function outcomeOf(at: KafkaSettings): Promise<unknown> {
  const publisher = new KafkaPublisher(at);
  try {
    return await publisher.publish([record('1')], AbortSignal.timeout(30_000)).catch((error: unknown) => error);
  } finally {
    await publisher.close();
  }
}

test.each(['plain', 'scram-sha-512'] as const)(
  'the right to write is enough, over TLS and as a user (%s)',
  async (mechanism) => {
    const at = settings('granted', 'writer');
    expect(await outcomeOf({ ...at, sasl: at.sasl && { ...at.sasl, mechanism } })).toBeUndefined();
  },
);

test('what was published over TLS can be read', async () => {
  const words = ['-X', 'security.protocol=sasl_ssl', '-X', `ssl.ca.location=${kafka.broker.folder}/ca.pem`];
  const user = ['-X', 'sasl.mechanism=PLAIN', '-X', 'sasl.username=root', '-X', `sasl.password=${users.root}`];
  const text = await kcat(
    kafka.broker.address,
    ...words,
    ...user,
    '-C',
    '-t',
    'granted',
    '-e',
    '-q',
    '-f',
    '%k %s %h\n',
  );
  expect(text).toBe('a:b {} ce_id=1\n'.repeat(2));
});

test.each<[string, () => KafkaSettings, RegExp]>([
  ['a wrong password', () => settings('granted', 'writer', 'wrong'), /authentication/i],
  ['a user who may not write', () => settings('granted', 'nobody'), /may not .*docs\/kafka\.md/],
  ['a topic that is missing and may not be made', () => settings('missing', 'writer'), /may not .*docs\/kafka\.md/],
  ['a certificate that nobody vouches for', () => ({ ...settings('granted', 'writer'), ssl: {} }), /certificate/],
  ['a broker that wants TLS', () => ({ ...settings('granted', 'writer'), ssl: undefined }), /Kafka \(/],
])("%s is told as it is, and is nobody's event's fault", async (_, at, message) => {
  const outcome = await outcomeOf(at());
  expect(outcome).toBeInstanceOf(Unavailable);
  expect((outcome as Error).message).toMatch(message);
});
