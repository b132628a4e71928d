import { describe, expect, test } from 'vitest';
import { DeadLetters } from '../src/modules/event-store/dead-letters.js';
import type { RecordedEvent } from '../src/modules/event-store/history.js';
import { Unavailable } from '../src/modules/event-store/subscription.js';
import { Subscriptions } from '../src/modules/event-store/subscriptions.js';
import type { Place } from './support/append-sql.js';
import { newPlace } from './support/append-sql.js';
import { followedHistory } from './support/followed-history.js';
import { Diary, eventually, Outbox } from './support/workers.js';

const { database, appendTo, inTransaction, start: startWorkers } = followedHistory();

const start = async (subscription: Diary | Outbox) => {
  const one = await startWorkers(subscription);
  const [subscriptions, letters] = [one.get(Subscriptions), one.get(DeadLetters)];
  const { name } = subscription;
  return {
    letters,
    caughtUp: async () => expect(await subscriptions.catchUp(name, 20_000)).toBe(true),
    parked: () => letters.list(name),
    status: async () => (await subscriptions.status()).find((status) => status.name === name),
  };
};
/** The versions that were told of a stream, in the order of telling. */
const diary = async (name: string, { streamId }: Place) =>
  (
    await database.ask<{ version: number }>(
      'select version from specline.diary where subscription = $1 and stream_id = $2 order by at',
      [name, streamId],
    )
  ).map(({ version }) => version);
/** Cannot take one event, as long as it is said so. */
function stumbleOver({ streamId }: Place, version: number) {
  const poison = { is: true };
  const onBatch = (events: readonly RecordedEvent[]) => {
    if (poison.is && events.some((event) => event.streamId === streamId && event.version === version)) {
      throw new TypeError('cannot read this');
    }
  };
  return { poison, onBatch };
}

