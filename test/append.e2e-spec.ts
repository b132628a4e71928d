import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../src/app.js';
import { newId } from '../src/commands/ids.js';
import type { AppendVerdict } from '../src/modules/event-store/append-queue.js';
import type { Append, Expectation, Stream } from '../src/modules/event-store/event-store.js';
import { EventStore } from '../src/modules/event-store/event-store.js';
import type { Cable } from './support/cable.js';
import { layCable } from './support/cable.js';
import { masterKey, runOn, startService } from './support/service.js';

const service = startService();
const type = 'note';

const streamOf = (organizationId = service.organization.organizationId): Stream => ({
  organizationId,
  type,
  id: newId(),
});

const notes = (count: number, commandId = newId(), text = 'hello'): Append => ({
  commandId,
  now: new Date(),
  response: { said: text },
  events: Array.from({ length: count }, (_, at) => ({
    type: 'template.version.published',
    schemaVersion: 1,
    payload: { key: text, version: at, title: text, markdown: text },
    metadata: { actor: { id: 'ann', kind: 'human', name: 'Ann' }, command: 'note.write', correlationId: 'test' },
  })),
});

const store = (app: NestFastifyApplication = service.app) => app.get(EventStore);
const append = (stream: Stream, expectation: Expectation, events = notes(1)) =>
  store().append(stream, expectation, events);

const versionsOf = async (stream: Stream) => (await store().read(stream)).map(({ version }) => version);

describe('what an append may expect of its stream', () => {
  test('a new stream: the first of twenty begins it, the others learn its version', async () => {
    const stream = streamOf();
    const verdicts = await Promise.all(Array.from({ length: 20 }, () => append(stream, 'new')));
    expect(verdicts.filter(({ status }) => status === 'appended')).toHaveLength(1);
    expect(verdicts.filter(({ status }) => status === 'conflict')).toEqual(
      Array.from({ length: 19 }, () => ({ status: 'conflict', version: 1, seq: null })),
    );
    expect(await versionsOf(stream)).toEqual([1]);
  });

  test('a stream that is there: none is begun', async () => {
    const stream = streamOf();
    expect(await append(stream, 'exists')).toEqual({ status: 'conflict', version: 0 });
    await append(stream, 'new');
    const verdicts = await Promise.all(Array.from({ length: 10 }, () => append(stream, 'exists', notes(2))));
    expect(verdicts.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 'appended'));
    expect(await versionsOf(stream)).toEqual(Array.from({ length: 21 }, (_, at) => at + 1));
  });

  test('an exact version: of ten writers that saw it one wins, and the others learn the version it made', async () => {
    const stream = streamOf();
    await append(stream, 'new', notes(3));
    const verdicts = await Promise.all(Array.from({ length: 10 }, () => append(stream, 3, notes(2))));
    expect(verdicts.filter(({ status }) => status === 'appended')).toMatchObject([{ version: 5 }]);
    expect(verdicts.filter(({ status }) => status === 'conflict').map(({ version }) => version)).toEqual(
      Array.from({ length: 9 }, () => 5),
    );
    expect(await append(stream, 7)).toEqual({ status: 'conflict', version: 5 });
    expect(await append(stream, 0)).toEqual({ status: 'conflict', version: 5 });
  });

  test('nothing: all of twenty write, one after another, each chained to the one before', async () => {
    const stream = streamOf();
    const verdicts = await Promise.all(Array.from({ length: 20 }, () => append(stream, 'any')));
    expect(verdicts.every(({ status }) => status === 'appended')).toBe(true);
    const history = await store().read(stream);
    expect(history.map(({ version }) => version)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
    expect(history.slice(1).map(({ previousHash }) => previousHash)).toEqual(
      history.slice(0, -1).map(({ hash }) => hash),
    );
  });

  test('a stream of another type is not written to', async () => {
    const stream = streamOf();
    await append(stream, 'new');
    await expect(append({ ...stream, type: 'letter' }, 'any')).rejects.toThrow('not letter');
    expect(await append({ ...stream, type: 'letter' }, 'new')).toMatchObject({ status: 'conflict' });
  });
});

describe('a command id', () => {
  test('that comes again gets the first answer, whatever it expects by then', async () => {
    const stream = streamOf();
    const command = notes(2);
    const first = await append(stream, 'new', command);
    expect(first).toMatchObject({ status: 'appended', version: 2 });
    for (const expectation of ['new', 'exists', 'any', 0, 2, 9] as const) {
      expect(await append(stream, expectation, { ...command, response: { said: 'otherwise' } })).toMatchObject({
        status: 'duplicate',
        version: 2,
        seq: (first as { seq: number }).seq,
        response: { said: 'hello' },
      });
    }
    expect(await versionsOf(stream)).toEqual([1, 2]);
  });

  test('that comes thirty times at once is carried out once', async () => {
    const stream = streamOf();
    const command = notes(1);
    const verdicts = await Promise.all(Array.from({ length: 30 }, () => append(stream, 'any', command)));
    expect(verdicts.filter(({ status }) => status === 'appended')).toHaveLength(1);
    expect(await versionsOf(stream)).toEqual([1]);
  });
});

