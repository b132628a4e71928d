import type { INestApplicationContext } from '@nestjs/common';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Checkpoints, Fenced } from '../src/modules/event-store/checkpoints.js';
import { Subscriptions } from '../src/modules/event-store/subscriptions.js';
import { WorkerDatabase } from '../src/modules/event-store/worker-database.js';
import { appendTo, connectAppender, newPlace } from './support/append-sql.js';
import { newDatabase } from './support/database.js';
import { runOn } from './support/service.js';
import { Diary, diaryTable, eventually, Outbox, startWorkers } from './support/workers.js';

const database = newDatabase(diaryTable);
const processes: INestApplicationContext[] = [];
let writer: pg.Client;
beforeAll(async () => {
  writer = await connectAppender(database.url);
});
afterAll(() => writer.end());
afterEach(async () => {
  await Promise.all(processes.splice(0).map((one) => one.close()));
});

const start = async (...subscriptions: (Diary | Outbox)[]) => {
  const one = await startWorkers(database.url, subscriptions);
  processes.push(one);
  return one;
};
const positions = async () =>
  (await database.ask<{ seq: number }>('select seq from specline.event order by seq')).map(({ seq }) => seq);
const diary = async (name: string) =>
  (
    await database.ask<{ seq: number }>('select seq from specline.diary where subscription = $1 order by at', [name])
  ).map(({ seq }) => seq);
const append = async (streams: number, events = 1, recordedAt = new Date()) => {
  let seq = 0;
  for (let n = 0; n < streams; n++) seq = (await appendTo(writer, newPlace(), 0, events, recordedAt)).seq;
  return seq;
};
const owners = (name: string) =>
  database.ask<{ shard: number; owner: string | null; epoch: number }>(
    `select shard, case when lease_until > clock_timestamp() then owner end as owner, epoch
      from specline.checkpoint where subscription = $1 order by shard`,
    [name],
  );
/** How many events of each stream stand in another order than their versions', and how many stand there twice. */
const faults = async (name: string) =>
  (
    await database.ask(
      `select count(*) filter (where version <> nth) as inverted, count(*) - count(distinct seq) as doubled
        from (select *, row_number() over (partition by organization_id, stream_id order by at) as nth
          from specline.diary where subscription = $1) d`,
      [name],
    )
  )[0];

