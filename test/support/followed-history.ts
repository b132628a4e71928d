import type { INestApplicationContext } from '@nestjs/common';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { Place } from './append-sql.js';
import { appendTo, connectAppender, newPlace } from './append-sql.js';
import { newDatabase } from './database.js';
import type { Diary, Outbox } from './workers.js';
import { diaryTable, startWorkers } from './workers.js';

/** A history in a database of its own, and processes that follow it: behind each test those that run are closed. */
export function followedHistory() {
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

  /** Positions of all events. */
  const positions = async () =>
    (await database.ask<{ seq: number }>('select seq from specline.event order by seq')).map(({ seq }) => seq);
  /** What a diary was told, in the order of telling. */
  const diary = async (name: string) =>
    (
      await database.ask<{ seq: number }>('select seq from specline.diary where subscription = $1 order by at', [name])
    ).map(({ seq }) => seq);
  /** Appends to so many new streams. @returns the last position */
  const append = async (streams: number, events = 1, recordedAt = new Date()) => {
    let seq = 0;
    for (let n = 0; n < streams; n++) seq = (await appendTo(writer, newPlace(), 0, events, recordedAt)).seq;
    return seq;
  };

  /** Who holds the shards of a subscription. */
  const owners = (name: string) =>
    database.ask<{ shard: number; owner: string | null; epoch: number }>(
      `select shard, case when lease_until > clock_timestamp() then owner end as owner, epoch
        from specline.checkpoint where subscription = $1 order by shard`,
      [name],
    );

  return {
    database,
    processes,
    positions,
    diary,
    append,
    owners,
    appendTo: (place: Place, version: number, events?: number) => appendTo(writer, place, version, events),
    /** Commits what is appended meanwhile as one. */
    inTransaction: async (appending: () => Promise<void>) => {
      await writer.query('begin');
      await appending();
      await writer.query('commit');
    },
    start: async (...subscriptions: (Diary | Outbox)[]) => {
      const one = await startWorkers(database.url, subscriptions);
      processes.push(one);
      return one;
    },
  };
}
