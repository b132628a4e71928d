import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { Subscriptions } from '../src/modules/event-store/subscriptions.js';
import type { Place } from './support/append-sql.js';
import { appendTo, connectAppender } from './support/append-sql.js';
import { runOn } from './support/service.js';
import { Diary, diaryTable, startWorkers } from './support/workers.js';

const milliseconds = 6_000;
const database = `t_${randomUUID().replaceAll('-', '')}`;
let databaseUrl: string;
let admin: pg.Client;
const processes: INestApplicationContext[] = [];
const connections: pg.Client[] = [];

beforeAll(async () => {
  const server = inject('postgresUrl');
  await runOn(server, `create database ${database} template specline_template`);
  const url = new URL(server);
  url.pathname = `/${database}`;
  databaseUrl = url.href;
  await runOn(databaseUrl, diaryTable);
  admin = await connect('test');
  for (const one of [databaseUrl, server]) {
    const bystander = new pg.Client({ connectionString: one, application_name: 'bystander' });
    await bystander.connect();
    await bystander.query('begin');
    await bystander.query('select pg_current_xact_id()');
    connections.push(bystander);
  }
  for (const _ of [1, 2]) processes.push(await startWorkers(databaseUrl, [new Diary('chaos', 2)]));
});
afterAll(async () => {
  for (const one of processes) await one.close();
  for (const one of connections) await one.end();
  await runOn(inject('postgresUrl'), `drop database ${database} with (force)`);
});

async function connect(name: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: name });
  await client.connect();
  connections.push(client);
  return client;
}
const ask = async <R extends object = Record<string, unknown>>(statement: string, values: unknown[] = []) =>
  (await admin.query<R>(statement, values)).rows;
const chance = (share: number) => Math.random() < share;
const below = (limit: number) => Math.floor(Math.random() * limit);
const places: Place[] = Array.from({ length: 40 }, () => ({ organizationId: randomUUID(), streamId: randomUUID() }));
const versions = new Map<Place, number>();
const counts = { appended: 0, conflicts: 0, rolledBack: 0, killed: 0 };

/** Appends to streams that others append to as well; some transactions take their time, some are taken back. */
async function write(until: number): Promise<void> {
  let client = await connectAppender(databaseUrl, 'writer');
  while (performance.now() < until) {
    const place = places[below(places.length)] as Place;
    const isSlow = chance(0.25);
    try {
      if (isSlow) await client.query('begin');
      // An early transaction id is what makes an order by transaction turn around.
      if (isSlow && chance(0.5)) await client.query('select pg_current_xact_id()');
      const verdict = await appendTo(client, place, versions.get(place) ?? 0, 1 + below(3));
      if (isSlow) await setTimeout(below(40));
      const isTakenBack = isSlow && chance(0.3);
      if (isSlow) await client.query(isTakenBack ? 'rollback' : 'commit');
      if (isTakenBack) counts.rolledBack++;
      else versions.set(place, verdict.version);
      counts[verdict.status === 'appended' ? 'appended' : 'conflicts']++;
    } catch {
      counts.killed++;
      await client.end().catch(() => undefined);
      client = await connectAppender(databaseUrl, 'writer');
    }
  }
  await client.end();
}

const kill = (name: string) =>
  admin.query(
    `select pg_terminate_backend(pid) from (select pid from pg_stat_activity
      where datname = current_database() and application_name = $1 order by random() limit 1) one`,
    [name],
  );

/** Kills a writer now and then, and now and then the connection of a worker: leader, listener or in a batch. */
async function killAround(until: number): Promise<void> {
  for (let n = 1; performance.now() < until; n++) {
    await setTimeout(100);
    await kill(n % 5 === 0 ? 'specline-workers' : 'writer');
  }
}

/** Follows the sequence, as if what can be seen were all there is. */
async function readNaively(until: number, client: pg.Client): Promise<number> {
  let [seen, after] = [0, 0];
  while (performance.now() < until) {
    const statement = 'select seq from specline.event where seq > $1 order by seq limit 500';
    const { rows } = await client.query<{ seq: number }>(statement, [after]);
    seen += rows.length;
    after = rows.at(-1)?.seq ?? after;
    await setTimeout(2);
  }
  return seen;
}

/** Notes how many events there are up to the watermark: for good, if it is right. */
async function sample(until: number, client: pg.Client): Promise<{ position: number; events: number }[]> {
  const samples: { position: number; events: number }[] = [];
  while (performance.now() < until) {
    const { rows } = await client.query<{ position: number; events: number }>(
      'select position, (select count(*) from specline.event where seq <= position) as events from specline.watermark',
    );
    samples.push(...rows);
    await setTimeout(20);
  }
  return samples;
}

test('what is final stays so, and a subscription loses nothing, whoever is slow, gives up or is killed', async () => {
  const until = performance.now() + milliseconds;
  const [samples, seenNaively] = await Promise.all([
    sample(until, await connect('sampler')),
    readNaively(until + 500, await connect('naive')),
    killAround(until),
    ...Array.from({ length: 16 }, () => write(until)),
  ]);
  for (const one of processes) expect(await one.get(Subscriptions).catchUp('chaos', 20_000)).toBe(true);

  const [{ stored = 0 } = {}] = await ask<{ stored: number }>('select count(*) as stored from specline.event');
  const [told] = await ask(`select count(*) as all, count(distinct seq) as different,
      count(*) filter (where version <> nth) as inverted
    from (select *, row_number() over (partition by organization_id, stream_id order by at) as nth from specline.diary) d`);
  expect(told).toEqual({ all: stored, different: stored, inverted: 0 });
  expect(await ask('select seq from specline.event except select seq from specline.diary')).toEqual([]);

  // No event came to be before a position that was said to be final.
  const positions = samples.map(({ position }) => position);
  expect(positions).toEqual([...positions].sort((a, b) => a - b));
  const changed = await ask(
    `select * from unnest($1::bigint[], $2::bigint[]) as s (position, events)
      where events <> (select count(*) from specline.event where seq <= s.position)`,
    [positions, samples.map(({ events }) => events)],
  );
  expect(changed).toEqual([]);

  // The harness could have failed: who follows the sequence has lost events in it.
  expect(seenNaively).toBeLessThan(stored);
  expect(new Set(positions).size).toBeGreaterThan(20);
  expect(counts.killed).toBeGreaterThan(5);
  expect(counts.rolledBack).toBeGreaterThan(5);
  process.stderr.write(
    `final history: ${stored} events, all told, ${stored - seenNaively} lost by following the sequence; ` +
      `${JSON.stringify(counts)}, ${samples.length} samples\n`,
  );
});
