// Loaded into a process of the built service before it starts (node --import), and into each of its threads: gives it a
// subscription that writes down all of history, and a clock that is wrong by SPECLINE_TEST_CLOCK milliseconds. With
// SPECLINE_TEST_TORN its first thread for background work fails soon after it started.
import { threadId } from 'node:worker_threads';
import 'reflect-metadata';

if (process.env.SPECLINE_TEST_TORN && threadId === 1) {
  setTimeout(() => {
    throw new Error('torn by a test');
  }, 2000);
}

const shift = Number(process.env.SPECLINE_TEST_CLOCK ?? 0);
if (shift !== 0) {
  const now = Date.now.bind(Date);
  globalThis.Date = new Proxy(Date, {
    construct: (target, values, self) => Reflect.construct(target, values.length ? values : [now() + shift], self),
    apply: (target) => new target(now() + shift).toString(),
    get: (target, name) => (name === 'now' ? () => now() + shift : Reflect.get(target, name)),
  });
}

const built = new URL('../../dist/src/modules/event-store/', import.meta.url);
const { Subscription } = await import(new URL('subscription.js', built).href);
const { Subscriptions } = await import(new URL('subscriptions.js', built).href);

/** The Diary of test/support/workers.ts, for a process of its own. */
class Recorder extends Subscription {
  name = 'recorder';
  shards = 4;

  async apply(events, client) {
    const column = (name) => events.map((event) => event[name]);
    await client.query(
      `insert into specline.diary (subscription, organization_id, stream_id, version, seq)
        select $1, * from unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[])`,
      [this.name, column('organizationId'), column('streamId'), column('version'), column('seq')],
    );
  }
}

const { onModuleInit } = Subscriptions.prototype;
Subscriptions.prototype.onModuleInit = function () {
  this.register(new Recorder());
  return onModuleInit?.call(this);
};