describe('a subscription', () => {
  test('is told everything once, in order, from the first event on, whenever it is new', async () => {
    await append(5, 3);
    const subscriptions = (await start(new Diary('plain', 1, 4))).get(Subscriptions);
    expect(await subscriptions.catchUp('plain', 20_000)).toBe(true);
    await append(5, 2);
    expect(await subscriptions.catchUp('plain', 20_000)).toBe(true);
    expect(await diary('plain')).toEqual(await positions());
  });

  test('goes on where it was when it is started again', async () => {
    const first = await start(new Diary('again'));
    await append(3);
    await first.get(Subscriptions).catchUp('again', 20_000);
    await processes.pop()?.close();
    await append(3);
    const second = await start(new Diary('again'));
    expect(await second.get(Subscriptions).catchUp('again', 20_000)).toBe(true);
    expect(await diary('again')).toEqual(await positions());
  });

  test('is told only of the types it wants, and passes the others', async () => {
    class Odd extends Outbox {
      override readonly types = new Set(['spec.section.moved']);
    }
    const odd = new Odd('odd');
    const subscriptions = (await start(odd)).get(Subscriptions);
    const seq = await append(2, 3);
    expect(await subscriptions.waitFor('odd', seq, 20_000)).toBe(true);
    expect(odd.sent.length).toBeGreaterThan(1);
    expect(new Set(odd.sent.map(({ type }) => type))).toEqual(new Set(['spec.section.moved']));
  });

  /** How many batches two take while their process is busy all the time: one that gives way, and one that does not. */
  const batchesWhileBusy = async (name: string, recordedAgo: number) => {
    class Polite extends Outbox {
      override readonly givesWay = true;
    }
    const [eager, polite] = [new Outbox(`eager ${name}`), new Polite(`polite ${name}`)];
    const batches = { eager: 0, polite: 0 };
    const working = (one: keyof typeof batches) => async () => {
      batches[one]++;
      await new Promise((resolve) => setTimeout(resolve, 20));
    };
    [eager.onBatch, polite.onBatch] = [working('eager'), working('polite')];
    const subscriptions = (await start(eager, polite)).get(Subscriptions);
    const recently = () => new Date(Date.now() - recordedAgo);
    for (const { name } of [polite, eager]) await subscriptions.catchUp(name, 20_000);
    // To have caught up was work as well, after which it may be resting.
    await append(1, 1, recently());
    await subscriptions.catchUp(polite.name, 20_000);
    Object.assign(batches, { eager: 0, polite: 0 });
    for (let n = 0; n < 60; n++) {
      await append(1, 1, recently());
      const until = performance.now() + 40;
      while (performance.now() < until);
    }
    const taken = { ...batches };
    expect(await subscriptions.catchUp(polite.name, 20_000)).toBe(true);
    expect(polite.sent.map(({ seq }) => seq)).toEqual(await positions());
    return taken;
  };

  test('that gives way works seldom while its process is busy, and is told everything all the same', async () => {
    const { eager, polite } = await batchesWhileBusy('now', 0);
    expect(polite).toBeGreaterThan(0);
    expect(polite).toBeLessThan(eager / 2);
  });

  test('that gives way does so no longer once it is half a minute behind', async () => {
    const { eager, polite } = await batchesWhileBusy('behind', 31_000);
    expect(polite).toBeGreaterThan(eager / 2);
  });

  test('passes what is not for it while it comes in without a pause', async () => {
    class Rare extends Outbox {
      override readonly types = new Set(['template.version.published']);
    }
    const subscriptions = (await start(new Rare('rare'))).get(Subscriptions);
    await subscriptions.catchUp('rare', 20_000);
    // Positions that are taken, never filled and final at once, every few milliseconds.
    const storm = runOn(
      database.url,
      `do $$ begin
        for n in 1..500 loop
          update specline.watermark set position = nextval('specline.event_seq');
          perform pg_notify('specline_watermark', (select position::text from specline.watermark));
          commit;
          perform pg_sleep(0.004);
        end loop;
      end $$`,
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    const reached = await subscriptions.catchUp('rare', 1_000);
    await storm;
    expect(reached).toBe(true);
  });

  test('can ask for no more than where events stand', async () => {
    class Places extends Outbox {
      override readonly reads = 'positions';
    }
    const places = new Places('places');
    const subscriptions = (await start(places)).get(Subscriptions);
    await append(1);
    await subscriptions.catchUp('places', 20_000);
    expect(Object.keys(places.sent.at(-1) ?? {}).sort()).toEqual(
      ['organizationId', 'streamId', 'version', 'seq', 'eventId', 'hash'].sort(),
    );
    expect(places.sent.map(({ seq }) => seq)).toEqual(await positions());
  });

  test('finishes the batch under way when the process ends, and leaves its shards to others at once', async () => {
    const slow = new Diary('ending');
    let begun = 0;
    slow.onBatch = async () => {
      begun++;
      await new Promise((resolve) => setTimeout(resolve, 300));
    };
    await start(slow);
    await append(1);
    await eventually(
      () => begun,
      (count) => count > 0,
    );
    await processes.pop()?.close();
    expect((await diary('ending')).length).toBeGreaterThan(0);
    expect(await owners('ending')).toMatchObject([{ owner: null }]);
  });

  test('reads a long history an index range at a time, though nobody has counted it', async () => {
    await database.ask(
      `insert into specline.event (organization_id, stream_id, version, event_id, type, schema_version, payload, metadata,
          command_id, recorded_at, previous_hash, hash)
        select md5((n % 50)::text)::uuid, md5(n::text)::uuid, 1, gen_random_uuid(), 'spec.section.removed', 1, '{}', '{}',
          gen_random_uuid(), now(), sha256('a'), sha256('b') from generate_series(1, 20000) n`,
    );
    const read = async () =>
      (
        await database.ask<{ rows: number }>(
          `select (select sum(seq_tup_read) from pg_stat_user_tables where relname like 'event_p%')
              + (select sum(idx_tup_read) from pg_stat_user_indexes where indexrelname like 'event_p%_seq_idx') as rows`,
        )
      )[0]?.rows ?? 0;
    const before = Number(await read());
    const subscriptions = (await start(new Diary('bulk', 1, 250))).get(Subscriptions);
    const theirs = (await subscriptions.status()).length - 1;
    expect(await subscriptions.catchUp('bulk', 30_000)).toBe(true);
    await processes.pop()?.close();
    const after = await eventually(
      () => read().then(Number),
      (rows) => rows - before >= 20_000,
    );
    // The others that follow history read it once or twice, too. Sorting what is left for each batch, this one alone
    // would read some 800,000 rows.
    expect(after - before).toBeLessThan(20_000 * (4 + 2 * theirs));
  });
});

describe('two processes', () => {
  test('take their share even where a heartbeat takes longer than its lease', async () => {
    const late = `select shard from specline.claim_shards(gen_random_uuid(), '-1 second', '[{"name": "late", "shards": 2}]')`;
    expect(await database.ask(late)).toHaveLength(2);
  });

  test('share the streams of a subscription, and the one that is left takes them all', async () => {
    const [one, two] = [new Diary('shared', 4), new Diary('shared', 4)];
    const told = [0, 0];
    one.onBatch = (events) => void (told[0] = (told[0] ?? 0) + events.length);
    two.onBatch = (events) => void (told[1] = (told[1] ?? 0) + events.length);
    await start(one);
    await start(two);
    const count = async () => {
      const held = new Map<string | null, number>();
      for (const { owner } of await owners('shared')) held.set(owner, (held.get(owner) ?? 0) + 1);
      return [...held].filter(([owner]) => owner !== null).map(([, shards]) => shards);
    };
    await eventually(count, (held) => held.join() === '2,2');
    await append(40);
    const subscriptions = processes[0]?.get(Subscriptions);
    expect(await subscriptions?.catchUp('shared', 20_000)).toBe(true);
    expect(Math.min(...told)).toBeGreaterThan(0);
    await processes.pop()?.close();
    await eventually(count, (held) => held.join() === '4');
    await append(10);
    expect(await subscriptions?.catchUp('shared', 20_000)).toBe(true);
    expect((await diary('shared')).sort((a, b) => a - b)).toEqual(await positions());
  });

  test('do nothing twice, though shards are taken from them again and again and connections are cut', async () => {
    for (let n = 0; n < 3; n++) await start(new Diary('stolen', 3, 20));
    const places = Array.from({ length: 12 }, newPlace);
    let version = 0;
    const began = performance.now();
    const thefts = async () => Math.max(...(await owners('stolen')).map(({ epoch }) => epoch));
    const isOver = async () => performance.now() - began > ((await thefts()) > 5 ? 4_000 : 25_000);
    while (!(await isOver())) {
      for (const place of places) await appendTo(writer, place, version, 2);
      version += 2;
      await database.ask(
        `update specline.checkpoint set owner = null, lease_until = '-infinity', epoch = epoch + (random() < 0.5)::int
          where subscription = 'stolen' and random() < 0.3`,
      );
      await database.ask(
        `select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and application_name = 'specline-workers' and random() < 0.1`,
      );
    }
    // So that nobody asks over a connection that was cut a moment ago.
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await processes[0]?.get(Subscriptions).catchUp('stolen', 30_000)).toBe(true);
    expect((await diary('stolen')).length).toBe((await positions()).length);
    expect(await faults('stolen')).toEqual({ inverted: 0, doubled: 0 });
    expect(await thefts()).toBeGreaterThan(5);
  });
});

