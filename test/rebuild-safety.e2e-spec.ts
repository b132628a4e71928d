import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createApp } from '../src/app.js';
import { migrate } from '../src/migrate.js';
import { ProgressMeter } from '../src/modules/event-store/progress-meter.js';
import type { ReadModel } from '../src/modules/event-store/read-model.js';
import { rebuild } from '../src/modules/event-store/rebuild.js';
import { readModels } from '../src/read-models.js';
import { Operator } from './support/operations.js';
import { masterKey, operatorKey, runOn, startService } from './support/service.js';
import { documentOf, importSpec } from './support/specs.js';

const document = documentOf('Alerts', { Overview: 'Old.', Rollout: 'Slow.' });
const tables = ['spec', 'spec_section', 'organization', 'api_key', 'template'];

/** The read model of specs with something done to it. */
const specsWith = (change: Partial<ReadModel>): ReadModel[] =>
  readModels.map((model) => (model.name === 'spec' ? { ...model, ...change } : model));
const [specs] = readModels.filter(({ name }) => name === 'spec');

describe('whatever happens, a rebuild', () => {
  // Nobody but the test works operations off.
  const service = startService(() => ({ workers: false }));
  let operator: Operator;
  const operators: Operator[] = [];
  const operatorWith = (change: Partial<ReadModel>) => {
    const made = new Operator(service.databaseUrl, specsWith(change));
    operators.push(made);
    return made;
  };
  beforeAll(async () => {
    operators.push((operator = new Operator(service.databaseUrl)));
    for (let n = 0; n < 12; n++) await importSpec(service.organization, document);
    const template = { key: 'house', title: 'House', markdown: '## One\n\nText.\n' };
    await service.organization.request('post', '/templates').send(template).expect(201);
  });
  afterAll(() => Promise.all(operators.map((one) => one.close())));

  const shape = async () => {
    const list = tables.map((name) => `'specline.${name}'::regclass`).join();
    const one = async (text: string) => (await runOn(service.databaseUrl, text)).rows;
    return {
      tables:
        await one(`select oid::regclass::text as "name", relrowsecurity, relforcerowsecurity, reloptions, relacl::text,
        relowner::regrole::text from pg_class where oid in (${list}) order by 1`),
      columns:
        await one(`select attrelid::regclass::text as "table", attname, format_type(atttypid, atttypmod), attnotnull
        from pg_attribute where attrelid in (${list}) and attnum > 0 order by 1, attnum`),
      indexes: await one(
        `select pg_get_indexdef(indexrelid), indisprimary, indisvalid from pg_index where indrelid in (${list}) order by 1`,
      ),
      constraints: await one(`select conrelid::regclass::text as "table", conname, pg_get_constraintdef(oid)
        from pg_constraint where conrelid in (${list}) order by 1, 2`),
      policies: await one(`select polrelid::regclass::text as "table", polname, polroles::regrole[]::text, polcmd,
        pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid) from pg_policy where polrelid in (${list}) order by 1, 2`),
    };
  };

  test('leaves tables that differ in nothing but their rows: locks, grants, indexes, settings', async () => {
    const before = await shape();
    for (const { name } of readModels) await operator.succeed('projection.rebuild', name);
    expect(await shape()).toEqual(before);
    for (const { name } of readModels) await operator.succeed('projection.rollback', name);
    expect(await shape()).toEqual(before);
  });

  test('is not put live when a second fold comes to something else', async () => {
    let folds = 0;
    const begin = () => {
      const fold = specs?.begin();
      const nth = folds++;
      return {
        bytes: () => 1,
        apply: (event: Parameters<ReturnType<ReadModel['begin']>['apply']>[0]) =>
          (fold?.apply(event) ?? []).map((change) =>
            'put' in change && 'title' in change.put && nth === 5
              ? change.table.put({ ...change.put, title: 'Only once' })
              : change,
          ),
      };
    };
    const found = await operatorWith({ begin }).run('projection.rebuild');
    expect(found).toMatchObject({ status: 'failed', result: { mismatches: [{ table: 'spec', columns: ['title'] }] } });
    expect(found.problem).toMatch(/^spec \{.*"specId":"[0-9a-f-]{36}".*\} is different in title$/);
    const { rows } = await runOn(service.databaseUrl, `select from specline.spec where title = 'Only once'`);
    expect(rows).toEqual([]);
    expect(await operator.leftovers()).toContain('spec next');
    await operator.succeed('projection.discard');
    expect(await operator.leftovers()).not.toContain('spec next');
  });

  test('that is cancelled leaves nothing behind', async () => {
    await operator.succeed('projection.discard', 'spec', { previous: true });
    const before = (await operator.leftovers()).filter((name) => name.startsWith('spec '));
    expect(before).toEqual([]);
    const slow = operatorWith({ begin: slowly });
    const operationId = await slow.ask('projection.rebuild');
    const running = slow.runner.runOne(new AbortController().signal, operationId);
    await untilLoading();
    await operator.runner.operations.cancel(operationId);
    await running;
    expect(await slow.ended(operationId)).toMatchObject({ status: 'cancelled', result: null });
    expect((await operator.leftovers()).filter((name) => name.startsWith('spec '))).toEqual([]);
    await operator.succeed('projection.rebuild');
  });

  test('is left by a process that stops, and ended by the next', async () => {
    const slow = operatorWith({ begin: slowly });
    const operationId = await slow.ask('projection.rebuild');
    const stop = new AbortController();
    const running = slow.runner.runOne(stop.signal, operationId);
    await untilLoading();
    stop.abort();
    await running;
    expect(await operator.runner.operations.one(operationId)).toMatchObject({ status: 'running' });
    expect(await operator.runner.runOne(new AbortController().signal)).toBe(true);
    expect(await operator.ended(operationId)).toMatchObject({ status: 'succeeded' });
    await operator.succeed('projection.verify');
  });

  test('is worked by one process only, however many believe to have it', async () => {
    for (let round = 0; round < 5; round++) {
      const operationId = randomUUID();
      const work = () => ({
        operationId,
        database: operator.database,
        model: specs as ReadModel,
        meter: new ProgressMeter(),
        signal: new AbortController().signal,
        lanes: 2,
      });
      const ends = await Promise.allSettled([rebuild(work(), {}), rebuild(work(), {}), rebuild(work(), {})]);
      expect(ends.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1);
      for (const end of ends) {
        if (end.status === 'rejected')
          expect(String(end.reason)).toMatch(/taken the operation over|there is no table|does not exist/);
      }
      await operator.succeed('projection.verify');
    }
  });

  test('has its lease by the database’s clock: nobody takes what is under way, anybody what was left', async () => {
    const operationId = await operator.ask('projection.verify');
    const other = operatorWith({});
    const [mine, theirs] = [randomUUID(), randomUUID()];
    expect(await operator.runner.operations.claim(mine)).toMatchObject({ operationId, status: 'running' });
    expect(await other.runner.operations.claim(theirs)).toBeUndefined();
    await runOn(
      service.databaseUrl,
      `update specline.operation set lease_until = clock_timestamp() - interval '1 ms'
      where operation_id = '${operationId}'`,
    );
    expect(await other.runner.operations.claim(theirs)).toMatchObject({ operationId });
    const progress = new ProgressMeter().read();
    expect(await operator.runner.operations.renew(operationId, mine, progress)).toBe('lost');
    expect(await other.runner.operations.renew(operationId, theirs, progress)).toBe('go on');
    await operator.runner.operations.finish(operationId, mine, { status: 'failed' });
    expect(await operator.runner.operations.one(operationId)).toMatchObject({ status: 'running' });
    await other.runner.operations.finish(operationId, theirs, { status: 'succeeded' });
  });

  test('refuses tables of another shape, and says which column', async () => {
    await operator.succeed('projection.rebuild', 'spec', { swap: false });
    await runOn(service.databaseUrl, 'alter table specline.spec add column mood text');
    const refused = await operator.run('projection.swap');
    expect(refused).toMatchObject({ status: 'failed', problem: expect.stringContaining('mood text') as string });
    await operator.succeed('projection.rebuild');
    await runOn(service.databaseUrl, 'alter table specline.spec drop column mood');
    expect(await operator.run('projection.rollback')).toMatchObject({
      status: 'failed',
      problem: refused.problem?.replace('next', 'previous'),
    });
  });

  test('sees a stream of which events are missing', async () => {
    await runOn(
      service.databaseUrl,
      `update specline.stream set version = 2
      where stream_id = (select spec_id from specline.spec order by number limit 1)`,
    );
    const found = await operator.run('projection.rebuild');
    expect(found).toMatchObject({
      status: 'failed',
      problem: expect.stringMatching(/events are said to be/) as string,
    });
    await runOn(
      service.databaseUrl,
      `update specline.stream set version = 1
      where stream_id = (select spec_id from specline.spec order by number limit 1)`,
    );
    await operator.succeed('projection.rebuild');
  });

  /** A fold that takes its time with every stream. */
  const slowly: ReadModel['begin'] = () => {
    for (const until = performance.now() + 100; performance.now() < until;);
    return (specs as ReadModel).begin();
  };
  const untilLoading = async () => {
    for (let waited = 0; waited < 200; waited++) {
      if ((await operator.leftovers()).includes('spec shard 0')) return;
      await setTimeout(20);
    }
    throw new Error('the rebuild does not begin');
  };
});