describe('what goes to the database together', () => {
  test('each keeps a verdict of its own: a conflict and a duplicate fail alone', async () => {
    const [taken, done, ...fresh] = Array.from({ length: 30 }, () => streamOf());
    if (!taken || !done) throw new Error('thirty streams were made');
    const command = notes(1);
    await append(taken, 'new');
    await append(done, 'new', command);
    const all = await Promise.all([
      append(taken, 'new'),
      ...fresh.map((stream) => append(stream, 'new')),
      append(streamOf(), 'new', command),
    ]);
    expect(all.map(({ status }) => status)).toEqual(['conflict', ...fresh.map(() => 'appended'), 'duplicate']);
    // One transaction wrote them: that is what the group is for.
    const { rows } = await runOn(
      service.databaseUrl,
      `select count(distinct xmin::text)::int as transactions from specline.event
        where stream_id in (${fresh.map(({ id }) => `'${id}'`).join()})`,
    );
    expect(rows[0]?.transactions).toBeLessThan(fresh.length / 2);
  });

  test('is bounded: in count, and in bytes', async () => {
    const many = Array.from({ length: 600 }, () => streamOf());
    const large = Array.from({ length: 8 }, () => streamOf());
    await Promise.all(many.map((stream) => append(stream, 'new')));
    await Promise.all(large.map((stream) => append(stream, 'new', notes(1, newId(), 'x'.repeat(700_000)))));
    const groups = async (streams: Stream[]) => {
      const ids = streams.map(({ id }) => `'${id}'`).join();
      const { rows } = await runOn(
        service.databaseUrl,
        `select count(*)::int as events, sum(length(payload::text))::int as bytes
          from specline.event where stream_id in (${ids}) group by xmin::text`,
      );
      return rows as { events: number; bytes: number }[];
    };
    const counts = (await groups(many)).map(({ events }) => events);
    expect(Math.max(...counts)).toBeGreaterThan(20);
    expect(Math.max(...counts)).toBeLessThanOrEqual(128);
    for (const { bytes } of await groups(large)) expect(bytes).toBeLessThan(6 * 1024 * 1024);
  });

  test('takes turns between organizations: two thousand of one do not hold up one of another', async () => {
    const quiet = await service.newOrganization();
    let busyDone = 0;
    const busy = Array.from({ length: 2000 }, () => append(streamOf(), 'new').then(() => busyDone++));
    await append(streamOf(quiet.organizationId), 'new');
    const before = busyDone;
    await Promise.all(busy);
    // The groups under way, four at most when the machine is slow, and the one that it shares with the other.
    expect(before).toBeLessThanOrEqual(5 * 128);
  });

  test('may hold an item that the database refuses: only that one fails', async () => {
    const bad = notes(1, newId(), 'NUL: \u0000');
    const verdicts = await Promise.allSettled([
      append(streamOf(), 'new'),
      append(streamOf(), 'new', bad),
      append(streamOf(), 'new'),
    ]);
    expect(verdicts.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});

test('the database refuses to say "appended" of fewer events than it was told of', async () => {
  const { organizationId } = service.organization;
  const stream = newId();
  const items = [
    { item: 0, organizationId, streamId: stream, streamType: type, expected: 0, added: 2, commandId: newId() },
  ].map((item) => ({ ...item, lastHash: '00'.repeat(32), response: {} }));
  const event = {
    ...{ item: 0, organizationId, streamId: stream, version: 1, eventId: newId(), type, schemaVersion: 1 },
    ...{ payload: {}, metadata: {}, commandId: newId(), recordedAt: new Date().toISOString() },
    ...{ previousHash: '00'.repeat(32), hash: '00'.repeat(32) },
  };
  const call = `select * from specline.append('${JSON.stringify(items)}', '${JSON.stringify([event])}', '{}', 1, 0, 2)`;
  await expect(runOn(service.databaseUrl, call)).rejects.toThrow('1 events inserted where 2 were accepted');
  expect(await versionsOf({ organizationId, type, id: stream })).toEqual([]);
});

describe('a connection that is lost between the commit and its answer', () => {
  let cable: Cable;
  let app: NestFastifyApplication;
  beforeAll(async () => {
    cable = await layCable(service.databaseUrl);
    app = await createApp({ databaseUrl: cable.url, masterKey, operatorKey: undefined, databaseConnections: 4 });
  });
  afterAll(async () => {
    await app.close();
    cable.close();
  });

  test('loses no event and doubles none: the write is sent again under the same command id', async () => {
    const verdicts: AppendVerdict[] = [];
    for (let round = 0; round < 10; round++) {
      const word = `round-${round}-${newId()}`;
      const streams = Array.from({ length: round % 2 === 0 ? 5 : 1 }, () => streamOf());
      cable.cutAnswerTo(word);
      const answers = streams.map((stream) => store(app).append(stream, 'new', notes(2, newId(), word)));
      verdicts.push(...(await Promise.all(answers)));
      for (const stream of streams) expect(await versionsOf(stream)).toEqual([1, 2]);
    }
    expect(cable.cuts()).toBe(10);
    expect(verdicts.filter(({ status }) => status === 'duplicate').length).toBeGreaterThanOrEqual(10);
    expect(verdicts.every(({ status }) => status === 'duplicate' || status === 'appended')).toBe(true);
  });
});
