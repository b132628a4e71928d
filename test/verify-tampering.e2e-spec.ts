import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyEvidence } from '../src/modules/audit/evidence-reader.js';
import { readPublicKeys } from '../src/modules/audit/trusted-keys.js';
import type { Report } from '../src/modules/audit/verification.js';
import { evidenceOf, keyFileOf, sealedOrganizations } from './support/sealed-organizations.js';
import { startService } from './support/service.js';
import { forge, tamper, tamperings } from './support/tamperings.js';

describe('specline verify', () => {
  const service = startService();
  let client: pg.Client;
  const openHistory = sealedOrganizations(service, 15);
  beforeAll(async () => {
    client = new pg.Client({ connectionString: service.databaseUrl });
    await client.connect();
  });
  afterAll(() => client.end());

  const verify = async (file: string): Promise<Report> =>
    verifyEvidence([Buffer.from(file)], readPublicKeys(await keyFileOf(service)));

  test.each(tamperings)('names the event when a superuser $does', async ({ run: change, whole, spec }) => {
    const { tenant, specId, events } = openHistory();
    const event = events[2] ?? expect.fail('there are five events');
    const proof = (await tenant.request('get', `/audit/proofs/${String(event.eventId)}`).expect(200)).body as {
      position: number;
    };
    await change(client, event);
    const report = await verify(await evidenceOf(tenant));
    expect([...new Set(report.problems.map(({ check }) => check))]).toEqual(expect.arrayContaining(whole));
    expect(report.firstEvent?.position).toBe(proof.position);
    const one = await verify(await evidenceOf(tenant, `?specId=${specId}`));
    expect(one.problems.map(({ check }) => check)).toEqual(expect.arrayContaining(spec));
    expect(one.firstEvent).toMatchObject({ streamId: specId, version: 3 });
  });

  test('names an event that a superuser put behind the last one, with the right hashes', async () => {
    const { tenant, specId, events } = openHistory();
    const last = events.at(-1) ?? expect.fail('there are five events');
    await forge(client, last, 'insert', last.version + 1);
    for (const query of ['', `?specId=${specId}`]) {
      const report = await verify(await evidenceOf(tenant, query));
      expect(report.problems).toMatchObject([{ check: 'event_inserted', streamId: specId, version: 6 }]);
    }
  });

  test.each([
    ['another root', `root = sha256('x')`, ['bad_signature', 'forked_seal']],
    ['another time', `sealed_at = sealed_at + interval '1 second'`, ['bad_signature', 'forked_seal']],
    ['another size', 'size = size - 1', ['bad_signature', 'forked_seal']],
  ])('tells a seal that a superuser gave %s', async (_, change, expected) => {
    const { tenant } = openHistory();
    await tamper(client, `update specline.seal set ${change} where organization_id = $1 and number = 1`, [
      tenant.organizationId,
    ]);
    const report = await verify(await evidenceOf(tenant));
    const checks = report.problems.filter(({ seal: number }) => number !== undefined).map(({ check }) => check);
    expect(checks).toEqual(expect.arrayContaining(expected));
  });

  test('tells a seal that a superuser took away', async () => {
    const { tenant } = openHistory();
    await tamper(client, 'delete from specline.seal where organization_id = $1 and number = 1', [
      tenant.organizationId,
    ]);
    const report = await verify(await evidenceOf(tenant));
    expect(report.problems).toMatchObject([{ check: 'missing_seal', seal: 2 }]);
  });
});
