import { describe, expect, test } from 'vitest';
import { Checkpoints, Fenced } from '../src/modules/event-store/checkpoints.js';
import { Subscriptions } from '../src/modules/event-store/subscriptions.js';
import { WorkerDatabase } from '../src/modules/event-store/worker-database.js';
import { newPlace } from './support/append-sql.js';
import { followedHistory } from './support/followed-history.js';
import { Diary, eventually, Outbox } from './support/workers.js';

const { database, processes, start, append, appendTo, positions, diary, owners } = followedHistory();
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
      for (const place of places) await appendTo(place, version, 2);
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
