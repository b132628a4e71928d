import { isIP } from 'node:net';
import { StartError } from '../../start-error.js';
import type { NetworkRules } from './network-guard.js';

/** What whoever runs the service says about webhooks. */
export type WebhookSettings = NetworkRules & {
  /** How many days attempts and settled deliveries are kept. */
  retentionDays: number;
};

/** The settings of this process. */
export const WEBHOOK_SETTINGS = Symbol('webhook settings');

export const webhookDefaults: WebhookSettings = { allowedNetworks: [], allowHttp: false, retentionDays: 30 };

/**
 * SPECLINE_WEBHOOK_ALLOWED_NETWORKS, SPECLINE_WEBHOOK_ALLOW_HTTP and SPECLINE_WEBHOOK_RETENTION_DAYS.
 * @throws StartError naming the variable that cannot be used
 */
export function readWebhookSettings(
  read: (name: string, rule: RegExp, shape: string) => string | undefined,
): WebhookSettings {
  const networks = read('SPECLINE_WEBHOOK_ALLOWED_NETWORKS', /^[\da-fA-F:./, ]+$/, 'CIDR blocks separated by commas');
  const allowedNetworks = (networks ?? '').split(',').flatMap((block) => block.trim() || []);
  const wrong = allowedNetworks.find((block) => !isNetwork(block));
  if (wrong !== undefined) {
    throw new StartError(`SPECLINE_WEBHOOK_ALLOWED_NETWORKS must be CIDR blocks separated by commas: ${wrong} is none`);
  }
  const days = read('SPECLINE_WEBHOOK_RETENTION_DAYS', /^[1-9]\d{0,3}$/, 'a number of days');
  return {
    allowedNetworks,
    allowHttp: read('SPECLINE_WEBHOOK_ALLOW_HTTP', /^(true|false)$/, 'true or false') === 'true',
    retentionDays: days ? Number(days) : webhookDefaults.retentionDays,
  };
}

function isNetwork(block: string): boolean {
  const [address = '', bits = ''] = block.split('/');
  const family = isIP(address);
  return family !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
}
