import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createApp } from '../src/app.js';
import { verifyEvidence } from '../src/modules/audit/evidence-reader.js';
import { Sealer } from '../src/modules/audit/sealer.js';
import { readPublicKeys } from '../src/modules/audit/trusted-keys.js';
import { ColdHistory } from '../src/modules/event-store/cold-history.js';
import { startAdmin } from './support/admin.js';
import { Operator } from './support/operations.js';
import { textOf } from './support/evidence.js';
import { openThread } from './support/comments.js';
import { erase, issueKey } from './support/persons.js';
import type { Team } from './support/reviews.js';
import { because, newTeam, SpecOf } from './support/reviews.js';
import { masterKey, runOn, startService } from './support/service.js';
import { issueReport } from './support/spec-compliance.js';
import { expectProblem, readEvents } from './support/specs.js';

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

const soon = () => new Date(Date.now() + 1000);
const rows = async (statement: string) => (await runOn(service.databaseUrl, statement)).rows;
/** How many events of a spec are in each part. */
async function partsOf({ specId }: SpecOf): Promise<{ hot: number; cold: number }> {
  const [found] =
    await rows(`select count(*) filter (where not archived)::int as hot, count(*) filter (where archived)::int as cold
    from specline.event where stream_id = '${specId}'`);
  return found as { hot: number; cold: number };
}

/** A spec with a life behind it. */
async function archived(): Promise<SpecOf> {
  const spec = await SpecOf.inReview(team);
  await spec.edit(team.ann, 'Keep all of them.\n').expect(200);
  await spec.vote(team.ben);
  await spec.go('deprecate', team.dan, because).expect(200);
  await spec.go('archive', team.dan, because).expect(200);
  return spec;
}

/** Everything that can be read of a spec, as it is answered. */
async function allReads(spec: SpecOf): Promise<Record<string, string>> {
  const { tenant } = team;
  const events = await readEvents(tenant, spec.specId);
  const answers: Record<string, string> = {};
  const read = async (path: string, accept = 'application/json') => {
    const answer = await tenant.request('get', path).set('accept', accept).set('prefer', 'wait=10');
    expect(answer.status, `${path} ${answer.text}`).toBe(200);
    answers[`${path} ${accept}`] = answer.text;
  };
  const paths = [
    '',
    '/sections',
    '/events?limit=100',
    '/history',
    '/blame',
    '/diff',
    '/votes',
    '/revisions',
    '/compliance',
  ];
  for (const path of paths) await read(`/specs/${spec.specId}${path}`);
  for (const { version } of events) await read(`/specs/${spec.specId}?version=${version}`, 'text/markdown');
  for (const { recordedAt } of events) await read(`/specs/${spec.specId}?at=${String(recordedAt)}`);
  await read(`/specs/${spec.specId}/history`, 'text/plain');
  await read(`/specs/${spec.specId}/diff?from=1&to=3`, 'text/x-diff');
  await read(`/specs/${spec.specId}/compliance?version=${events.length}`);
  await read(`/audit/events?spec=${spec.specId}&limit=100`);
  for (const { eventId } of events) {
    await read(`/audit/events/${String(eventId)}`);
    await read(`/audit/proofs/${String(eventId)}`);
  }
  await read('/events?limit=100');
  return answers;
}

const evidence = async (): Promise<string> =>
  (await team.tenant.request('get', '/audit/evidence').buffer(true).parse(textOf).expect(200)).body as string;
/** The events and seals of it: the rest says when it was made. */
const linesOf = (file: string) => file.split('\n').filter((line) => /"kind":"(?:event|seal)"/.test(line));

