import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { expect, test } from 'vitest';
import { createApp } from '../src/app.js';
import { readExport, startExport } from './support/exports.js';
import { masterKey, startService } from './support/service.js';
import { alerts, importSpec } from './support/specs.js';

const service = startService(() => ({ workers: false }));

test('a process that ends waits for no history that an export of it waits for', async () => {
  const tenant = service.organization;
  const client = new pg.Client({ connectionString: service.databaseUrl });
  await client.connect();
  const { databaseUrl } = service;
  const worker = await createApp({ databaseUrl, masterKey, operatorKey: undefined, databaseConnections: 5 });
  try {
    // A writer that does not end: nothing behind it is final, sealed, or in the trail.
    await client.query(`begin; select pg_advisory_xact_lock_shared(7311, 0); select nextval('specline.event_seq')`);
    await importSpec(tenant, alerts);
    const { exportId } = await startExport(tenant, { format: 'bundle' });
    await worker.init();
    await expect.poll(async () => (await readExport(tenant, exportId)).status, { timeout: 10_000 }).toBe('running');
    await setTimeout(1_500);
    const ended = worker.close().then(() => 'ended');
    expect(await Promise.race([ended, setTimeout(20_000, 'still waiting')])).toBe('ended');
  } finally {
    await client.end();
  }
}, 60_000);
