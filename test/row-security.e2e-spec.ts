import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AccessRecorder } from '../src/modules/audit/access-recorder.js';
import { Sealer } from '../src/modules/audit/sealer.js';
import { Subscriptions } from '../src/modules/event-store/subscriptions.js';
import { openThread } from './support/comments.js';
import { exported } from './support/exports.js';
import { addMember, putGroup } from './support/members.js';
import { putPolicy } from './support/policies.js';
import { publishPack, putSource, ruleFile } from './support/rules.js';
import type { Tenant } from './support/service.js';
import { startService } from './support/service.js';
import { requestHouseWaiver } from './support/spec-compliance.js';
import { documentOf, importSpec } from './support/specs.js';
import { createEndpoint } from './support/webhooks.js';

const document = documentOf('Alerts', { Overview: 'Old.', Rollout: 'Slow.' });

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

/** What background work keeps for itself. */
const workersOwn = ['checkpoint', 'dead_letter', 'watermark', 'worker'];
/** What it writes for others to read, too. */
const writtenByWorkers = [
  'audit_entry',
  'audit_export',
  'audit_export_chunk',
  'audit_export_event',
  'ledger',
  'ledger_entry',
  'ledger_node',
  'request_context',
  'seal',
  'signing_key',
  'rule_result',
  'rule_finding',
  'webhook_attempt',
  'webhook_delivery',
  'webhook_lane',
  'webhook_queue',
  'webhook_replay',
  'webhook_secret',
  'webhook_waiting',
];

/** A row at least in each table of rules: what is reported, marked and read out of specs. */
async function ruleTables(tenant: Tenant): Promise<void> {
  const { specId } = await importSpec(tenant, `${document}\n## API Contracts\n\n- \`GET /api/searches\`\n`);
  await tenant.request('post', `/specs/${specId}/compliance-reports`).expect(201);
  const mark = { specId, position: 'wrong', reason: 'It is all there.' };
  await tenant.request('post', '/rules/template.sections.required/finding-marks').send(mark).expect(200);
  await tenant.request('get', '/rules').set('prefer', 'wait=20').expect(200);
  await tenant.request('get', '/contracts').expect(200);
}

