import { createHash, randomUUID } from 'node:crypto';
import { eventData, eventMetadata, sectionBodies } from './documents.mjs';
import { randomStream } from './filled-store.mjs';
import { runLoops } from './run-protocol.mjs';
import { delaysUntilReadable } from './watermark-delays.mjs';

/**
 * What the process of event-store.mjs does with the product's EventStore, and what must be known for it.
 *
 * @typedef {{ organizationId: string, type: string, id: string }} Stream
 * @typedef {import('./run-protocol.mjs').RunResult} RunResult
 * @typedef {{ seconds: number, concurrency: number }} Loops
 * @typedef {Loops & { task: 'toNewStreams' | 'untilReadable', organizationId?: string }} NewStreams
 * @typedef {Loops & { task: 'toStreamsInTurn', streams: Stream[] }} StreamsInTurn
 * @typedef {Loops & { task: 'toAnyStream', events: number }} AnyStream
 * @typedef {{ task: 'fill', streams: Stream[], events: number, sections: string[] }} Fill
 * @typedef {{ seconds: number, task: 'settle' }} Settle
 * @typedef {NewStreams | StreamsInTurn | AnyStream | Fill | Settle} Order
 *
 * @typedef {object} EventStore as far as it is used here
 * @property {(stream: Stream, expectation: string, append: object) => Promise<{ status: string, version: number, seq: number }>} append
 *
 * @typedef {object} Subscriptions as far as it is used here
 * @property {() => { name: string }[]} all
 * @property {(name: string, milliseconds: number) => Promise<boolean>} catchUp
 */

/** How many appends a stream gets in its turn, and how many events one append has while a stream is filled. */
const turn = 50;
const portion = 500;

const { actor, requestId } = eventMetadata;
const metadata = { actor, command: 'spec.section.update', correlationId: requestId };
const requestHash = sha256('a request');
const ofAbout1Kb = [sectionUpdated(eventData.key, eventData.body)];

/**
 * What does as an order says.
 *
 * @param {EventStore} store
 * @param {Subscriptions} subscriptions
 * @param {import('pg').Client} listener a connection of its own, outside the product
 * @returns {(order: Order) => Promise<RunResult>}
 */
export function performer(store, subscriptions, listener) {
  /** @type {string} */
  const ownOrganization = randomUUID();
  let appends = 0;
  const toNew = (organizationId = ownOrganization) =>
    append(store, { organizationId, type: 'spec', id: randomUUID() }, 'new');
  const inTurn = (/** @type {Stream[]} */ streams) => streams[Math.floor(appends++ / turn) % streams.length];
  return (order) => {
    switch (order.task) {
      case 'toNewStreams':
        return runLoops(order, () => toNew(order.organizationId));
      case 'untilReadable':
        return delaysUntilReadable(order, toNew, listener);
      case 'toStreamsInTurn':
        return runLoops(order, () => append(store, inTurn(order.streams), 'exists'));
      case 'toAnyStream':
        return runLoops(order, () => append(store, randomStream(order.events), 'exists'));
      case 'fill':
        return fill(store, order);
      case 'settle':
        return settle(subscriptions, order);
    }
  };
}

/**
 * One append with its idempotency record.
 *
 * @param {EventStore} store
 * @param {Stream} stream
 * @param {'new' | 'any' | 'exists'} expectation
 * @param {object[]} [events]
 */
async function append(store, stream, expectation, events = ofAbout1Kb) {
  const response = { specId: stream.id, version: 1, tag: 1 };
  const command = { commandId: randomUUID(), requestHash, response, now: new Date() };
  const verdict = await store.append(stream, expectation, { ...command, events });
  if (verdict.status !== 'appended') throw new Error(`an append to ${stream.id} came to ${verdict.status}`);
  return verdict;
}

/**
 * Begins streams and adds events until each has as many as it should: updates of sections of a spec, in turn.
 *
 * @param {EventStore} store
 * @param {Fill} order
 * @returns {Promise<RunResult>}
 */
async function fill(store, { streams, events, sections }) {
  const start = performance.now();
  const bodies = sectionBodies(500);
  for (const stream of streams) {
    for (let has = 0; has < events;) {
      const added = Array.from({ length: Math.min(portion, events - has) }, (_, at) =>
        sectionUpdated(sections[at % sections.length], bodies[(has + at) % bodies.length]),
      );
      ({ version: has } = await append(store, stream, 'any', added));
    }
  }
  return { latencies: [], milliseconds: performance.now() - start };
}

/**
 * Until whatever follows history, and gives way to appends, has come to its end.
 *
 * @param {Subscriptions} subscriptions
 * @param {Settle} order
 * @returns {Promise<RunResult>}
 */
async function settle(subscriptions, { seconds }) {
  const start = performance.now();
  for (const { name } of subscriptions.all()) {
    if (!(await subscriptions.catchUp(name, 1000 * seconds))) throw new Error(`${name} had not caught up`);
  }
  return { latencies: [], milliseconds: performance.now() - start };
}

/**
 * @param {string} key
 * @param {string} body
 */
function sectionUpdated(key, body) {
  const payload = { key, body, contentHash: sha256(body) };
  return { type: 'spec.section.updated', schemaVersion: 1, payload, metadata };
}

/** @param {string} text */
function sha256(text) {
  return createHash('sha256').update(text).digest('hex');
}