test('an owner who is no superuser can do all of it', async () => {
  const name = `owner_${randomUUID().slice(0, 8)}`;
  const server = inject('postgresUrl');
  for (const statement of [
    `create role ${name} login password 'secret' createrole`,
    ...['specline_app', 'specline_append', 'specline_worker', 'specline_mover'].map(
      (role) => `grant ${role} to ${name} with admin option`,
    ),
    `create database ${name} owner ${name}`,
  ]) {
    await runOn(server, statement);
  }
  const url = new URL(server);
  Object.assign(url, { username: name, password: 'secret', pathname: `/${name}` });
  await migrate(url.href);
  const app = await createApp(options(url.href));
  const operator = new Operator(url.href);
  try {
    const open = { method: 'POST', url: '/v1/organizations', payload: { name: 'Ltd' } } as const;
    const headers = { authorization: `Bearer ${operatorKey}` };
    const { organizationId, apiKey } = (await app.inject({ ...open, headers })).json<Record<string, string>>();
    const specsUrl = `/v1/organizations/${organizationId}/specs`;
    const key = { authorization: `Bearer ${apiKey}` };
    const created = await app.inject({ method: 'POST', url: specsUrl, payload: { title: 'One' }, headers: key });
    expect(created.statusCode).toBe(201);
    for (const model of ['spec', 'organization', 'template']) {
      await operator.succeed('projection.rebuild', model);
      await operator.succeed('projection.rollback', model);
      await operator.succeed('projection.verify', model);
    }
    expect((await app.inject({ method: 'GET', url: specsUrl, headers: key })).json<{ items: [] }>().items.length).toBe(
      1,
    );
  } finally {
    await operator.close();
    await app.close();
    await runOn(server, `drop database ${name} with (force)`);
    await runOn(server, `drop role ${name}`);
  }
});

const options = (databaseUrl: string) => ({ databaseUrl, masterKey, operatorKey, databaseConnections: 5 });
