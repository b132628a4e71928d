import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createApp } from '../src/app.js';
import { Sealer } from '../src/modules/audit/sealer.js';
import { ColdHistory } from '../src/modules/event-store/cold-history.js';
import { startAdmin } from './support/admin.js';
import { allReads, archivedSpec, partsOf, soon } from './support/archived-specs.js';
import { Operator } from './support/operations.js';
import type { Team } from './support/reviews.js';
import { because, newTeam, SpecOf } from './support/reviews.js';
import { masterKey, runOn, startService } from './support/service.js';
import { issueReport } from './support/spec-compliance.js';
import { readEvents } from './support/specs.js';

const service = startService();
let team: Team;
let history: ColdHistory;
let operator: Operator;
beforeAll(() => {
  history = service.app.get(ColdHistory, { strict: false });
  operator = new Operator(service.databaseUrl);
});
afterAll(() => operator.close());
beforeEach(async () => {
  team = await newTeam(await service.newOrganization());
  // What other tests left.
  await history.move(soon());
});

const archived = () => archivedSpec(team);
const rows = async (statement: string) => (await runOn(service.databaseUrl, statement)).rows;

describe('history of an archived spec', () => {
  test('is moved whole, and everything is read, proved and rebuilt as before', { timeout: 120_000 }, async () => {
    const spec = await archived();
    await issueReport(spec).expect(201);
    const beside = await SpecOf.begin(team);
    await service.app.get(Sealer).sealNow();
    const before = await allReads(spec);
    const { hot } = await partsOf(service, spec);

    expect(await history.move(soon())).toEqual({ streams: 1, events: hot });
    expect(await partsOf(service, spec)).toEqual({ hot: 0, cold: hot });
    expect(await partsOf(service, beside)).toEqual({ hot: 1, cold: 0 });
    expect(await allReads(spec)).toEqual(before);
    expect(await history.move(soon())).toEqual({ streams: 0, events: 0 });
    await operator.succeed('projection.verify', 'spec');
    await operator.succeed('projection.rebuild', 'spec');
    expect(await allReads(spec)).toEqual(before);
  });

  test('goes on where somebody writes to it again, and is moved again', async () => {
    const spec = await archived();
    await history.move(soon());
    const { cold } = await partsOf(service, spec);
    const place = () => spec.request('put', '/legal-holds/audit', team.dan).send(because);
    const [first, second] = await Promise.all([place(), place()]);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(await partsOf(service, spec)).toEqual({ hot: 1, cold });
    expect((await readEvents(team.tenant, spec.specId)).map(({ version }) => version)).toEqual(
      Array.from({ length: cold + 1 }, (_, at) => at + 1),
    );
    // On hold it stays where it is.
    expect(await history.move(soon())).toEqual({ streams: 0, events: 0 });
    await spec.request('post', '/legal-holds/audit/release', team.dan).send(because).expect(200);
    expect(await history.move(soon())).toEqual({ streams: 1, events: 2 });
    expect(await partsOf(service, spec)).toEqual({ hot: 0, cold: cold + 2 });
    const [kept] = await rows(`select version, events from specline.cold_stream where stream_id = '${spec.specId}'`);
    expect(kept).toEqual({ version: cold + 2, events: cold + 2 });
  });

  test('stays where it is before its time, on hold, and while the spec is not archived', async () => {
    const spec = await archived();
    const held = await archived();
    await held.request('put', '/legal-holds/audit', team.dan).send(because).expect(200);
    const deprecated = await SpecOf.inReview(team);
    await deprecated.vote(team.ben);
    await deprecated.go('deprecate', team.dan, because).expect(200);
    expect(await history.move(new Date(Date.now() - 60_000))).toEqual({ streams: 0, events: 0 });
    // The function looks for itself, whoever asks.
    for (const { specId } of [held, deprecated]) {
      const [found] = await rows(
        `select specline.move_to_cold('${team.tenant.organizationId}', '${specId}', now() + interval '1 minute') as moved`,
      );
      expect(found).toEqual({ moved: 0 });
    }
    const { streams } = await history.move(soon());
    expect(streams).toBe(1);
    expect((await partsOf(service, spec)).hot).toBe(0);
    for (const other of [held, deprecated]) expect((await partsOf(service, other)).cold).toBe(0);
  });

  test('is moved by the service after so many days as it is told, and by the operator at once', async () => {
    const { databaseUrl } = service;
    const [old, young] = [await archived(), await archived()];
    const makeOlder = (hours: number) =>
      rows(
        `update specline.spec set updated_at = updated_at - interval '${hours} hours' where spec_id = '${old.specId}'`,
      );
    await makeOlder(25);
    const options = { databaseUrl, masterKey, operatorKey: undefined, databaseConnections: 2 };
    const second = await createApp({ ...options, coldAfterDays: 1 });
    await second.init();
    await expect.poll(async () => (await partsOf(service, old)).hot, { timeout: 20_000 }).toBe(0);
    await second.close();
    await makeOlder(-25);
    const { hot, cold } = await partsOf(service, young);
    expect(cold).toBe(0);
    const { code, lines } = await startAdmin(databaseUrl, ['--json', 'cold', '--move', '0']).ended;
    expect(code).toBe(0);
    expect(lines).toMatchObject([{ moved: { streams: 1, events: hot } }]);
    expect(await partsOf(service, young)).toEqual({ hot: 0, cold: hot });
    const [status] = (await startAdmin(databaseUrl, ['--json', 'cold']).ended).lines;
    expect(status).toMatchObject({
      ...(await history.status()),
      lastMovedAt: expect.any(String) as string,
      moved: null,
    });
  });

  test('is moved once, however many move it', async () => {
    const specs = [];
    for (let n = 0; n < 6; n++) specs.push(await archived());
    let all = 0;
    for (const spec of specs) all += (await partsOf(service, spec)).hot;
    const moved = await Promise.all([1, 2, 3].map(() => history.move(soon())));
    expect(moved.reduce((sum, { events }) => sum + events, 0)).toBe(all);
    expect(moved.reduce((sum, { streams }) => sum + streams, 0)).toBe(specs.length);
    for (const spec of specs) expect((await partsOf(service, spec)).hot).toBe(0);
  });

  test('is where it was when the mover is killed in the middle, and a writer waits for a move', async () => {
    const spec = await archived();
    const { hot } = await partsOf(service, spec);
    const { organizationId } = team.tenant;
    const begin = async () => {
      const mover = new pg.Client({ connectionString: service.databaseUrl });
      mover.on('error', () => undefined);
      await mover.connect();
      await mover.query('begin; set local role specline_worker');
      const { rows: found } = await mover.query<{ moved: string }>(
        `select specline.move_to_cold($1, $2, now() + interval '1 minute') as moved`,
        [organizationId, spec.specId],
      );
      expect(Number(found[0]?.moved)).toBe(hot);
      return mover;
    };
    const killed = await begin();
    const { rows: own } = await killed.query<{ pid: number }>('select pg_backend_pid() as pid');
    await rows(`select pg_terminate_backend(${own[0]?.pid})`);
    await killed.end().catch(() => undefined);
    await expect.poll(() => partsOf(service, spec)).toEqual({ hot, cold: 0 });

    const mover = await begin();
    // Another mover passes over it.
    expect(await history.move(soon())).toEqual({ streams: 0, events: 0 });
    let isDone = false;
    const written = spec
      .request('put', '/legal-holds/audit', team.dan)
      .send(because)
      .then((answer) => ((isDone = true), answer));
    await expect
      .poll(async () => (await rows(`select count(*)::int as n from pg_locks where not granted`))[0])
      .toEqual({ n: 1 });
    expect(isDone).toBe(false);
    await mover.query('commit');
    await mover.end();
    expect((await written).status).toBe(200);
    expect(await partsOf(service, spec)).toEqual({ hot: 1, cold: hot });
  });
});