describe('an owner that has lost its shard', () => {
  test('moves nothing, and what it did in that transaction is undone', async () => {
    const process = await start(new Diary('fenced'));
    await append(1);
    await process.get(Subscriptions).catchUp('fenced', 20_000);
    const [before] = await database.ask<{ position: number; epoch: number }>(
      `update specline.checkpoint set epoch = epoch + 1, owner = null, lease_until = '-infinity' where subscription = 'fenced' returning position, epoch`,
    );
    const { position = 0, epoch = 0 } = before ?? {};
    const stale = { subscription: 'fenced', shard: 0, shards: 1, position, epoch: epoch - 1 };
    const written = await diary('fenced');
    const attempt = process.get(WorkerDatabase).transaction(async (client) => {
      await client.query(`insert into specline.diary (subscription, seq) values ('fenced', 0)`);
      await process.get(Checkpoints).move(client, stale, position + 1);
    });
    await expect(attempt).rejects.toBeInstanceOf(Fenced);
    expect(await diary('fenced')).toEqual(written);

    // Its runner finds out in the same way, claims the shard anew and goes on.
    await append(2);
    expect(await process.get(Subscriptions).catchUp('fenced', 20_000)).toBe(true);
    expect(await diary('fenced')).toEqual(await positions());
  });

  test('that was in the middle of sending does not set the new owner back', async () => {
    const sleeper = new Outbox('sleeper');
    let wake: (() => void) | undefined;
    sleeper.onBatch = () =>
      new Promise((resolve) => {
        wake = resolve;
        sleeper.onBatch = () => undefined;
      });
    const first = await start(sleeper);
    const seq = await append(3);
    await eventually(
      () => wake !== undefined,
      (sleeps) => sleeps,
    );
    // As if the process had been stopped until its lease was over, and another had done the work.
    const other = `update specline.checkpoint set epoch = epoch + 1, owner = gen_random_uuid(), position = $1,
      lease_until = clock_timestamp() + '1 hour' where subscription = 'sleeper' returning epoch`;
    const [{ epoch = 0 } = {}] = await database.ask<{ epoch: number }>(other, [seq]);
    wake?.();
    await eventually(
      () => sleeper.sent.length,
      (length) => length > 0,
    );
    const stays = `select position, epoch from specline.checkpoint where subscription = 'sleeper'`;
    expect(await database.ask(stays)).toEqual([{ position: seq, epoch }]);

    const before = sleeper.sent.length;
    await database.ask(
      `update specline.checkpoint set owner = null, lease_until = '-infinity' where subscription = 'sleeper'`,
    );
    const later = await append(3);
    expect(await first.get(Subscriptions).waitFor('sleeper', later, 20_000)).toBe(true);
    expect(sleeper.sent.slice(before).map((event) => event.seq)).toEqual((await positions()).slice(-3));
  });
});