describe('an event that cannot be handled', () => {
  test('parks its stream, from it on and for that subscription only, while all others go on', async () => {
    const [bad, good] = [newPlace(), newPlace()];
    const [careful, other] = [new Diary('careful'), new Diary('other')];
    const { onBatch } = stumbleOver(bad, 2);
    careful.onBatch = onBatch;
    for (const place of [bad, good]) await appendTo(place, 0, 4);
    const [{ caughtUp, parked, status }, unharmed] = [await start(careful), await start(other)];
    await caughtUp();
    await unharmed.caughtUp();
    expect(await diary('careful', bad)).toEqual([1]);
    expect(await diary('careful', good)).toEqual([1, 2, 3, 4]);
    expect(await diary('other', bad)).toEqual([1, 2, 3, 4]);
    expect(await parked()).toMatchObject([
      {
        ...bad,
        subscription: 'careful',
        firstVersion: 2,
        lastVersion: 4,
        events: 3,
        error: 'TypeError: cannot read this',
      },
    ]);

    // What comes later follows into the park, in later batches as well.
    for (const place of [bad, good]) await appendTo(place, 4, 2);
    await caughtUp();
    expect(await diary('careful', bad)).toEqual([1]);
    expect(await diary('careful', good)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await parked()).toMatchObject([{ ...bad, lastVersion: 6, events: 5 }]);
    expect(await status()).toMatchObject({
      parkedStreams: 1,
      parkedEvents: 5,
      shards: [{ error: null, lagEvents: 0 }],
    });
  });

  test('is tried again by a replay: in order, up to what fails again, and behind the last the stream goes on', async () => {
    const bad = newPlace();
    const subscription = new Diary('mended');
    const { poison, onBatch } = stumbleOver(bad, 2);
    subscription.onBatch = onBatch;
    const { caughtUp, parked, letters } = await start(subscription);
    await appendTo(bad, 0, 5);
    await caughtUp();
    const key = { ...bad, subscription: 'mended' };
    expect(await letters.replay(key)).toEqual({ replayed: 0, left: 4, error: 'TypeError: cannot read this' });

    const later = stumbleOver(bad, 4);
    subscription.onBatch = later.onBatch;
    expect(await letters.replay(key)).toMatchObject({ replayed: 2, left: 2 });
    expect(await parked()).toMatchObject([{ firstVersion: 4, lastVersion: 5 }]);
    poison.is = later.poison.is = false;
    // Two operators at once do it once.
    const replays = await Promise.all([letters.replay(key), letters.replay(key), letters.replay(key)]);
    expect(replays.map(({ left, error }) => ({ left, error }))).toEqual(replays.map(() => ({ left: 0, error: null })));
    expect(replays.reduce((sum, { replayed }) => sum + replayed, 0)).toBe(2);
    expect(await parked()).toEqual([]);
    await appendTo(bad, 5, 2);
    await caughtUp();
    expect(await diary('mended', bad)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test('is given up by an operator alone, who says why; what is behind it can be replayed', async () => {
    const bad = newPlace();
    const subscription = new Diary('given-up');
    subscription.onBatch = stumbleOver(bad, 2).onBatch;
    const { caughtUp, parked, letters } = await start(subscription);
    await appendTo(bad, 0, 4);
    await caughtUp();
    const key = { ...bad, subscription: 'given-up' };
    expect(await letters.discard(key, 2, 'written by a test')).toBe(1);
    expect(await parked()).toMatchObject([{ firstVersion: 3, lastVersion: 4 }]);
    expect(await letters.replay(key)).toEqual({ replayed: 2, left: 0, error: null });
    expect(await diary('given-up', bad)).toEqual([1, 3, 4]);
    const kept = `select version, reason from specline.dead_letter where subscription = 'given-up'`;
    expect(await database.ask(kept)).toEqual([{ version: 2, reason: 'written by a test' }]);
  });

  test('does not keep a destination elsewhere from the others, nor gets lost in a replay while events come in', async () => {
    const [bad, good] = [newPlace(), newPlace()];
    const subscription = new Outbox('outward');
    const { poison, onBatch } = stumbleOver(bad, 2);
    subscription.onBatch = onBatch;
    const { caughtUp, parked, letters } = await start(subscription);
    const sent = ({ streamId }: Place) => [
      ...new Set(subscription.sent.filter((event) => event.streamId === streamId).map(({ version }) => version)),
    ];
    for (const place of [bad, good]) await appendTo(place, 0, 3);
    await caughtUp();
    expect([sent(bad), sent(good)]).toEqual([[1], [1, 2, 3]]);

    poison.is = false;
    let version = 3;
    const replays = [];
    for (let n = 0; n < 20; n++) {
      await appendTo(bad, version++);
      replays.push(letters.replay({ ...bad, subscription: 'outward' }));
    }
    await Promise.all(replays);
    await caughtUp();
    expect(await parked()).toEqual([]);
    expect(sent(bad)).toEqual(Array.from({ length: version }, (_, n) => n + 1));
  });

  test('is not the end of what was kept from a stream that an operator frees at that moment', async () => {
    const [bad, good] = [newPlace(), newPlace()];
    const subscription = new Outbox('freed');
    const { poison, onBatch } = stumbleOver(bad, 1);
    subscription.onBatch = onBatch;
    const { caughtUp, letters } = await start(subscription);
    await appendTo(bad, 0);
    await caughtUp();
    poison.is = false;
    let goOn: (() => void) | undefined;
    subscription.onBatch = (events) => {
      if (!goOn && events.some(({ streamId }) => streamId === good.streamId)) {
        return new Promise((resolve) => (goOn = resolve));
      }
    };
    // In one batch: the parked stream's event is kept from what is being sent.
    await inTransaction(async () => {
      await appendTo(bad, 1);
      await appendTo(good, 0);
    });
    await eventually(
      () => goOn !== undefined,
      (isSending) => isSending,
    );
    expect(await letters.replay({ ...bad, subscription: 'freed' })).toEqual({ replayed: 1, left: 0, error: null });
    goOn?.();
    await caughtUp();
    const sent = subscription.sent.filter(({ streamId }) => streamId === bad.streamId).map(({ version }) => version);
    expect(sent).toEqual([1, 2]);
  });

  test('is found in a batch without anything before it being done twice', async () => {
    const places = Array.from({ length: 30 }, newPlace);
    const subscription = new Diary('sieve');
    const poisons = places.filter((_, at) => at % 7 === 3).map((place) => stumbleOver(place, 1));
    subscription.onBatch = (events) => poisons.forEach(({ onBatch }) => onBatch(events));
    for (const place of places) await appendTo(place, 0);
    const { caughtUp, parked } = await start(subscription);
    await caughtUp();
    expect((await parked()).map(({ streamId }) => streamId)).toEqual(
      places.filter((_, at) => at % 7 === 3).map(({ streamId }) => streamId),
    );
    for (const [at, place] of places.entries()) expect(await diary('sieve', place)).toEqual(at % 7 === 3 ? [] : [1]);
  });
});

describe('nothing is parked', () => {
  test('while a destination is away: it is tried until it is back, and gets all of it in order', async () => {
    const subscription = new Outbox('away');
    let tries = 0;
    subscription.onBatch = () => {
      tries++;
      throw new Unavailable('nobody answers');
    };
    const { caughtUp, parked, status } = await start(subscription);
    const { seq } = await appendTo(newPlace(), 0, 3);
    await eventually(
      () => tries,
      (count) => count >= 3,
    );
    expect(await status()).toMatchObject({
      parkedStreams: 0,
      shards: [{ position: 0, error: 'Unavailable: nobody answers' }],
    });
    expect((await status())?.shards[0]?.lagEvents).toBeGreaterThan(0);
    subscription.onBatch = () => undefined;
    await caughtUp();
    expect(await parked()).toEqual([]);
    expect(await status()).toMatchObject({ shards: [{ error: null, failedAt: null, lagEvents: 0 }] });
    const positions = await database.ask<{ seq: number }>('select seq from specline.event order by seq');
    expect(subscription.sent.map((event) => event.seq)).toEqual(positions.map((row) => row.seq));
    expect(subscription.sent.at(-1)?.seq).toBe(seq);
  });

  test('for what is wrong with the schema and not with an event', async () => {
    const subscription = new Diary('no-table');
    const { caughtUp, parked, status } = await start(subscription);
    await caughtUp();
    await database.ask('alter table specline.diary rename to mislaid');
    const place = newPlace();
    await appendTo(place, 0, 3);
    await eventually(status, (said) => said?.shards[0]?.error?.includes('does not exist') ?? false);
    expect(await parked()).toEqual([]);
    await database.ask('alter table specline.mislaid rename to diary');
    await caughtUp();
    expect(await diary('no-table', place)).toEqual([1, 2, 3]);
  });
});
