import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import type { Response } from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Operator } from './support/operations.js';
import type { Tenant } from './support/service.js';
import { runOn, startService } from './support/service.js';
import { documentOf, importSpec, readSpec } from './support/specs.js';

const document = documentOf('Alerts\twith\\a tab', { Overview: 'Old.\tText \\N.', Rollout: 'Slow.' });

describe('a rebuild', () => {
  const service = startService();
  let operator: Operator;
  let tenants: Tenant[];
  const specs: { tenant: Tenant; specId: string }[] = [];
  beforeAll(async () => {
    operator = new Operator(service.databaseUrl);
    tenants = [service.organization, await service.newOrganization(), await service.newOrganization()];
    for (const tenant of tenants) {
      for (let n = 0; n < 8; n++) specs.push({ tenant, specId: (await importSpec(tenant, document)).specId });
      await tenant
        .request('post', '/templates')
        .send({ key: 'house', title: 'House', markdown: '## One\n\nText.\n' })
        .expect(201);
    }
  });
  afterAll(() => operator.close());

  const update = ({ tenant, specId }: { tenant: Tenant; specId: string }, body: string): Promise<Response> =>
    tenant
      .request('patch', `/specs/${specId}/sections/overview`)
      .set('if-match', '*')
      .send({ body })
      .then((answer) => answer);

  /** Reads and writes without a pause until it is told to end; every answer is kept. */
  function startTraffic() {
    const ending = new AbortController();
    const bad: string[] = [];
    let writes = 0;
    const keep = ({ status, text }: Response) => {
      if (status >= 300) bad.push(`${status} ${text}`);
    };
    const pick = (n: number) => specs[n % specs.length] ?? { tenant: service.organization, specId: '' };
    const writer = async (from: number) => {
      for (let n = from; !ending.signal.aborted; n++, writes++)
        keep(await update(pick(n * 7), `Edit ${n} of ${from}.`));
    };
    const creator = async () => {
      for (let n = 0; !ending.signal.aborted; n++, writes++) {
        const { tenant } = pick(n);
        const answer = await tenant.request('post', '/specs').send({ title: `New ${n}` });
        keep(answer);
        specs.push({ tenant, specId: (answer.body as { specId: string }).specId });
      }
    };
    const adder = async () => {
      // Rows that come and go.
      const { tenant, specId } = pick(0);
      for (let n = 0; !ending.signal.aborted; n++, writes++) {
        const added = await tenant
          .request('post', `/specs/${specId}/sections`)
          .send({ heading: `Extra ${n}`, body: 'x' });
        keep(added);
        const key = (added.body as { sectionKey: string }).sectionKey;
        if (n % 2 === 0) keep(await tenant.request('delete', `/specs/${specId}/sections/${key}`).set('if-match', '*'));
        if (n > 100) return;
      }
    };
    const reader = async (from: number) => {
      for (let n = from; !ending.signal.aborted; n++) {
        const { tenant, specId } = pick(n);
        keep(await tenant.request('get', `/specs/${specId}`));
        keep(await tenant.request('get', '/specs?limit=5&sort=-updatedAt'));
      }
    };
    const keys = async () => {
      while (!ending.signal.aborted) {
        const [tenant = service.organization] = tenants;
        keep(await tenant.request('post', '/api-keys').send({ name: 'one', role: 'reader' }));
        keep(await tenant.request('get', '/api-keys'));
        await setTimeout(20);
      }
    };
    const all = Promise.all([writer(0), writer(1000), creator(), adder(), reader(0), reader(5), keys()]);
    return async () => {
      ending.abort();
      await all;
      return { bad, writes };
    };
  }

  /** Reads what the tables hold, and the same folded from history by the service itself. */
  async function expectAllAsFolded(): Promise<void> {
    for (const { tenant, specId } of specs) {
      const now = await readSpec(tenant, specId);
      expect(await readSpec(tenant, specId, `?version=${now.version}`)).toEqual(now);
    }
  }

  test('goes on behind the back of readers and writers: no request fails, and no write is lost', async () => {
    const end = startTraffic();
    for (let round = 0; round < 4; round++) {
      await operator.succeed('projection.rebuild', 'spec');
      await operator.succeed('projection.rebuild', 'organization');
      await operator.succeed('projection.rebuild', 'template');
    }
    for (let round = 0; round < 4; round++) await operator.succeed('projection.rollback', 'spec');
    const { bad, writes } = await end();
    expect(bad).toEqual([]);
    expect(writes).toBeGreaterThan(50);
    for (const name of ['spec', 'organization', 'template']) await operator.succeed('projection.verify', name);
    await expectAllAsFolded();
  });

  test('cures what verification finds: a row that was changed, one that is gone, one too many', async () => {
    const [{ tenant, specId } = { tenant: service.organization, specId: '' }] = specs;
    const harm = {
      different: `update specline.spec_section set body = 'forged' where spec_id = '${specId}' and key = 'overview'`,
      missing: `delete from specline.spec_section where spec_id = '${specId}' and key = 'overview'`,
      extra: `insert into specline.spec_section select organization_id, spec_id, 'stray', heading, heading_source, body,
        content_hash, version, not_applicable from specline.spec_section where spec_id = '${specId}' and key = 'overview'`,
    };
    const before = await readSpec(tenant, specId);
    for (const [problem, statement] of Object.entries(harm)) {
      await runOn(service.databaseUrl, statement);
      const found = await operator.run('projection.verify');
      expect(found.status).toBe('failed');
      expect(found.problem).toContain(specId);
      expect(found.result).toMatchObject({
        mismatches: [{ table: 'spec_section', problem, columns: problem === 'different' ? ['body'] : [] }],
      });
      await operator.succeed('projection.rebuild');
      await operator.succeed('projection.verify');
      expect(await readSpec(tenant, specId)).toEqual(before);
    }
  });

  test('can be taken back, with everything that was written since, and taken back again', async () => {
    const { tenant, specId } = specs[1] ?? { tenant: service.organization, specId: '' };
    await runOn(service.databaseUrl, `update specline.spec set title = 'As it was' where spec_id = '${specId}'`);
    await operator.succeed('projection.rebuild');
    expect((await readSpec(tenant, specId)).title).not.toBe('As it was');
    const other = specs[2] ?? { tenant: service.organization, specId: '' };
    await update(other, 'Written after the swap.');
    const created = await importSpec(tenant, documentOf('Made after the swap', { One: 'x' }));

    await operator.succeed('projection.rollback');
    expect((await readSpec(tenant, specId)).title).toBe('As it was');
    const sections = (await readSpec(other.tenant, other.specId)).sections;
    expect(sections.find(({ key }) => key === 'overview')?.body).toBe('Written after the swap.\n');
    expect((await readSpec(tenant, created.specId)).title).toBe('Made after the swap');

    await update(other, 'Written after the way back.');
    await operator.succeed('projection.rollback');
    await operator.succeed('projection.verify');
    await expectAllAsFolded();
  });

  test('may wait to be put live: what is written meanwhile is not lost', async () => {
    await operator.succeed('projection.rebuild', 'spec', { swap: false });
    const one = specs[3] ?? { tenant: service.organization, specId: '' };
    await update(one, 'Written before the swap.');
    await operator.succeed('projection.swap');
    await operator.succeed('projection.verify');
    expect((await readSpec(one.tenant, one.specId)).sections[0]?.body).toBe('Written before the swap.\n');
    const again = await operator.run('projection.swap');
    expect(again).toMatchObject({ status: 'failed', problem: 'No tables of spec are ready to be swapped.' });
  });

  test('waits for a reader that does not let go, and lets writers pass meanwhile', async () => {
    const reader = new pg.Client({ connectionString: service.databaseUrl });
    await reader.connect();
    await reader.query('begin');
    await reader.query('select count(*) from specline.spec');
    const rebuilt = operator.run('projection.rebuild');
    await setTimeout(1_500);
    expect((await update(specs[4] ?? { tenant: service.organization, specId: '' }, 'Passed.')).status).toBe(200);
    await reader.query('commit');
    await reader.end();
    expect((await rebuilt).status).toBe('succeeded');
    await operator.succeed('projection.verify');
  });

  test('leaves keys working, and revoked ones dead', async () => {
    const [tenant = service.organization] = tenants;
    const issued = await tenant.request('post', '/api-keys').send({ name: 'gone', role: 'reader' }).expect(201);
    const { apiKey, keyId } = issued.body as { apiKey: string; keyId: string };
    await operator.succeed('projection.rebuild', 'organization', { swap: false });
    await tenant.request('delete', `/api-keys/${keyId}`).expect(200);
    await operator.succeed('projection.swap', 'organization');
    await tenant.request('get', '/specs', apiKey).expect(401);
    await tenant.request('get', '/specs').expect(200);
  });
});
