import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { startBroker } from '../support/kafka/broker.js';
import { expectPublished, readHistory, readTopic } from '../support/kafka/topic.js';
import { masterKey, runOn, startService } from '../support/service.js';
import { documentOf, importSpec } from '../support/specs.js';

const main = 'dist/src/main.js';
const kafka = startBroker();
// It writes history, and publishes none of it.
const service = startService(() => ({ workers: false }));
let relay: ChildProcess | undefined;

afterAll(() => relay?.kill('SIGKILL'));

test('a process that is killed while it publishes leaves no gap: the next one goes on from the checkpoint', async () => {
  if (!existsSync(main)) throw new Error(`there is no ${main}: npm run test:kafka builds it`);
  const last = await writeHistory();
  const published = () => readTopic(kafka.broker.address, 'specline.events');

  // Killed on its way.
  await killedWhen(hasPublished);
  expect(await leastPosition()).toBeLessThan(last);
  const first = (await published()).length;

  // Killed when Kafka has acknowledged, and the checkpoint has not moved.
  const letGo = await holdCheckpoints();
  const before = await progress();
  await killedWhen(async () => (await published()).length > first);
  await letGo();
  expect(await progress()).toBe(before);

  await killedWhen(async () => (await leastPosition()) >= last);
  const history = await readHistory(service.databaseUrl);
  const records = await published();
  const repeated = expectPublished(records, history);
  expect(repeated).toBeGreaterThan(0);
  expect(records).toHaveLength(history.length + repeated);
});

/** Eight streams, some thousands of events. @returns the last position */
async function writeHistory(): Promise<number> {
  await Promise.all(
    Array.from({ length: 8 }, async (_, spec) => {
      const { specId } = await importSpec(service.organization, documentOf(`Spec ${spec}`, { TLDR: 'Before.' }));
      for (let round = 0; round < 6; round++) {
        const edit = (at: number) => ({
          name: 'spec.section.update',
          body: { sectionKey: 'tldr', body: `Round ${round}, edit ${at}: ${'x'.repeat(500)}\n` },
        });
        const commands = Array.from({ length: 100 }, (_, at) => edit(at));
        await service.organization
          .request('post', `/specs/${specId}/commands`)
          .set('if-match', '*')
          .send({ commands })
          .expect(200);
      }
    }),
  );
  const { rows } = await runOn(service.databaseUrl, 'select max(seq) as "last" from specline.event');
  return Number(rows[0]?.last);
}

/** The built service with KAFKA_BROKERS, as an operator starts it. */
function startRelay(): ChildProcess {
  return spawn(process.execPath, [main], {
    env: {
      ...process.env,
      DATABASE_URL: service.databaseUrl,
      PORT: '0',
      SPECLINE_MASTER_KEY: masterKey.toString('base64'),
      KAFKA_BROKERS: kafka.broker.address,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function killedWhen(isSo: () => Promise<boolean>): Promise<void> {
  relay = startRelay();
  const ended = once(relay, 'exit');
  await until(isSo);
  relay.kill('SIGKILL');
  await ended;
}

/** Lets no checkpoint move until it is let go. */
async function holdCheckpoints(): Promise<() => Promise<void>> {
  const holder = new pg.Client({ connectionString: service.databaseUrl });
  await holder.connect();
  await holder.query(`
    create function public.wait_for_test() returns trigger language plpgsql as $$
      begin perform pg_advisory_xact_lock_shared(4711); return new; end $$;
    create trigger wait_for_test before update on specline.checkpoint for each row
      when (new.position > old.position) execute function public.wait_for_test();
    select pg_advisory_lock(4711)`);
  return () => holder.end();
}

const ofCheckpoints = async (what: 'sum' | 'min'): Promise<number> => {
  const statement = `select coalesce(${what}(position), 0) as "at" from specline.checkpoint where subscription = 'kafka'`;
  const { rows } = await runOn(service.databaseUrl, statement);
  return Number(rows[0]?.at);
};
const progress = () => ofCheckpoints('sum');
const leastPosition = () => ofCheckpoints('min');

/** Whether a checkpoint has passed an event of its own shard: that of a shard without any moves before Kafka is asked. */
async function hasPublished(): Promise<boolean> {
  const statement = `select exists (select from specline.checkpoint c join specline.event e
      on e.seq <= c.position and get_byte(uuid_send(e.stream_id), 15) % c.shards = c.shard
    where c.subscription = 'kafka') as "so"`;
  const { rows } = await runOn(service.databaseUrl, statement);
  return rows[0]?.so === true;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error('it did not come to it within a minute');
    await setTimeout(5);
  }
}