describe('history of an archived spec', () => {
  test('is moved whole, and everything is read, proved and rebuilt as before', { timeout: 120_000 }, async () => {
    const spec = await archived();
    await issueReport(spec).expect(201);
    const beside = await SpecOf.begin(team);
    await service.app.get(Sealer).sealNow();
    const before = await allReads(spec);
    const { hot } = await partsOf(spec);

    expect(await history.move(soon())).toEqual({ streams: 1, events: hot });
    expect(await partsOf(spec)).toEqual({ hot: 0, cold: hot });
    expect(await partsOf(beside)).toEqual({ hot: 1, cold: 0 });
    expect(await allReads(spec)).toEqual(before);
    expect(await history.move(soon())).toEqual({ streams: 0, events: 0 });
    await operator.succeed('projection.verify', 'spec');
    await operator.succeed('projection.rebuild', 'spec');
    expect(await allReads(spec)).toEqual(before);
  });

  test('goes on where somebody writes to it again, and is moved again', async () => {
    const spec = await archived();
    await history.move(soon());
    const { cold } = await partsOf(spec);
    const place = () => spec.request('put', '/legal-holds/audit', team.dan).send(because);
    const [first, second] = await Promise.all([place(), place()]);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(await partsOf(spec)).toEqual({ hot: 1, cold });
    expect((await readEvents(team.tenant, spec.specId)).map(({ version }) => version)).toEqual(
      Array.from({ length: cold + 1 }, (_, at) => at + 1),
    );
    // On hold it stays where it is.
    expect(await history.move(soon())).toEqual({ streams: 0, events: 0 });
    await spec.request('post', '/legal-holds/audit/release', team.dan).send(because).expect(200);
    expect(await history.move(soon())).toEqual({ streams: 1, events: 2 });
    expect(await partsOf(spec)).toEqual({ hot: 0, cold: cold + 2 });
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
    expect((await partsOf(spec)).hot).toBe(0);
    for (const other of [held, deprecated]) expect((await partsOf(other)).cold).toBe(0);
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
    await expect.poll(async () => (await partsOf(old)).hot, { timeout: 20_000 }).toBe(0);
    await second.close();
    await makeOlder(-25);
    const { hot, cold } = await partsOf(young);
    expect(cold).toBe(0);
    const { code, lines } = await startAdmin(databaseUrl, ['--json', 'cold', '--move', '0']).ended;
    expect(code).toBe(0);
    expect(lines).toMatchObject([{ moved: { streams: 1, events: hot } }]);
    expect(await partsOf(young)).toEqual({ hot: 0, cold: hot });
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
    for (const spec of specs) all += (await partsOf(spec)).hot;
    const moved = await Promise.all([1, 2, 3].map(() => history.move(soon())));
    expect(moved.reduce((sum, { events }) => sum + events, 0)).toBe(all);
    expect(moved.reduce((sum, { streams }) => sum + streams, 0)).toBe(specs.length);
    for (const spec of specs) expect((await partsOf(spec)).hot).toBe(0);
  });

  test('is where it was when the mover is killed in the middle, and a writer waits for a move', async () => {
    const spec = await archived();
    const { hot } = await partsOf(spec);
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
    await expect.poll(() => partsOf(spec)).toEqual({ hot, cold: 0 });

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
    expect(await partsOf(spec)).toEqual({ hot: 1, cold: hot });
  });

  test('tells of an erased person no more than the rest, and its proofs hold', async () => {
    const ada = { ...team.ann, apiKey: await issueKey(team.tenant, 'Ada Lovelace') };
    const spec = await SpecOf.begin(team);
    await spec.edit(ada, 'Keep all.\n').expect(200);
    await openThread(team.tenant, spec.specId, {}, ada.apiKey);
    await spec.vote(team.ben);
    await spec.go('submit', team.ann).expect(200);
    await spec.vote(team.ben);
    await spec.go('deprecate', team.dan, because).expect(200);
    await spec.go('archive', team.dan, because).expect(200);
    await service.app.get(Sealer).sealNow();
    await history.move(soon());
    const told = async () => (await spec.request('get', '/history', team.ann).set('accept', 'text/plain')).text;
    const trail = async () =>
      (await team.tenant.request('get', `/audit/events?spec=${spec.specId}&limit=100`).set('prefer', 'wait=10')).text;
    expect(await told()).toContain('Ada Lovelace');
    expect(await trail()).toContain('Ada Lovelace');
    const events = await readEvents(team.tenant, spec.specId);
    const proofs = () =>
      Promise.all(
        events.map(async ({ eventId }) => {
          const answer = await team.tenant.request('get', `/audit/proofs/${String(eventId)}`).expect(200);
          return answer.text;
        }),
      );
    const before = await proofs();
    const whole = await evidence();
    expect(whole).not.toContain('Lovelace');
    await erase(team.tenant, { person: 'Ada Lovelace' });
    for (const text of [await told(), await trail(), JSON.stringify(await readEvents(team.tenant, spec.specId))]) {
      expect(text).toContain('[erased]');
      expect(text).not.toContain('Ada Lovelace');
    }
    expect(await proofs()).toEqual(before);
    expect(linesOf(await evidence())).toEqual(linesOf(whole));
    await operator.succeed('projection.verify', 'spec');
    expectProblem(await spec.request('get', '?version=99', team.ann), 404, 'not_found');
  });

  test('is proved whole after the move, and who changes it there as a superuser is found out', async () => {
    const spec = await archived();
    await service.app.get(Sealer).sealNow();
    const whole = await evidence();
    await history.move(soon());
    expect(linesOf(await evidence())).toEqual(linesOf(whole));
    const keys = readPublicKeys((await service.anonymous().get('/.well-known/specline-keys.json').expect(200)).text);
    const problems = async () => (await verifyEvidence([Buffer.from(await evidence())], keys)).problems;
    expect(await problems()).toEqual([]);
    await rows(`begin; alter table specline.event_cold disable trigger all;
      update specline.event_cold set payload = payload || '{"reason": "forged"}' where stream_id = '${spec.specId}' and version = 2;
      alter table specline.event_cold enable trigger all; commit`);
    const [, changed] = await readEvents(team.tenant, spec.specId);
    expect(await problems()).toMatchObject([{ check: 'event_altered', eventId: changed?.eventId }]);
  });

  test('is changed by nobody, and moved by nobody but by the one function', async () => {
    const spec = await archived();
    await history.move(soon());
    await SpecOf.begin(team);
    const owner = String((await rows('select current_user as name'))[0]?.name);
    const tryAs = async (role: string, statement: string) => {
      const client = new pg.Client({ connectionString: service.databaseUrl });
      await client.connect();
      try {
        await client.query(`set role ${role}; set specline.organization_id = '${team.tenant.organizationId}'`);
        await client.query(statement);
        return 'done';
      } catch (error) {
        return (error as { code?: string }).code;
      } finally {
        await client.end();
      }
    };
    const rewriting = ['set archived = not archived', `set type = 'x'`, `set payload = '{}', archived = true`];
    const statements = [...rewriting.map((set) => `update specline.event ${set}`), 'delete from specline.event'];
    for (const statement of statements) {
      for (const role of ['specline_app', 'specline_append', 'specline_worker']) {
        expect(await tryAs(role, statement), `${role}: ${statement}`).toBe('42501');
      }
      expect(await tryAs(owner, statement), statement).toBe('SPL01');
    }
    expect(await tryAs('specline_mover', 'delete from specline.event')).toBe('42501');
    expect(await tryAs('specline_mover', `update specline.event set type = 'x', archived = true`)).toBe('42501');
    // Nothing comes back.
    const back = `update specline.event set archived = false where stream_id = '${spec.specId}'`;
    expect(await tryAs('specline_mover', back)).toBe('SPL01');
    for (const role of ['specline_app', 'specline_append']) {
      const call = `select specline.move_to_cold('${team.tenant.organizationId}', '${spec.specId}', now())`;
      expect(await tryAs(role, call)).toBe('42501');
    }
  });
});
