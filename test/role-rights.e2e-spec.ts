import { beforeAll, describe, expect, test } from 'vitest';
import { databaseRoles } from './support/database-roles.js';
import { startService } from './support/service.js';
import { alerts, importSpec } from './support/specs.js';

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

describe('on the database itself', () => {
  const service = startService();
  const { ask, as, tables } = databaseRoles(service);
  let mine: string;
  beforeAll(async () => {
    mine = service.organization.organizationId;
    for (const tenant of [service.organization, await service.newOrganization()]) await importSpec(tenant, alerts);
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
