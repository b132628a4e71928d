import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConsistencyProof } from '../src/modules/audit/audit.view.js';
import { leafHash, MerkleTree } from '../src/modules/audit/merkle-tree.js';
import type { Seal } from '../src/modules/audit/seal.js';
import { noSeal, sealHash } from '../src/modules/audit/seal.js';
import { Sealer } from '../src/modules/audit/sealer.js';
import { isSignedBy, publicKeyOf } from '../src/modules/audit/signing.js';
import type { WorkerStatus } from '../src/modules/event-store/worker-status.view.js';
import { provesConsistency, publishedKeys, sealedHistory, sealsOf } from './support/seals.js';
import type { Tenant } from './support/service.js';
import { operatorKey, startService } from './support/service.js';
import { alerts, importSpec } from './support/specs.js';
import { startWorkers } from './support/workers.js';

describe('the ledger of an organization', () => {
  const service = startService();
  let client: pg.Client;
  let tenant: Tenant;
  let seals: Seal[];
  beforeAll(async () => {
    client = new pg.Client({ connectionString: service.databaseUrl });
    await client.connect();
    ({ tenant, seals } = await sealedHistory(service));
  });
  afterAll(() => client.end());

  const ask = async <R extends object>(statement: string, values: unknown[] = []) =>
    (await client.query<R>(statement, values)).rows;
  const statusOf = async () => {
    const request = service.anonymous().get('/v1/status').set('authorization', `Bearer ${operatorKey}`);
    return (await request.expect(200)).body as WorkerStatus;
  };

  test('holds every event once, in one gapless order, and its seals are chained, signed and have the right roots', async () => {
    const { organizationId } = tenant;
    const history = await ask<{ seq: number; hash: Buffer }>(
      'select seq, hash from specline.event where organization_id = $1 order by seq',
      [organizationId],
    );
    const entries = await ask<{ position: number; seq: number; hash: Buffer }>(
      'select position, seq, hash from specline.ledger_entry where organization_id = $1 order by position',
      [organizationId],
    );
    expect(entries).toEqual(history.map(({ seq, hash }, at) => ({ position: at + 1, seq, hash })));

    const key =
      (await publishedKeys(service)).find(({ retiredAt }) => retiredAt === null) ?? expect.fail('no key signs');
    const tree = MerkleTree.empty();
    expect(seals.length).toBeGreaterThanOrEqual(3);
    expect(seals.at(-1)?.size).toBe(history.length);
    for (const [at, seal] of seals.entries()) {
      for (const { hash } of history.slice(tree.size, seal.size)) tree.append(leafHash(hash));
      const { signature, ...statement } = seal;
      const before = seals[at - 1];
      expect(seal).toMatchObject({ organizationId, number: at + 1, root: tree.root().toString('hex') });
      expect(seal.previous).toBe(before ? sealHash(before) : noSeal);
      expect(seal.sealedAt >= (before?.sealedAt ?? '')).toBe(true);
      expect(isSignedBy('specline-seal-v1', statement, signature, publicKeyOf(key.publicKey))).toBe(true);
    }
  });

  test('is not rewritten by anybody: not by the workers, not by its owner', async () => {
    const { owner } = (await ask<{ owner: string }>('select current_user as "owner"'))[0] ?? expect.fail();
    for (const table of ['ledger_entry', 'seal']) {
      for (const [role, code] of [
        ['specline_worker', '42501'],
        ['specline_app', '42501'],
        [owner, 'SPL01'],
      ] as const) {
        for (const change of [
          'update specline.$ set organization_id = organization_id',
          'delete from specline.$',
          'truncate specline.$',
        ]) {
          await client.query(`set role ${role}`);
          const attempt = client.query(change.replace('$', table)).finally(() => client.query('reset role'));
          await expect(attempt, `${role}: ${change} ${table}`).rejects.toMatchObject({ code });
        }
      }
    }
  });

  test('waits where it cannot be written, and leaves nothing out', async () => {
    const [{ size = 0 } = {}] = await ask<{ size: number }>(
      'select size from specline.ledger where organization_id = $1',
      [tenant.organizationId],
    );
    // No error of PostgreSQL's that passes by itself: an event could be taken to be at fault.
    await client.query(
      `insert into specline.ledger_entry values ($1, $2, 0, gen_random_uuid(), 1, gen_random_uuid(), sha256('x'))`,
      [tenant.organizationId, size + 1],
    );
    await importSpec(tenant, alerts);
    const ledger = async () => {
      const { subscriptions } = await statusOf();
      return subscriptions.find(({ name }) => name === 'ledger') ?? expect.fail('the ledger is no subscription');
    };
    for (let waited = 0; waited < 100 && (await ledger()).shards[0]?.error === null; waited++) await setTimeout(100);
    // An event that is taken to be at fault is tried for less than a second before its stream is parked.
    await setTimeout(2_000);
    expect(await ledger()).toMatchObject({
      parkedStreams: 0,
      shards: [{ error: expect.stringContaining('ledger_entry') as string }],
    });
    await client.query('begin');
    await client.query('set local session_replication_role = replica');
    await client.query('delete from specline.ledger_entry where organization_id = $1 and seq = 0', [
      tenant.organizationId,
    ]);
    await client.query('commit');
    expect((await sealsOf(tenant)).at(-1)?.size).toBe(size + 1);
    expect(await ledger()).toMatchObject({ parkedStreams: 0, shards: [{ error: null }] });
  });

  test('is sealed when an operator asks for it', async () => {
    await importSpec(tenant, alerts);
    const [sealed] = await service.app.get(Sealer).sealNow(tenant.organizationId, 20_000);
    const [row] = await ask<{ n: number }>('select count(*)::int as n from specline.event where organization_id = $1', [
      tenant.organizationId,
    ]);
    expect(sealed).toMatchObject({ organizationId: tenant.organizationId, size: row?.n });
    expect((await service.app.get(Sealer).sealNow(undefined, 20_000)).length).toBeGreaterThan(1);
  });

  test('is written once, by however many processes', async () => {
    const others = await Promise.all([startWorkers(service.databaseUrl, []), startWorkers(service.databaseUrl, [])]);
    const tenants = await Promise.all([1, 2, 3].map(() => service.newOrganization()));
    await Promise.all(tenants.flatMap((one) => Array.from({ length: 20 }, () => importSpec(one, alerts))));
    await others[0].close();
    await Promise.all(tenants.map((one) => importSpec(one, alerts)));
    for (const one of tenants) {
      const last = (await sealsOf(one)).at(-1);
      const [counts] = await ask<{ events: number; entries: number; first: number; last: number }>(
        `select (select count(*)::int from specline.event where organization_id = $1) as "events", count(*)::int as "entries",
            min(position) as "first", max(position) as "last"
          from specline.ledger_entry where organization_id = $1`,
        [one.organizationId],
      );
      expect(counts).toEqual({ events: counts?.events, entries: counts?.events, first: 1, last: counts?.events });
      expect(last?.size).toBe(counts?.events);
      const proof = await one.request('get', '/audit/consistency').expect(200);
      expect(provesConsistency(proof.body as ConsistencyProof)).toBe(true);
    }
    await others[1].close();
  });
});
