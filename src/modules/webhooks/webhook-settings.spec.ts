import { expect, test } from 'vitest';
import { readConfig } from '../../config.js';
import { StartError } from '../../start-error.js';

const settingsOf = (settings: NodeJS.ProcessEnv) => readConfig(settings).webhooks;

test('without settings only public https addresses are sent to, and the log is kept for 30 days', () => {
  expect(settingsOf({})).toEqual({ allowedNetworks: [], allowHttp: false, retentionDays: 30 });
});

test('settings are read as they are documented', () => {
  const settings = {
    SPECLINE_WEBHOOK_ALLOWED_NETWORKS: '10.1.0.0/16, fd00::/8',
    SPECLINE_WEBHOOK_ALLOW_HTTP: 'true',
    SPECLINE_WEBHOOK_RETENTION_DAYS: '7',
  };
  const read = { allowedNetworks: ['10.1.0.0/16', 'fd00::/8'], allowHttp: true, retentionDays: 7 };
  expect(settingsOf(settings)).toEqual(read);
});

test.each([
  ['SPECLINE_WEBHOOK_ALLOWED_NETWORKS', 'localhost'],
  ['SPECLINE_WEBHOOK_ALLOWED_NETWORKS', '10.0.0.0'],
  ['SPECLINE_WEBHOOK_ALLOWED_NETWORKS', '10.0.0/8'],
  ['SPECLINE_WEBHOOK_ALLOWED_NETWORKS', '10.0.0.0/33'],
  ['SPECLINE_WEBHOOK_ALLOWED_NETWORKS', 'fd00::/129'],
  ['SPECLINE_WEBHOOK_ALLOWED_NETWORKS', '10.0.0.0/8, /8'],
  ['SPECLINE_WEBHOOK_ALLOW_HTTP', 'yes'],
  ['SPECLINE_WEBHOOK_RETENTION_DAYS', '0'],
  ['SPECLINE_WEBHOOK_RETENTION_DAYS', '1.5'],
  ['SPECLINE_WEBHOOK_RETENTION_DAYS', '10000'],
  ['SPECLINE_WEBHOOK_RETENTION_DAYS', 'a week'],
])('%s=%s ends the start, in one line that names it', (name, value) => {
  const start = () => settingsOf({ [name]: value });
  expect(start).toThrow(StartError);
  expect(start).toThrow(new RegExp(`^${name} must be .+$`));
});
