import { get } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConsistencyProof, InclusionProof } from '../src/modules/audit/audit.view.js';
import { verifyEvidence } from '../src/modules/audit/evidence-reader.js';
import { isConsistent, rootOfInclusion } from '../src/modules/audit/merkle-proof.js';
import { leafHash } from '../src/modules/audit/merkle-tree.js';
import { Sealer } from '../src/modules/audit/sealer.js';
import { readPublicKeys } from '../src/modules/audit/trusted-keys.js';
import { parsed, textOf } from './support/evidence.js';
import { createOwned, erase, issueKey } from './support/persons.js';
import type { Tenant } from './support/service.js';
import { startService } from './support/service.js';
import { documentOf, importSpec } from './support/specs.js';

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');
const sized = ({ size, root }: { size: number; root: string }) => ({ size, root: bytes(root) });

describe('evidence', () => {
  const service = startService();
  let client: pg.Client;
  let keys: string[];
  beforeAll(async () => {
    client = new pg.Client({ connectionString: service.databaseUrl });
    await client.connect();
    await seal();
    keys = readPublicKeys((await service.anonymous().get('/.well-known/specline-keys.json').expect(200)).text);
  });
  afterAll(() => client.end());

  const seal = () => service.app.get(Sealer).sealNow(undefined, 30_000);
  const exportOf = async (tenant: Tenant, query = ''): Promise<string> =>
    (await tenant.request('get', `/audit/evidence${query}`).buffer(true).parse(textOf).expect(200)).body as string;
  const verify = (file: string) => verifyEvidence([Buffer.from(file)], keys);
  const eventsOf = async (tenant: Tenant) =>
    (
      await client.query<{ eventId: string; position: number }>(
        `select event_id as "eventId", row_number() over (order by seq) as "position" from specline.event
          where organization_id = $1 order by seq`,
        [tenant.organizationId],
      )
    ).rows;

  describe('of a history of many pages', () => {
    let tenant: Tenant;
    let specId: string;
    beforeAll(async () => {
      tenant = await service.newOrganization();
      ({ specId } = await importSpec(tenant, documentOf('Long', { Overview: 'Old.' })));
      for (let round = 0; round < 6; round++) {
        const commands = Array.from({ length: 100 }, (_, at) => {
          const title = `Round ${round}, title ${at}`;
          return { name: 'spec.document.retitle', body: { title } };
        });
        await tenant.request('post', `/specs/${specId}/commands`).set('if-match', '*').send({ commands }).expect(200);
        await importSpec(tenant, documentOf('Beside', { Overview: 'x'.repeat(100_000) }));
        if (round % 2 === 1) await seal();
      }
      await seal();
    });

    test('holds every event and is verified, whole and for one spec', async () => {
      const events = await eventsOf(tenant);
      expect(events.length).toBeGreaterThan(600);
      const whole = await exportOf(tenant);
      expect(await verify(whole)).toMatchObject({ problems: [], events: events.length });
      const exported = parsed(whole).flatMap((line) => (line.kind === 'event' ? [line] : []));
      expect(exported.map(({ event, position }) => ({ eventId: event.eventId, position }))).toEqual(events);
      expect(await verify(await exportOf(tenant, `?specId=${specId}`))).toMatchObject({ problems: [], events: 601 });
    });

    test('is proven event by event, and seal by seal, out of the kept nodes', async () => {
      const nodes = await client.query('select from specline.ledger_node where organization_id = $1', [
        tenant.organizationId,
      ]);
      expect(nodes.rowCount).toBeGreaterThanOrEqual(9);
      const events = await eventsOf(tenant);
      for (const { eventId, position } of events.filter((_, at) => at % 37 === 0)) {
        const answer = await tenant.request('get', `/audit/proofs/${eventId}`).expect(200);
        const { seal: last, hash, proof, ...rest } = answer.body as InclusionProof;
        expect(rest.position).toBe(position);
        const root = rootOfInclusion(leafHash(bytes(hash)), position - 1, last.size, proof.map(bytes));
        expect(root?.toString('hex')).toBe(last.root);
      }
      const { from, to, proof } = (await tenant.request('get', '/audit/consistency').expect(200))
        .body as ConsistencyProof;
      expect(isConsistent(sized(from), sized(to), proof.map(bytes))).toBe(true);
    });

    test('ends where its reader goes away, and holds nobody up', async () => {
      const { port } = service.app.getHttpServer().address() as AddressInfo;
      const path = `/v1/organizations/${tenant.organizationId}/audit/evidence`;
      const headers = { authorization: `Bearer ${tenant.apiKey}` };
      for (let time = 0; time < 15; time++) {
        await new Promise<void>((resolve, reject) => {
          const request = get({ port, path, headers, host: '127.0.0.1' }, (response) => {
            response.once('data', () => response.destroy());
            response.once('close', resolve);
          });
          request.once('error', reject);
        });
      }
      expect(await verify(await exportOf(tenant))).toMatchObject({ problems: [] });
    });

    test('names each of several events that were changed, wherever they are', async () => {
      const events = await eventsOf(tenant);
      const chosen = [5, 210, 420].map((at) => events[at] ?? expect.fail('there are more events'));
      await client.query('begin');
      await client.query('set local session_replication_role = replica');
      const [altered, removed, moved] = chosen.map(({ eventId }) => eventId);
      await client.query(`update specline.event set payload = '{}' where event_id = $1`, [altered]);
      await client.query('delete from specline.event where event_id = $1', [removed]);
      await client.query('update specline.event set seq = -seq where event_id = $1', [moved]);
      await client.query('commit');
      const { problems } = await verify(await exportOf(tenant));
      expect(problems).toMatchObject([
        { check: 'event_altered', eventId: altered, position: chosen[0]?.position },
        { check: 'event_removed', eventId: removed, position: chosen[1]?.position },
        { check: 'event_reordered', eventId: moved, position: chosen[2]?.position },
      ]);
    });
  });

  test('stays whole when a person is erased, and never told the name', async () => {
    const tenant = await service.newOrganization();
    await issueKey(tenant, 'Ada Lovelace');
    const specId = await createOwned(tenant, 'Ada Lovelace');
    await seal();
    const before = await exportOf(tenant);
    await erase(tenant, { person: 'Ada Lovelace' });
    await seal();
    const after = await exportOf(tenant);
    for (const file of [before, after, await exportOf(tenant, `?specId=${specId}`)]) {
      expect(await verify(file)).toMatchObject({ problems: [] });
      expect(file).not.toContain('Lovelace');
    }
    const linesOf = (file: string) => parsed(file).filter(({ kind }) => kind === 'event');
    expect(linesOf(after).slice(0, linesOf(before).length)).toEqual(linesOf(before));
  });
});