describe('on the database itself', () => {
  const service = startService();
  let client: pg.Client;
  let mine: string;
  let other: string;
  beforeAll(async () => {
    mine = service.organization.organizationId;
    const { specId } = await importSpec(service.organization, document);
    const second = await service.newOrganization();
    other = second.organizationId;
    await importSpec(second, document);
    for (const tenant of [service.organization, second]) {
      const template = { key: 'house', title: 'House', markdown: '## One\n\nText.\n' };
      await tenant.request('post', '/templates').send(template).expect(201);
      await putPolicy(tenant, 'house', { reason: 'It is our house.' }).expect(200);
      await putSource(tenant, ruleFile).expect(200);
      await publishPack(tenant, 'house').expect(200);
      await requestHouseWaiver(tenant).expect(201);
      await tenant.request('put', '/consumers/ci').send({}).expect(200);
      await putGroup(tenant, 'security', [await addMember(tenant, 'Ada')]).expect(200);
      const owned = tenant.request('post', '/specs').send({ title: 'Owned', owner: 'Ada Lovelace' });
      const { specId: ownedId } = (await owned.expect(201)).body as { specId: string };
      await openThread(tenant, ownedId, {});
      for (const key of ['audit', 'court']) {
        const hold = tenant.request('put', `/specs/${ownedId}/legal-holds/${key}`);
        await hold.send({ reason: 'It is asked for.' }).expect(200);
      }
      await tenant.request('post', `/specs/${ownedId}/compliance-reports`).expect(201);
      await tenant.request('get', '/specs?q=old').expect(200);
      await ruleTables(tenant);
    }
    for (const tenant of [service.organization, second]) {
      const { endpointId } = await createEndpoint(tenant, 'https://203.0.114.10/');
      await tenant.request('post', `/webhook-endpoints/${endpointId}/test`).expect(200);
      await tenant.request('post', `/webhook-endpoints/${endpointId}/replays`).send({}).expect(202);
    }
    for (const tenant of [service.organization, second]) {
      await tenant
        .request('post', '/audit/shares')
        .send({ since: '2026-01-01T00:00:00Z', until: '2126-01-01T00:00:00Z' })
        .expect(201);
      await exported(tenant, { format: 'csv' });
    }
    await service.organization.request('get', `/specs/${specId}`).expect(200);
    client = new pg.Client({ connectionString: service.databaseUrl });
    await client.connect();
    await service.app.get(Sealer).sealNow();
    await service.app.get(AccessRecorder).settled();
    expect(await service.app.get(Subscriptions).catchUp('audit', 20_000)).toBe(true);
    // A ledger has its first inner node with its 64th event.
    await client.query(`insert into specline.ledger_node
      select organization_id, 6, 0, hash from specline.ledger_entry where position = 1`);
    // An attempt is written when it has ended, and a queue is there while something waits in it.
    await service.app.get(Subscriptions).catchUp('webhooks', 10_000);
    await client.query(`insert into specline.webhook_attempt (organization_id, delivery_id, number, started_at, outcome, total_ms)
      select organization_id, delivery_id, 0, now(), 'failed', 1 from specline.webhook_delivery`);
    await client.query(`insert into specline.webhook_queue
      select organization_id, endpoint_id, gen_random_uuid(), null from specline.webhook_delivery`);
    // Which events go into a bundle is forgotten when it is made.
    await client.query(`insert into specline.audit_export_event
      select organization_id, gen_random_uuid(), stream_id, version, 1, null from specline.stream`);
    // And a stream its first snapshot with its 100th.
    await client.query(`insert into specline.snapshot
      select organization_id, stream_id, stream_type, 'some code', version, 1, last_hash, now(), '{}' from specline.stream`);
  });
  afterAll(() => client.end());

  const ask = async (statement: string) => (await client.query<Record<string, unknown>>(statement)).rows;
  /** Runs as a role, for an organization or for none, and undoes it. */
  async function as<T>(role: string, organizationId: string | undefined, run: () => Promise<T>): Promise<T> {
    await client.query('begin');
    try {
      await client.query(`set local role ${role}`);
      if (organizationId) await client.query(`set local specline.organization_id = '${organizationId}'`);
      return await run();
    } finally {
      await client.query('rollback');
    }
  }
  const tables = async () =>
    ask(`select c.relname as "name", c.relrowsecurity as "secured", c.relforcerowsecurity as "forced",
        c.relispartition as "partition", has_table_privilege('specline_app', c.oid, 'select') as "readable", pg_get_userbyid(c.relowner) as "owner",
        exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id') as "scoped"
      from pg_class c where c.relnamespace = 'specline'::regnamespace and c.relkind in ('r', 'p') order by 1`);
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

  test('the application writes nothing past the append function', async () => {
    const refused = async (statement: string) => {
      const attempt = as('specline_app', mine, () => ask(statement));
      await expect(attempt, statement).rejects.toMatchObject({ code: '42501' });
    };
    for (const name of ['event', 'stream', 'command', 'spec', 'spec_section', 'template', 'organization', 'api_key']) {
      await refused(`insert into specline.${name} select * from specline.${name}`);
      await refused(`update specline.${name} set organization_id = organization_id`);
      await refused(`delete from specline.${name}`);
      await refused(`truncate specline.${name}`);
    }
    await refused(`insert into specline.server_secret values ('mine', 'x')`);
    await refused(`update specline.server_secret set value = 'x'`);
    for (const name of ['migration', 'operation', 'rebuild', 'rebuild_shard']) {
      await refused(`select * from specline.${name}`);
    }
    await refused('create table specline.mine (a int)');
    await refused('alter table specline.event disable row level security');
    await refused('drop table specline.event');
  });

  test('what the workers keep for themselves the application neither reads nor writes', async () => {
    for (const name of workersOwn) {
      const [row] = await ask(`select has_table_privilege('specline_app', 'specline.${name}',
        'select, insert, update, delete, truncate') as "may"`);
      expect(row, name).toEqual({ may: false });
    }
  });

  test('the workers read the history of every organization, and write nothing but what is their own', async () => {
    const [total] = await ask('select count(*)::int as n from specline.event');
    const [seen] = await as('specline_worker', undefined, () => ask('select count(*)::int as n from specline.event'));
    expect(seen).toEqual(total);
    const written = await ask(`select c.relname as "name" from pg_class c
      where c.relnamespace = 'specline'::regnamespace and c.relkind in ('r', 'p')
        and has_table_privilege('specline_worker', c.oid, 'insert, update, delete, truncate') order by 1`);
    const may = [...workersOwn, ...writtenByWorkers].sort();
    expect(written.map(({ name }) => name)).toEqual(may);
    const readable = await ask(`select c.relname as "name" from pg_class c
      where c.relnamespace = 'specline'::regnamespace and c.relkind in ('r', 'p')
        and has_table_privilege('specline_worker', c.oid, 'select') order by 1`);
    expect(readable.map(({ name }) => String(name)).filter((name) => !may.includes(name))).toEqual([
      'cold_stream',
      'event',
      'stream',
    ]);
    const functions = await ask(`select proname as "name" from pg_proc
      where pronamespace = 'specline'::regnamespace and has_function_privilege('specline_worker', oid, 'execute')
        and not has_function_privilege('public', oid, 'execute') order by 1`);
    expect(functions.map(({ name }) => name)).toEqual([
      'advance_watermark',
      'analyze_cold',
      'archived_streams',
      'claim_shards',
      'keep_webhook_attempts',
      'move_to_cold',
      'owners_of_keys',
      'search_audit',
    ]);
  });

  test('whoever moves archived history writes down what was moved, and changes one column of an event', async () => {
    const written = await ask(`select c.relname as "name" from pg_class c
      where c.relnamespace = 'specline'::regnamespace and c.relkind in ('r', 'p')
        and has_table_privilege('specline_mover', c.oid, 'insert, update, delete, truncate') order by 1`);
    expect(written).toEqual([{ name: 'cold_stream' }]);
    const columns =
      await ask(`select table_name || '.' || column_name as "name" from information_schema.column_privileges
      where grantee = 'specline_mover' and privilege_type in ('INSERT', 'UPDATE') and table_name <> 'cold_stream' order by 1`);
    // To lock a row takes the right to change one of its columns.
    expect(columns).toEqual([{ name: 'event.archived' }, { name: 'stream.stream_type' }]);
  });

  test('what it may write itself it may write only for its organization', async () => {
    const number = `insert into specline.spec_number values ('${other}', 7) on conflict (organization_id) do update set last = 7`;
    await expect(as('specline_app', mine, () => ask(number))).rejects.toMatchObject({ code: '42501' });
    const updated = await as('specline_app', mine, () =>
      client.query(`update specline.spec_number set last = 7 where organization_id = '${other}'`),
    );
    expect(updated.rowCount).toBe(0);
    for (const name of ['spec_search', 'contract', 'contract_reading']) {
      const emptied = await as('specline_app', mine, () =>
        client.query(`delete from specline.${name} where organization_id = '${other}'`),
      );
      expect(emptied.rowCount, name).toBe(0);
    }
  });

  test('history is not rewritten by anybody: the append function’s owner and the table’s owner included', async () => {
    const statements = [
      'update specline.event set type = type',
      'delete from specline.event',
      'truncate specline.event',
    ];
    const [event] = (await tables()).filter(({ name }) => name === 'event');
    const owner = String(event?.owner);
    for (const statement of statements) {
      await expect(
        as('specline_append', mine, () => ask(statement)),
        statement,
      ).rejects.toMatchObject({ code: '42501' });
      await expect(
        as(owner, mine, () => ask(statement)),
        statement,
      ).rejects.toMatchObject({ code: 'SPL01' });
    }
    const [filled] = await ask('select tableoid::regclass::text as "name" from specline.event limit 1');
    const partitions = (await tables())
      .filter(({ name, partition }) => partition && String(name).startsWith('event_'))
      .map(({ name }) => `specline.${String(name)}`);
    const direct = [
      ...partitions.map((name) => `truncate ${name}`),
      `update ${String(filled?.name)} set type = type`,
      `delete from ${String(filled?.name)}`,
    ];
    for (const statement of direct) {
      await expect(
        as(owner, mine, () => ask(statement)),
        statement,
      ).rejects.toMatchObject({ code: 'SPL01' });
    }
  });

  test('the roles own no table, cannot log in, and cannot get round row security', async () => {
    const roles = await ask(`select rolname as "name", rolsuper, rolbypassrls, rolcanlogin, rolcreaterole, rolcreatedb,
        (select count(*)::int from pg_class where relowner = r.oid) as "owns"
      from pg_roles r where rolname in ('specline_app', 'specline_append', 'specline_mover', 'specline_worker') order by 1`);
    const nothing = {
      rolsuper: false,
      rolbypassrls: false,
      rolcanlogin: false,
      rolcreaterole: false,
      rolcreatedb: false,
    };
    expect(roles).toEqual([
      { name: 'specline_app', ...nothing, owns: 0 },
      { name: 'specline_append', ...nothing, owns: 0 },
      { name: 'specline_mover', ...nothing, owns: 0 },
      { name: 'specline_worker', ...nothing, owns: 0 },
    ]);
    for (const other of ['specline_append', 'specline_mover', 'specline_worker']) {
      const [member] = await ask(`select pg_has_role('specline_app', '${other}', 'member') as "is"`);
      expect(member, other).toEqual({ is: false });
    }
  });

  test('of functions that act with other rights the application may call six, and none takes its search path from outside', async () => {
    const doors = await ask(`select proname as "name", array_to_string(proconfig, ',') as "config"
      from pg_proc where pronamespace = 'specline'::regnamespace and prosecdef and has_function_privilege('specline_app', oid, 'execute')
      order by 1`);
    expect(doors.map(({ name }) => name)).toEqual([
      'append',
      'append_claiming',
      'authenticate',
      'has_organizations',
      'search_audit',
      'use_share',
    ]);
    for (const { config } of doors)
      expect(config).toMatch(/^search_path=specline, pg_temp(?:,plan_cache_mode=force_custom_plan)?$/);
  });
});
