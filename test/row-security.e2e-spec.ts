import { beforeAll, describe, expect, test } from 'vitest';
import { databaseRoles } from './support/database-roles.js';
import { fillTables } from './support/filled-tables.js';
import { startService } from './support/service.js';

/** Tables that belong to no organization, and why the application may see of them what it does. */
const shared: Record<string, string> = {
  checkpoint: 'how far the subscriptions are; the workers’ own',
  migration: 'which migrations ran; the application has no right to it',
  operation: 'work of the operator; the application has no right to it',
  rebuild: 'how far rebuilds are; the application has no right to it',
  rebuild_shard: 'how far rebuilds are; the application has no right to it',
  server_secret: 'signs the cursors of every organization; read only',
  signing_key: 'the keys that sign seals; their public halves can be read',
  watermark: 'up to where history is final; the workers’ own',
  worker: 'which processes work; the workers’ own',
};

describe('on the database itself', () => {
  const service = startService();
  const { query, ask, as, tables } = databaseRoles(service);
  let mine: string;
  let other: string;
  beforeAll(async () => {
    const second = await service.newOrganization();
    [mine, other] = [service.organization.organizationId, second.organizationId];
    await fillTables(service, [service.organization, second], ask);
  });

  const scopedTables = async () =>
    (await tables())
      .filter(({ name, partition, readable }) => !(String(name) in shared) && !partition && readable)
      .map(({ name }) => String(name));

  test('every table forces row security, or is in the short list of those that belong to nobody', async () => {
    const open = (await tables()).filter(({ secured, forced }) => !(secured && forced));
    const partitions = open.filter(({ partition }) => partition).map(({ name }) => String(name));
    expect(open.map(({ name }) => String(name)).filter((name) => !partitions.includes(name))).toEqual(
      Object.keys(shared),
    );
    // A partition is reached through its parent; by its own name nobody but the owner may touch it.
    for (const name of partitions) {
      for (const role of ['specline_app', 'specline_append', 'specline_worker']) {
        const [row] = await ask(`select has_table_privilege('${role}', 'specline.${name}',
          'select, insert, update, delete, truncate') as "may"`);
        expect(row, `${role} on ${name}`).toEqual({ may: false });
      }
    }
    expect((await tables()).filter(({ name, scoped }) => !scoped && !(String(name) in shared))).toEqual([]);
  });

  test('without an organization the application sees no row of any table', async () => {
    const names = await scopedTables();
    expect(names.length).toBeGreaterThan(8);
    for (const name of names) {
      const [total] = await ask(`select count(*)::int as n from specline.${name}`);
      const [seen] = await as('specline_app', undefined, () => ask(`select count(*)::int as n from specline.${name}`));
      expect(Number(total?.n), `${name} is empty, so this proves nothing`).toBeGreaterThan(1);
      expect(seen, name).toEqual({ n: 0 });
    }
  });

  test('with an organization it sees that one’s rows, all of them and no others', async () => {
    for (const name of await scopedTables()) {
      const own = `select count(*)::int as n from specline.${name} where organization_id = '${mine}'`;
      const [seen] = await as('specline_app', mine, () =>
        ask(
          `select count(*)::int as n, count(*) filter (where organization_id <> '${mine}')::int as foreign from specline.${name}`,
        ),
      );
      const [total] = await ask(own);
      expect(seen, name).toEqual({ n: total?.n, foreign: 0 });
    }
  });

  test('what it may write itself it may write only for its organization', async () => {
    const number = `insert into specline.spec_number values ('${other}', 7) on conflict (organization_id) do update set last = 7`;
    await expect(as('specline_app', mine, () => ask(number))).rejects.toMatchObject({ code: '42501' });
    const updated = await as('specline_app', mine, () =>
      query(`update specline.spec_number set last = 7 where organization_id = '${other}'`),
    );
    expect(updated.rowCount).toBe(0);
    for (const name of ['spec_search', 'contract', 'contract_reading']) {
      const emptied = await as('specline_app', mine, () =>
        query(`delete from specline.${name} where organization_id = '${other}'`),
      );
      expect(emptied.rowCount, name).toBe(0);
    }
  });
});
