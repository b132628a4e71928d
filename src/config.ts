import { resolve } from 'node:path';
import type { KafkaSettings } from './modules/kafka/kafka-settings.js';
import { readKafkaSettings } from './modules/kafka/kafka-settings.js';
import type { WebhookSettings } from './modules/webhooks/webhook-settings.js';
import { readWebhookSettings } from './modules/webhooks/webhook-settings.js';
import { StartError } from './start-error.js';

/** Everything that can be set from outside, validated once at start. docs/configuration.md lists the same. */
export type Config = {
  /** Address to listen on. HOST, 127.0.0.1 by default. */
  host: string;
  /** PORT, 3000 by default; 0 takes a free one. */
  port: number;
  /** DATABASE_URL; without it a PostgreSQL of our own runs under the data directory. */
  databaseUrl: string | undefined;
  /** SPECLINE_DATA_DIR, .specline by default. */
  dataDir: string;
  /** SPECLINE_DATABASE_CONNECTIONS: how many connections one process opens at most, 10 by default. */
  databaseConnections: number;
  /** SPECLINE_OPERATOR_KEY: who may create organizations. Without it nobody may, over HTTP. */
  operatorKey: string | undefined;
  /** SPECLINE_MASTER_KEY: the 32 bytes that secrets in the database are sealed under. */
  masterKey: Buffer | undefined;
  /** SPECLINE_RATE_LIMIT: how many requests a key may send a minute to one process. Without it nobody counts. */
  requestsPerMinute: number | undefined;
  /** SPECLINE_WORKERS, true by default: false for a process that only answers requests. */
  workers: boolean;
  /** SPECLINE_BOOTSTRAP_ORGANIZATION_ID and SPECLINE_BOOTSTRAP_API_KEY fix what the first start creates. */
  bootstrap: { organizationId: string | undefined; apiKey: string | undefined };
  /** KAFKA_BROKERS and what belongs to it; without it nothing is published. */
  kafka: KafkaSettings | undefined;
  /** SPECLINE_WEBHOOK_ALLOWED_NETWORKS, SPECLINE_WEBHOOK_ALLOW_HTTP, SPECLINE_WEBHOOK_RETENTION_DAYS. */
  webhooks: WebhookSettings;
  /** SPECLINE_COLD_AFTER_DAYS: when the history of archived specs is moved apart. Without it that never happens. */
  coldAfterDays: number | undefined;
};

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** 32 bytes: 43 characters, of which the last carries four bits. */
const base64Key = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=?$/;
const token = /^[\x21-\x7e]{1,500}$/;
const tokenShape = 'up to 500 characters of visible ASCII without spaces';

/**
 * The settings of an environment.
 * @throws StartError naming the variable that cannot be used
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const read = (name: string, rule: RegExp, shape: string): string | undefined => {
    const value = environment[name]?.trim();
    if (!value) return undefined;
    if (!rule.test(value)) throw new StartError(`${name} must be ${shape}`);
    return value;
  };
  const whole = (name: string, fallback: number, most: number): number => {
    const value = Number(read(name, /^\d{1,9}$/, 'a whole number') ?? fallback);
    if (value > most) throw new StartError(`${name} must be at most ${most}`);
    return value;
  };
  return {
    host: read('HOST', /^[\w.:-]+$/, 'a host name or an address') ?? '127.0.0.1',
    port: whole('PORT', 3000, 65535),
    databaseUrl: asPsqlReadsIt(read('DATABASE_URL', /^postgres(?:ql)?:\/\//, 'a postgres:// URL')),
    dataDir: resolve(environment.SPECLINE_DATA_DIR?.trim() || '.specline'),
    databaseConnections: Math.max(2, whole('SPECLINE_DATABASE_CONNECTIONS', 10, 1000)),
    masterKey: decoded(read('SPECLINE_MASTER_KEY', base64Key, '32 bytes as base64 (openssl rand -base64 32)')),
    operatorKey: read('SPECLINE_OPERATOR_KEY', token, tokenShape),
    requestsPerMinute: whole('SPECLINE_RATE_LIMIT', 0, 100_000_000) || undefined,
    workers: (read('SPECLINE_WORKERS', /^(true|false)$/, 'true or false') ?? 'true') === 'true',
    bootstrap: {
      organizationId: read('SPECLINE_BOOTSTRAP_ORGANIZATION_ID', uuid, 'a UUID')?.toLowerCase(),
      apiKey: read('SPECLINE_BOOTSTRAP_API_KEY', token, tokenShape),
    },
    kafka: readKafkaSettings(read),
    webhooks: readWebhookSettings(read),
    coldAfterDays: whole('SPECLINE_COLD_AFTER_DAYS', 0, 36_500) || undefined,
  };
}

const decoded = (base64: string | undefined): Buffer | undefined =>
  base64 ? Buffer.from(base64, 'base64') : undefined;

/** pg gives sslmode another meaning than PostgreSQL's own tools do, and warns of it, unless it is told not to. */
function asPsqlReadsIt(url: string | undefined): string | undefined {
  if (!url || !/[?&]sslmode=/.test(url) || /[?&]uselibpqcompat=/.test(url)) return url;
  return `${url}&uselibpqcompat=true`;
}
