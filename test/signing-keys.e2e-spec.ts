import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Seal } from '../src/modules/audit/seal.js';
import { sealHash } from '../src/modules/audit/seal.js';
import { isEndorsedBy, isSelfSigned } from '../src/modules/audit/signing-key.js';
import { SigningKeys } from '../src/modules/audit/signing-keys.js';
import { WorkerDatabase } from '../src/modules/event-store/worker-database.js';
import { bytesOf, publishedKeys, sealedHistory, sealsOf } from './support/seals.js';
import type { Tenant } from './support/service.js';
import { startService } from './support/service.js';
import { alerts, importSpec } from './support/specs.js';

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

  test('keeps the private keys from the application, and sealed from everybody', async () => {
    await client.query('set role specline_app');
    const attempt = client
      .query('select private_key from specline.signing_key')
      .finally(() => client.query('reset role'));
    await expect(attempt).rejects.toMatchObject({ code: '42501' });
    const [row] = await ask<{ key: Buffer }>('select private_key as "key" from specline.signing_key limit 1');
    // DER of an Ed25519 key in PKCS 8 (RFC 8410) begins like this.
    expect(row?.key.includes(bytesOf('302e020100300506032b6570'))).toBe(false);
  });

  test('goes on under another key after a rotation, which both keys have signed', async () => {
    const [before] = seals;
    const rotated = await service.app.get(SigningKeys).rotate();
    await importSpec(tenant, alerts);
    const [last, secondLast] = (await sealsOf(tenant)).reverse();
    expect(last).toMatchObject({ keyId: rotated.keyId, previous: sealHash(secondLast ?? expect.fail()) });
    const published = await publishedKeys(service);
    const [old, next] = published.slice(-2);
    if (!old || !next) throw new Error('there are two keys');
    expect(before?.keyId).toBe(old.keyId);
    expect(next).toMatchObject({ keyId: rotated.keyId, previousKeyId: old.keyId, retiredAt: null });
    expect(old.retiredAt).toBe(next.createdAt);
    const key = { ...next, algorithm: 'Ed25519' as const };
    expect(isSelfSigned(key) && isEndorsedBy(key, old.publicKey)).toBe(true);
    expect(Object.keys(next)).not.toContain('privateKey');
  });

  test('is not left by its key while a seal is being made', async () => {
    const signingKeys = service.app.get(SigningKeys);
    const order: string[] = [];
    let rotation: Promise<unknown> | undefined;
    await service.app.get(WorkerDatabase).transaction(async (worker) => {
      await signingKeys.signer(worker);
      rotation = signingKeys.rotate().then(() => order.push('rotated'));
      await setTimeout(500);
      order.push('sealed');
    });
    await rotation;
    expect(order).toEqual(['sealed', 'rotated']);
  });

  test('never signs with a key that was replaced, however rotations and seals cross', async () => {
    for (let round = 0; round < 5; round++) {
      await Promise.all([
        service.app.get(SigningKeys).rotate(),
        importSpec(tenant, alerts),
        service.app.get(SigningKeys).rotate(),
      ]);
    }
    const all = await sealsOf(tenant);
    const order = (await publishedKeys(service)).map(({ keyId }) => keyId);
    const used = all.map(({ keyId }) => order.indexOf(keyId));
    expect(used).toEqual([...used].sort((a, b) => a - b));
    expect((await ask('select from specline.signing_key where retired_at is null')).length).toBe(1);
  });
});
