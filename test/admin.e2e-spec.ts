import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { adminCommand, startAdmin } from './support/admin.js';
import { writeHistory } from './support/history.js';
import { Operator } from './support/operations.js';
import { runOn, startService } from './support/service.js';
import { documentOf, importSpec } from './support/specs.js';

describe('specline-admin', () => {
  const service = startService();
  const admin = (...words: string[]) => startAdmin(service.databaseUrl, words).ended;
  beforeAll(async () => {
    for (let n = 0; n < 3; n++) await importSpec(service.organization, documentOf(`Spec ${n}`, { One: 'x' }));
  });

  test('rebuilds, verifies, swaps and takes back, each with its exit code', async () => {
    const rebuilt = await admin('rebuild', 'spec', '--json');
    expect([rebuilt.code, rebuilt.err]).toEqual([0, '']);
    expect(rebuilt.lines.at(-1)).toMatchObject({ status: 'succeeded', result: { events: 3, swapped: true } });
    expect(await admin('verify', 'spec')).toMatchObject({ code: 0, err: '' });
    expect(await admin('rebuild', 'spec', '--no-swap', '--sample', '50')).toMatchObject({ code: 0 });
    expect(await admin('swap', 'spec')).toMatchObject({ code: 0 });
    expect(await admin('swap', 'spec')).toMatchObject({ code: 1 });
    expect(await admin('rollback', 'spec')).toMatchObject({ code: 0 });
    expect(await admin('discard', 'spec', '--previous')).toMatchObject({ code: 0 });
    expect(await admin('rollback', 'spec')).toMatchObject({ code: 1 });
  });

  test('names the row that differs, and exits with 3', async () => {
    await runOn(service.databaseUrl, `update specline.spec set title = 'Forged' where title = 'Spec 1'`);
    const found = await admin('verify', 'spec');
    expect(found.code).toBe(3);
    expect(found.out).toMatch(/spec \{"organizationId":".*\} is different in title/);
    const asJson = await admin('verify', 'spec', '--json');
    expect(asJson.code).toBe(3);
    expect(asJson.lines.at(-1)).toMatchObject({ result: { mismatches: [{ table: 'spec', columns: ['title'] }] } });
    expect(await admin('rebuild', 'spec')).toMatchObject({ code: 0 });
    expect(await admin('verify', 'spec')).toMatchObject({ code: 0 });
  });

  test('gives up what is parked, up to the version that is named, and says what it cannot replay', async () => {
    const { organizationId } = service.organization;
    const specId = randomUUID();
    const letters = [1, 2, 3].map(
      (version) => `('gone', '${organizationId}', '${specId}', ${version}, ${version}, 'bad')`,
    );
    await runOn(
      service.databaseUrl,
      `insert into specline.dead_letter (subscription, organization_id, stream_id, version, seq, error)
        values ${letters.join()}`,
    );
    const parked = { subscription: 'gone', organizationId, streamId: specId, lastVersion: 3, error: 'bad' };
    const listed = await admin('parked', 'list', '--json');
    expect(listed.lines).toMatchObject([{ parked: [{ ...parked, firstVersion: 1, events: 3 }] }]);
    expect((await admin('parked', 'list')).out).toContain(specId);
    expect(await admin('parked', 'replay', 'gone', organizationId, specId)).toMatchObject({
      code: 1,
      err: expect.stringContaining('gone') as string,
    });

    const upTo2 = ['parked', 'discard', 'gone', organizationId, specId, '--up-to', '2'];
    expect(await admin(...upTo2)).toMatchObject({ code: 2 });
    const discarded = await admin(...upTo2, '--reason', 'Told by hand.', '--json');
    expect(discarded).toMatchObject({ code: 0, lines: [{ discarded: 2 }] });
    const left = await admin('parked', 'list', 'gone', '--json');
    expect(left.lines).toMatchObject([{ parked: [{ ...parked, firstVersion: 3, events: 1 }] }]);
    expect(await admin('parked', 'discard', 'gone', organizationId, 'no-id', '--up-to', '3')).toMatchObject({
      code: 2,
    });
  });

  test('tells how everything is, in text and as JSON', async () => {
    const status = await admin('status', '--json');
    expect([status.code, status.err]).toEqual([0, '']);
    expect(status.lines).toHaveLength(1);
    expect(status.lines[0]).toMatchObject({
      watermark: { position: expect.any(Number) as number },
      subscriptions: expect.any(Array) as unknown[],
      rebuilds: expect.arrayContaining([
        expect.objectContaining({ projection: 'spec', place: 'previous' }),
      ]) as unknown[],
      operations: expect.any(Array) as unknown[],
    });
    expect((await admin('status')).out).toMatch(/^History is final up to \d+ of \d+/);
    expect(await admin('parked', 'list', 'kafka', '--json')).toMatchObject({ code: 0, lines: [{ parked: [] }] });
    const { operations } = (await admin('operations', '--json')).lines[0] as { operations: { operationId: string }[] };
    expect(operations.length).toBeGreaterThan(3);
    expect(await admin('cancel', operations[0]?.operationId ?? '')).toMatchObject({ code: 0 });
  });

  test('seals what was written so far', async () => {
    const { organizationId } = service.organization;
    const sealed = await admin('seal', organizationId, '--json');
    expect([sealed.code, sealed.err]).toEqual([0, '']);
    expect(sealed.lines).toEqual([{ sealed: [expect.objectContaining({ organizationId, size: 5 })] }]);
    expect((await admin('seal')).out).toContain(organizationId);
  });

  test('says in one line what is wrong with a call', async () => {
    const wrong: [number, RegExp, ...string[]][] = [
      [2, /unknown command/, 'nonsense'],
      [2, /missing required argument/, 'rebuild'],
      [2, /whole number from 1 to 100/, 'verify', 'spec', '--sample', '0'],
      [2, /must be a UUID/, 'cancel', 'nonsense'],
      [1, /one of organization, review_policy, template, spec, thread/, 'rebuild', 'nonsense'],
      [1, /no operation/, 'cancel', randomUUID()],
    ];
    for (const [code, said, ...words] of wrong) {
      const outcome = await admin(...words);
      expect([outcome.code, outcome.out], words.join(' ')).toEqual([code, '']);
      expect(outcome.err).toMatch(said);
    }
    const away = await startAdmin('postgres://nobody@127.0.0.1:1/none', ['status']).ended;
    expect(away).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^The database .* nothing listens there\n$/) as string,
    });
    const folder = await mkdtemp(join(tmpdir(), 'specline-admin-'));
    const env = { ...process.env, DATABASE_URL: '', SPECLINE_DATA_DIR: folder };
    const child = spawn(process.execPath, [adminCommand, 'operations'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    expect(await text(child.stderr)).toMatch(/^No Specline runs on the data directory .*\n$/);
    await rm(folder, { recursive: true });
  });
});

describe('a rebuild in a process', () => {
  const database = `t_${randomUUID().replaceAll('-', '')}`;
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${database}`;
  let operator: Operator;
  const events = 40_000;
  beforeAll(async () => {
    await runOn(inject('postgresUrl'), `create database ${database} template specline_template`);
    await writeHistory(url.href, { streams: events / 20, eventsPerStream: 20 });
    operator = new Operator(url.href);
  });
  afterAll(async () => {
    await operator.close();
    await runOn(inject('postgresUrl'), `drop database ${database} with (force)`);
  });

  const loaded = async () => {
    const rows = await operator.database.query<{ events: number }>(
      'select coalesce(sum(events), 0)::int as "events" from specline.rebuild_shard',
    );
    return rows[0]?.events ?? 0;
  };
  const oidOf = async (name: string) =>
    (await operator.database.query<{ oid: number }>(`select to_regclass('specline.${name}')::oid as "oid"`))[0]?.oid;
  const untilHalfLoaded = async () => {
    for (let waited = 0; waited < 3000 && (await loaded()) === 0; waited++) await setTimeout(5);
    expect(await loaded()).toBeGreaterThan(0);
  };

  test('that is killed in the middle is ended by the next, which does not begin anew', async () => {
    const killed = startAdmin(url.href, ['rebuild', 'spec', '--lanes', '1', '--json']);
    await untilHalfLoaded();
    killed.child.kill('SIGKILL');
    expect(await killed.ended).toMatchObject({ code: null });
    const [before, table] = [await loaded(), await oidOf('spec__next')];
    expect(before).toBeLessThan(events);
    // Time passes: the lease of the dead process runs out.
    await operator.database.query(
      `update specline.operation set lease_until = clock_timestamp() where status = 'running'`,
    );

    const resumed = await startAdmin(url.href, ['rebuild', 'spec', '--json']).ended;
    expect(resumed).toMatchObject({ code: 0 });
    expect(resumed.lines.at(-1)).toMatchObject({ status: 'succeeded', result: { events, rows: (events / 20) * 11 } });
    expect(await oidOf('spec')).toBe(table);
    expect(await operator.leftovers()).not.toContain('spec next');
    expect((await startAdmin(url.href, ['verify', 'spec']).ended).code).toBe(0);
  });

  test('ends by Ctrl-C cancelled, with nothing left behind', async () => {
    const running = startAdmin(url.href, ['rebuild', 'spec', '--lanes', '1']);
    await untilHalfLoaded();
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 4, out: expect.stringMatching(/cancelled/) as string });
    expect(await operator.leftovers()).not.toContain('spec next');
    expect(await oidOf('spec__next')).toBeNull();
  });
});
