import { readFileSync } from 'node:fs';
import { StartError } from '../../start-error.js';

/** Where history is published, and as whom. */
export type KafkaSettings = {
  /** `host:port` of some brokers of the cluster; the others are learned from them. */
  brokers: string[];
  topic: string;
  clientId: string;
  /** How many partitions the topic gets if it has to be made. */
  partitions: number;
  /** TLS; `ca` is the authority to trust instead of those of Node, PEM. */
  ssl: { ca?: string } | undefined;
  sasl: { mechanism: SaslMechanism; username: string; password: string } | undefined;
};
export type SaslMechanism = 'plain' | 'scram-sha-256' | 'scram-sha-512';

/** A setting's text, checked against a rule whose `shape` a message can name; undefined where it is not set. */
type Read = (name: string, rule: RegExp, shape: string) => string | undefined;

/**
 * The settings of the Kafka relay, or undefined where KAFKA_BROKERS is not set.
 * @throws StartError where settings contradict each other, or a file cannot be read
 */
export function readKafkaSettings(read: Read): KafkaSettings | undefined {
  const brokers = read(
    'KAFKA_BROKERS',
    /^[\w.-]+:\d{1,5}(\s*,\s*[\w.-]+:\d{1,5})*$/,
    'host:port, or several with commas',
  );
  if (!brokers) return undefined;
  const caFile = read('KAFKA_SSL_CA', /./, 'the path of a PEM file');
  const ssl = read('KAFKA_SSL', /^(true|false)$/, 'true or false') === 'true';
  if (caFile && !ssl) throw new StartError('KAFKA_SSL_CA is of use only with KAFKA_SSL=true');
  const partitions = Number(read('KAFKA_TOPIC_PARTITIONS', /^[1-9]\d{0,3}$/, 'a whole number from 1 to 9999') ?? 12);
  return {
    brokers: brokers.split(',').map((broker) => broker.trim()),
    // The names that Kafka accepts.
    topic:
      read('KAFKA_TOPIC', /^(?!\.{1,2}$)[\w.-]{1,249}$/, 'a topic name: letters, digits, ".", "_" and "-"') ??
      'specline.events',
    clientId: read('KAFKA_CLIENT_ID', /^[\w.-]{1,200}$/, 'letters, digits, ".", "_" and "-"') ?? 'specline',
    partitions,
    ssl: ssl ? (caFile ? { ca: readCa(caFile) } : {}) : undefined,
    sasl: readSasl(read),
  };
}

function readCa(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new StartError(`KAFKA_SSL_CA cannot be read: ${(error as Error).message}`);
  }
}

function readSasl(read: Read): KafkaSettings['sasl'] {
  const mechanism = read(
    'KAFKA_SASL_MECHANISM',
    /^(plain|scram-sha-256|scram-sha-512)$/i,
    'PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512',
  );
  const username = read('KAFKA_SASL_USERNAME', /./, 'a user name');
  const password = read('KAFKA_SASL_PASSWORD', /./, 'a password');
  if (!mechanism && !username && !password) return undefined;
  if (!mechanism || !username || !password) {
    throw new StartError(
      'KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD go together: set all or none',
    );
  }
  return { mechanism: mechanism.toLowerCase() as SaslMechanism, username, password };
}
