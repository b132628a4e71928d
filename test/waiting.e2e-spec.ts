import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { createApp } from '../src/app.js';
import { Subscriptions } from '../src/modules/event-store/subscriptions.js';
import { masterKey, operatorKey, problemOf, runOn, startService } from './support/service.js';
import { documentOf, importSpec } from './support/specs.js';
import { eventually } from './support/workers.js';

const service = startService();
const document = documentOf('Alerts', { Overview: 'Old.', Rollout: 'Slow.' });
const seals = () => service.organization.request('get', '/audit/seals');

/** Keeps the ledger from moving while it runs something. */
async function whileLedgerIsStuck<T>(run: () => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: service.databaseUrl });
  await client.connect();
  try {
    await client.query('begin');
    await client.query(`select from specline.checkpoint where subscription = 'ledger' for update`);
    return await run();
  } finally {
    await client.query('rollback');
    await client.end();
  }
}

describe('waiting for a subscription', () => {
  test('ends when it has passed the position, or when the time is up', async () => {
    const subscriptions = service.app.get(Subscriptions);
    const { seq } = await importSpec(service.organization, document);
    expect(await subscriptions.waitFor('ledger', seq, 20_000)).toBe(true);
    await whileLedgerIsStuck(async () => {
      const stuck = await importSpec(service.organization, document);
      expect(await subscriptions.waitFor('ledger', stuck.seq, 200)).toBe(false);
      expect(await subscriptions.waitFor('ledger', seq, 0)).toBe(true);
    });
    expect(await subscriptions.catchUp('ledger', 20_000)).toBe(true);
  });

  test('works in a process that does no background work itself', async () => {
    const { databaseUrl } = service;
    const options = { databaseUrl, operatorKey, databaseConnections: 2, masterKey, workers: false };
    const other = await createApp(options);
    try {
      const { seq } = await importSpec(service.organization, document);
      expect(await other.get(Subscriptions).waitFor('ledger', seq, 20_000)).toBe(true);
    } finally {
      await other.close();
    }
  });

  test('never comes to an end for a subscription that nobody runs', async () => {
    expect(await service.app.get(Subscriptions).waitFor('nobody', 1, 50)).toBe(false);
  });
});

describe('Prefer: wait (RFC 7240)', () => {
  test('reads what was written just before', async () => {
    for (let n = 0; n < 5; n++) {
      const { seq } = await importSpec(service.organization, document);
      const answer = await seals().set('prefer', 'wait=20').expect(200);
      expect(answer.headers['preference-applied']).toBe('wait=20');
      const held = `select max(seq) as seq from specline.ledger_entry where organization_id = '${service.organization.organizationId}'`;
      expect((await runOn(service.databaseUrl, held)).rows[0]?.seq).toBeGreaterThanOrEqual(seq);
    }
  });

  test('does not say that it was applied where the time was too short, and answers with what there is', async () => {
    await whileLedgerIsStuck(async () => {
      await importSpec(service.organization, document);
      const answer = await seals().set('prefer', 'wait=1').expect(200);
      expect(answer.headers).not.toHaveProperty('preference-applied');
    });
  });

  test('is not asked of anybody, nor is anything wrong with what cannot be understood', async () => {
    for (const header of ['', 'wait=soon', 'respond-async', 'wait="', ','.repeat(500)]) {
      const answer = await seals().set('prefer', header).expect(200);
      expect(answer.headers).not.toHaveProperty('preference-applied');
    }
    expect((await seals().expect(200)).headers).not.toHaveProperty('preference-applied');
  });
});

describe('GET /v1/status', () => {
  const status = (key: string) => service.anonymous().get('/v1/status').set('authorization', `Bearer ${key}`);

  test('tells the operator how far history is final and the subscriptions are', async () => {
    await importSpec(service.organization, document);
    const body = await eventually(
      async () => (await status(operatorKey).expect(200)).body as StatusJson,
      ({ watermark, subscriptions }) =>
        watermark.lagEvents === 0 &&
        subscriptions.every(({ shards }) => shards.every(({ lagEvents }) => lagEvents === 0)),
    );
    const { rows } = await runOn(service.databaseUrl, 'select max(seq) as last from specline.event');
    expect(body.watermark).toMatchObject({ position: rows[0]?.last, lagMilliseconds: 0 });
    expect(body.watermark.leader).not.toBeNull();
    expect(body.subscriptions).toContainEqual(
      expect.objectContaining({ name: 'ledger', parkedStreams: 0, parkedEvents: 0 }),
    );
  });

  test('shows how old what is not final can be', async () => {
    const client = new pg.Client({ connectionString: service.databaseUrl });
    await client.connect();
    await client.query('begin');
    await client.query(`select pg_advisory_xact_lock_shared(7311, 0), nextval('specline.event_seq')`);
    const { watermark } = await eventually(
      async () => (await status(operatorKey)).body as StatusJson,
      (body) => body.watermark.lagMilliseconds > 100,
    );
    expect(watermark.lagEvents).toBeGreaterThan(0);
    await client.end();
    await eventually(
      async () => (await status(operatorKey)).body as StatusJson,
      (body) => body.watermark.lagEvents === 0 && body.watermark.lagMilliseconds === 0,
    );
  });

  test('is nobody else’s', async () => {
    expect(problemOf(await status(service.organization.apiKey).expect(401)).code).toBe('unauthenticated');
    await service.anonymous().get('/v1/status').expect(401);
  });
});

test('a service that nobody uses asks the database a few questions a second', async () => {
  const commits = async () =>
    Number(
      (
        await runOn(
          service.databaseUrl,
          `select xact_commit + xact_rollback as n from pg_stat_database where datname = current_database()`,
        )
      ).rows[0]?.n,
    );
  // What was done shortly before is counted late.
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  const before = await commits();
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  const perSecond = ((await commits()) - before) / 4;
  process.stderr.write(`idle: ${perSecond} transactions a second\n`);
  expect(perSecond).toBeLessThan(25);
});

type StatusJson = {
  watermark: { position: number; lagEvents: number; lagMilliseconds: number; leader: string | null };
  subscriptions: { name: string; shards: { lagEvents: number }[] }[];
};
