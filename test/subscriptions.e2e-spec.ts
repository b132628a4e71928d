import { describe, expect, test } from 'vitest';
import { Subscriptions } from '../src/modules/event-store/subscriptions.js';
import { followedHistory } from './support/followed-history.js';
import { runOn } from './support/service.js';
import { Diary, eventually, Outbox } from './support/workers.js';

const { database, processes, start, append, positions, diary, owners } = followedHistory();

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
