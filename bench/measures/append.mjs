import { randomUUID } from 'node:crypto';
import { fillStore, randomStream } from '../filled-store.mjs';
import { compare, tell } from '../rounds.mjs';
import { migratedDatabase, startEventStore } from '../service.mjs';
import { emmettAppend, pgInsertLoop } from './contenders.mjs';

/** @typedef {import('../workbench.mjs').Workbench} Workbench */
/** @typedef {import('../appends.mjs').Stream} Stream */

/**
 * One event of about 1 KB to a stream of its own, with its idempotency record, by callers of which each waits for its
 * answer.
 *
 * @param {number} concurrency
 * @param {{ emmett?: boolean }} [others]
 * @returns {import('../measures.mjs').Measure}
 */
export const measureUnique =
  (concurrency, { emmett = false } = {}) =>
  async (name, workbench, effort) => {
    const store = await startEventStore(workbench);
    const subject = store.contender('specline', { task: 'toNewStreams', concurrency });
    const floors = [await pgInsertLoop(workbench, concurrency)];
    if (emmett) floors.push(await emmettAppend(workbench, concurrency));
    await compare({ measure: name, unit: 'appends/s', subject, floors }, effort);
  };

/**
 * One caller's appends to a stream of 100,000 events against those to streams of 10, in the same store; a stream has
 * its turn for 50 appends, so that a short one stays short.
 *
 * @type {import('../measures.mjs').Measure}
 */
export async function measureByStreamLength(name, workbench, effort) {
  const store = await startEventStore(workbench);
  const long = newStreams(1);
  const short = newStreams(1000);
  tell('filling a stream of 100,000 events');
  await store.fill({ streams: long, events: 100_000, sections: ['architecture'] });
  await store.fill({ streams: short, events: 10, sections: ['architecture'] });
  const to = (/** @type {Stream[]} */ streams) => ({ task: 'toStreamsInTurn', concurrency: 1, streams });
  const subject = store.contender('stream_of_100000', to(long));
  const floors = [store.contender('stream_of_10', to(short))];
  await compare({ measure: name, unit: 'appends/s', subject, floors }, effort);
}

/**
 * Appends of 20 callers to random streams of a large store against the same in a small one. Background work is off: it
 * would be busy with what the store was filled with.
 *
 * @type {import('../measures.mjs').Measure}
 */
export async function measureByStoreSize(name, workbench, effort) {
  const events = Number(process.env.BENCH_STORE_EVENTS || 5_000_000);
  const [large, small] = [await filledWith(workbench, events), await filledWith(workbench, 50_000)];
  const kinds = { [name]: 'toNewStreams', [`${name}.any_stream`]: 'toAnyStream' };
  for (const [measure, task] of Object.entries(kinds)) {
    await compare({ measure, unit: 'appends/s', subject: large(task), floors: [small(task)] }, effort);
  }
}

/**
 * @param {Workbench} workbench
 * @param {number} events
 */
async function filledWith(workbench, events) {
  const databaseUrl = await migratedDatabase(workbench);
  await fillStore(databaseUrl, events);
  const { contender } = await startEventStore(workbench, { databaseUrl, workers: false });
  const { organizationId } = randomStream(events);
  return (/** @type {string} */ task) =>
    contender(`store_of_${events}`, { task, concurrency: 20, events, organizationId });
}

/**
 * @param {number} count
 * @returns {Stream[]} of one organization
 */
function newStreams(count) {
  const organizationId = randomUUID();
  return Array.from({ length: count }, () => ({ organizationId, type: 'spec', id: randomUUID() }));
}
