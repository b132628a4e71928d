import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConsistencyProof, InclusionProof, KeyList, SealList } from '../src/modules/audit/audit.view.js';
import { isConsistent, rootOfInclusion } from '../src/modules/audit/merkle-proof.js';
import { leafHash, MerkleTree } from '../src/modules/audit/merkle-tree.js';
import type { Seal } from '../src/modules/audit/seal.js';
import { noSeal, sealHash } from '../src/modules/audit/seal.js';
import { Sealer } from '../src/modules/audit/sealer.js';
import { isEndorsedBy, isSelfSigned } from '../src/modules/audit/signing-key.js';
import { SigningKeys } from '../src/modules/audit/signing-keys.js';
import { isSignedBy, publicKeyOf } from '../src/modules/audit/signing.js';
import { WorkerDatabase } from '../src/modules/event-store/worker-database.js';
import type { WorkerStatus } from '../src/modules/event-store/worker-status.view.js';
import type { Tenant } from './support/service.js';
import { operatorKey, startService } from './support/service.js';
import { documentOf, expectProblem, importSpec, readEvents } from './support/specs.js';
import { startWorkers } from './support/workers.js';

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');
const document = documentOf('Alerts', { Overview: 'Old.', Rollout: 'Slow.' });

describe('the ledger of an organization', () => {
  const service = startService();
  let client: pg.Client;
  /** An organization with a spec of five versions, sealed three times at least. */
  let tenant: Tenant;
  let specId: string;
  let seals: Seal[];
  beforeAll(async () => {
    client = new pg.Client({ connectionString: service.databaseUrl });
    await client.connect();
    tenant = await service.newOrganization();
    await sealsOf(tenant);
    ({ specId } = await importSpec(tenant, document));
    await sealsOf(tenant);
    for (const [at, title] of ['One', 'Two', 'Three', 'Four'].entries()) {
      const request = tenant.request('put', `/specs/${specId}/title`).set('if-match', `"${at + 1}"`);
      await request.send({ title }).expect(200);
    }
    seals = await sealsOf(tenant);
  });
  afterAll(() => client.end());

  const ask = async <R extends object>(statement: string, values: unknown[] = []) =>
    (await client.query<R>(statement, values)).rows;
  const keys = async () =>
    (await service.anonymous().get('/.well-known/specline-keys.json').expect(200)).body as KeyList;
  const statusOf = async () => {
    const request = service.anonymous().get('/v1/status').set('authorization', `Bearer ${operatorKey}`);
    return (await request.expect(200)).body as WorkerStatus;
  };
  /** All seals, oldest first, once all that was written is sealed. */
  async function sealsOf(of: Tenant): Promise<Seal[]> {
    const items: Seal[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query = `?limit=2${cursor && `&cursor=${cursor}`}`;
      const answer = await of.request('get', `/audit/seals${query}`).set('prefer', 'wait=20').expect(200);
      expect(answer.headers['preference-applied']).toBe('wait=20');
      const list = answer.body as SealList;
      items.push(...list.items);
      cursor = list.page.next;
    }
    return items.reverse();
  }
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

    const key = (await keys()).keys.find(({ retiredAt }) => retiredAt === null) ?? expect.fail('no key signs');
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

  test('proves of every event that each seal behind it covers it', async () => {
    for (const { eventId, hash, version } of await readEvents(tenant, specId)) {
      for (const seal of seals) {
        const answer = await tenant.request('get', `/audit/proofs/${String(eventId)}?seal=${seal.number}`);
        const proof = answer.body as InclusionProof;
        if (answer.status === 404) {
          expectProblem(answer, 404, 'not_found');
          continue;
        }
        expect(proof).toMatchObject({ eventId, hash, version, streamId: specId, seal });
        const path = proof.proof.map(bytes);
        const root = rootOfInclusion(leafHash(bytes(proof.hash)), proof.position - 1, seal.size, path);
        expect(root?.toString('hex')).toBe(seal.root);
      }
      const newest = await tenant.request('get', `/audit/proofs/${String(eventId)}`).expect(200);
      expect((newest.body as InclusionProof).seal).toEqual(seals.at(-1));
    }
  });

  test('proves of any two seals that the later one changed nothing', async () => {
    for (const from of seals) {
      for (const to of seals.slice(from.number - 1)) {
        const query = `?from=${from.number}&to=${to.number}`;
        const answer = await tenant.request('get', `/audit/consistency${query}`).expect(200);
        const proof = answer.body as ConsistencyProof;
        expect(proof).toMatchObject({ from, to });
        const sized = ({ size, root }: { size: number; root: string }) => ({ size, root: bytes(root) });
        expect(isConsistent(sized(from), sized(to), proof.proof.map(bytes))).toBe(true);
      }
    }
    const whole = await tenant.request('get', '/audit/consistency').expect(200);
    expect(whole.body).toMatchObject({ from: seals[0], to: seals.at(-1) });
  });

  test('says no to what it cannot prove, and to those who may not ask', async () => {
    const other = await service.newOrganization();
    const [event] = await readEvents(tenant, specId);
    const unknown = '01994f6e-6c1c-7a8e-9d1e-000000000000';
    const from = async (path: string, asker = tenant) => asker.request('get', `/audit${path}`);
    expectProblem(await from(`/proofs/${unknown}`), 404, 'not_found');
    expectProblem(await from(`/proofs/${String(event?.eventId)}`, other), 404, 'not_found');
    expectProblem(await from(`/proofs/${String(event?.eventId)}?seal=1`), 404, 'not_found');
    expectProblem(await from('/proofs/none'), 400, 'invalid_request');
    expectProblem(await from(`/consistency?to=${seals.length + 1}`), 404, 'not_found');
    expectProblem(await from('/consistency?from=2&to=1'), 400, 'invalid_request');
    expectProblem(await from('/consistency?from=0'), 400, 'invalid_request');
    expectProblem(await from('/seals?limit=0'), 400, 'invalid_request');
    expectProblem(await from('/seals?cursor=x'), 400, 'invalid_cursor');
    expectProblem(await from(`/evidence?specId=${unknown}`), 404, 'not_found');
    expectProblem(await from(`/evidence?specId=${tenant.organizationId}`), 404, 'not_found');
    expectProblem(await from(`/evidence?specId=${specId}`, other), 404, 'not_found');
    expectProblem(await from('/evidence?specId=none'), 400, 'invalid_request');
    for (const path of ['/seals', '/evidence', '/consistency', `/proofs/${unknown}`]) {
      const url = `/v1/organizations/${tenant.organizationId}/audit${path}`;
      expectProblem(await service.anonymous().get(url), 401, 'unauthenticated');
      expectProblem(await tenant.request('get', `/audit${path}`, other.apiKey), 404, 'not_found');
    }
    expectProblem(await service.anonymous().post('/.well-known/specline-keys.json'), 405, 'method_not_allowed');
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

  test('keeps the private keys from the application, and sealed from everybody', async () => {
    await client.query('set role specline_app');
    const attempt = client
      .query('select private_key from specline.signing_key')
      .finally(() => client.query('reset role'));
    await expect(attempt).rejects.toMatchObject({ code: '42501' });
    const [row] = await ask<{ key: Buffer }>('select private_key as "key" from specline.signing_key limit 1');
    // DER of an Ed25519 key in PKCS 8 (RFC 8410) begins like this.
    expect(row?.key.includes(bytes('302e020100300506032b6570'))).toBe(false);
  });

  test('goes on under another key after a rotation, which both keys have signed', async () => {
    const [before] = seals;
    const rotated = await service.app.get(SigningKeys).rotate();
    await importSpec(tenant, document);
    const [last, secondLast] = (await sealsOf(tenant)).reverse();
    expect(last).toMatchObject({ keyId: rotated.keyId, previous: sealHash(secondLast ?? expect.fail()) });
    const published = (await keys()).keys;
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
    await importSpec(tenant, document);
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

  test('never signs with a key that was replaced, however rotations and seals cross', async () => {
    for (let round = 0; round < 5; round++) {
      await Promise.all([
        service.app.get(SigningKeys).rotate(),
        importSpec(tenant, document),
        service.app.get(SigningKeys).rotate(),
      ]);
    }
    const all = await sealsOf(tenant);
    const order = (await keys()).keys.map(({ keyId }) => keyId);
    const used = all.map(({ keyId }) => order.indexOf(keyId));
    expect(used).toEqual([...used].sort((a, b) => a - b));
    expect((await ask('select from specline.signing_key where retired_at is null')).length).toBe(1);
  });

  test('is sealed when an operator asks for it', async () => {
    await importSpec(tenant, document);
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
    await Promise.all(tenants.flatMap((one) => Array.from({ length: 20 }, () => importSpec(one, document))));
    await others[0].close();
    await Promise.all(tenants.map((one) => importSpec(one, document)));
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
      const { from, to, proof: path } = proof.body as ConsistencyProof;
      const sized = ({ size, root }: { size: number; root: string }) => ({ size, root: bytes(root) });
      expect(isConsistent(sized(from), sized(to), path.map(bytes))).toBe(true);
    }
    await others[1].close();
  });
});
