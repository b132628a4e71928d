import { describe, expect, test } from 'vitest';
import { Subscriptions } from '../src/modules/event-store/subscriptions.js';
import { followedHistory } from './support/followed-history.js';
import { Outbox } from './support/workers.js';

const { start, append, positions } = followedHistory();

describe('a subscription', () => {
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
});
