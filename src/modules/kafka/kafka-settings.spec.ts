import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from '../../config.js';

const kafkaOf = (environment: NodeJS.ProcessEnv) => readConfig(environment).kafka;

test('without KAFKA_BROKERS nothing is published', () => {
  expect(kafkaOf({})).toBeUndefined();
  expect(kafkaOf({ KAFKA_BROKERS: ' ', KAFKA_TOPIC: 'history' })).toBeUndefined();
});

test('brokers alone are enough', () => {
  expect(kafkaOf({ KAFKA_BROKERS: 'one.example:9092, 10.0.0.2:9093' })).toEqual({
    brokers: ['one.example:9092', '10.0.0.2:9093'],
    topic: 'specline.events',
    clientId: 'specline',
    partitions: 12,
    ssl: undefined,
    sasl: undefined,
  });
});

test('everything can be set', () => {
  const folder = mkdtempSync(join(tmpdir(), 'specline-ca-'));
  try {
    writeFileSync(join(folder, 'ca.pem'), 'an authority');
    const settings = kafkaOf({
      KAFKA_BROKERS: 'one:9092',
      KAFKA_TOPIC: 'history_1',
      KAFKA_CLIENT_ID: 'eu-1',
      KAFKA_TOPIC_PARTITIONS: '48',
      KAFKA_SSL: 'true',
      KAFKA_SSL_CA: join(folder, 'ca.pem'),
      KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
      KAFKA_SASL_USERNAME: 'specline',
      KAFKA_SASL_PASSWORD: 'a secret',
    });
    expect(settings).toEqual({
      brokers: ['one:9092'],
      topic: 'history_1',
      clientId: 'eu-1',
      partitions: 48,
      ssl: { ca: 'an authority' },
      sasl: { mechanism: 'scram-sha-512', username: 'specline', password: 'a secret' },
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each<[NodeJS.ProcessEnv, string]>([
  [{ KAFKA_BROKERS: 'no-port' }, 'KAFKA_BROKERS must be'],
  [{ KAFKA_BROKERS: 'http://one:9092' }, 'KAFKA_BROKERS must be'],
  [{ KAFKA_TOPIC: 'two words' }, 'KAFKA_TOPIC must be'],
  [{ KAFKA_TOPIC: '..' }, 'KAFKA_TOPIC must be'],
  [{ KAFKA_TOPIC_PARTITIONS: '0' }, 'KAFKA_TOPIC_PARTITIONS must be'],
  [{ KAFKA_SSL: 'yes' }, 'KAFKA_SSL must be true or false'],
  [{ KAFKA_SSL_CA: 'ca.pem' }, 'KAFKA_SSL_CA is of use only with KAFKA_SSL=true'],
  [{ KAFKA_SSL: 'true', KAFKA_SSL_CA: '/no/such/file.pem' }, 'KAFKA_SSL_CA cannot be read'],
  [{ KAFKA_SASL_MECHANISM: 'GSSAPI' }, 'KAFKA_SASL_MECHANISM must be'],
  [{ KAFKA_SASL_USERNAME: 'specline' }, 'go together'],
])('what cannot be meant is refused at the start: %o', (environment, message) => {
  expect(() => kafkaOf({ KAFKA_BROKERS: 'one:9092', ...environment })).toThrow(message);
});
