import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { appendTo, connectAppender, newPlace } from './support/append-sql.js';
import { runOn } from './support/service.js';

/** A database without any worker: the test is the leader. */
let databaseUrl: string;
let admin: pg.Client;
const clients: pg.Client[] = [];

beforeEach(async () => {
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  await runOn(inject('postgresUrl'), `create database ${name} template specline_template`);
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${name}`;
  databaseUrl = url.href;
  admin = await connect();
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.end().catch(() => undefined);
  await runOn(inject('postgresUrl'), `drop database ${new URL(databaseUrl).pathname.slice(1)} with (force)`);
});

async function connect(url = databaseUrl): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  clients.push(client);
  return client;
}
async function appender(): Promise<pg.Client> {
  const client = await connectAppender(databaseUrl);
  clients.push(client);
  return client;
}

type Reading = { position: number; readAt: Date; holders: string[] };

/** A leader that ticks when the test says so. */
class Leader {
  readonly id = randomUUID();
  pending: Reading[] = [];
  position = -1;
  leads = false;

  constructor(private readonly client: pg.Client) {}

  async tick(): Promise<number> {
    const { rows } = await this.client.query<{
      leads: boolean;
      position: number;
      taken: number;
      readAt: Date;
      holders: string[];
    }>(
      `select leads, position, taken, read_at as "readAt", holders from specline.advance_watermark($1, '1 hour', $2)`,
      [this.id, JSON.stringify(this.pending)],
    );
    const [row] = rows;
    if (!row) throw new Error('no row');
    this.leads = row.leads;
    this.position = row.position;
    if (row.leads) this.pending.push({ position: row.taken, readAt: row.readAt, holders: row.holders });
    return row.position;
  }
}
const newLeader = async () => new Leader(await connect());
const endLease = () => admin.query(`update specline.watermark set lease_until = '-infinity'`);
/** What a reader sees who follows the sequence without asking what is final. */
const seenAfter = async (seq: number) =>
  (await admin.query<{ seq: number }>('select seq from specline.event where seq > $1 order by seq', [seq])).rows.map(
    (row) => row.seq,
  );

describe('the watermark', () => {
  test('stays before a position that an open transaction may still fill, where a reader of the sequence loses it', async () => {
    const leader = await newLeader();
    const [slow, quick] = [await appender(), await appender()];
    await slow.query('begin');
    const first = await appendTo(slow, newPlace(), 0);
    const second = await appendTo(quick, newPlace(), 0);
    expect(second.seq).toBeGreaterThan(first.seq);

    const naive = await seenAfter(0);
    expect(naive).toEqual([second.seq]);
    for (let n = 0; n < 3; n++) expect(await leader.tick()).toBeLessThan(first.seq);

    await slow.query('commit');
    expect(await seenAfter(naive.at(-1) ?? 0), 'the reader of the sequence has lost the first event').toEqual([]);
    expect(await leader.tick()).toBe(second.seq);
    expect(await seenAfter(0)).toEqual([first.seq, second.seq]);
  });

  test.each(['commit', 'rollback', 'kill'])('goes on once what it waited for ends by %s', async (end) => {
    const leader = await newLeader();
    const [slow, quick] = [await appender(), await appender()];
    await slow.query('begin');
    await appendTo(slow, newPlace(), 0, 3);
    const { seq } = await appendTo(quick, newPlace(), 0);
    await leader.tick();
    expect(await leader.tick()).toBe(0);
    if (end === 'kill') {
      await admin.query(`select pg_terminate_backend(pid, 5000) from pg_stat_activity
        where datname = current_database() and state = 'idle in transaction'`);
    } else await slow.query(end);
    expect(await leader.tick()).toBe(seq);
  });

  test('moves on under writers who never let it find nobody, one reading after another', async () => {
    const leader = await newLeader();
    const writers = [await appender(), await appender()];
    let [before, open] = [0, writers[0] as pg.Client];
    await open.query('begin');
    await appendTo(open, newPlace(), 0);
    for (let n = 1; n <= 6; n++) {
      await leader.tick();
      const next = writers[n % 2] as pg.Client;
      await next.query('begin');
      await appendTo(next, newPlace(), 0);
      await open.query('commit');
      open = next;
      const position = await leader.tick();
      expect(position).toBeGreaterThan(before);
      before = position;
    }
  });

  test('waits for a prepared transaction, which holds its lock under another name', async ({ skip }) => {
    const { rows } = await admin.query<{ max: string }>(`select current_setting('max_prepared_transactions') as max`);
    if (rows[0]?.max === '0') skip();
    const leader = await newLeader();
    const [slow, quick] = [await appender(), await appender()];
    await slow.query('begin');
    const first = await appendTo(slow, newPlace(), 0);
    await leader.tick();
    await slow.query(`prepare transaction 'slow'`);
    const second = await appendTo(quick, newPlace(), 0);
    for (let n = 0; n < 3; n++) expect(await leader.tick()).toBeLessThan(first.seq);
    await (await appender()).query(`commit prepared 'slow'`);
    expect(await leader.tick()).toBe(second.seq);
  });

  test('is held up neither by an old transaction that appends nothing, nor by one of another database', async () => {
    const leader = await newLeader();
    for (const url of [databaseUrl, inject('postgresUrl')]) {
      const idle = await connect(url);
      await idle.query('begin');
      await idle.query('select pg_current_xact_id()');
      // The same number held elsewhere, or for something else, means nothing here.
      if (url !== databaseUrl) await idle.query('select pg_advisory_xact_lock_shared(7311, 0)');
      else
        await idle.query('select pg_advisory_xact_lock_shared(7311, 1), pg_advisory_xact_lock_shared(31400005795840)');
    }
    const { seq } = await appendTo(await appender(), newPlace(), 0);
    expect(await leader.tick()).toBe(seq);
  });

  test('reads the last position taken before it reads who may have taken one', async () => {
    // Between the two lie microseconds, and no test hits them: whoever turns them round shall at least hear of it.
    const { rows } = await admin.query<{ source: string }>(
      `select prosrc as source from pg_proc where proname = 'advance_watermark'`,
    );
    const source = rows[0]?.source ?? '';
    expect(source.indexOf('from event_seq')).toBeGreaterThan(0);
    expect(source.indexOf('from event_seq')).toBeLessThan(source.indexOf('from pg_locks'));
  });

  test('has one leader at a time; another takes over when the lease has ended by the database’s clock', async () => {
    const [one, two] = [await newLeader(), await newLeader()];
    await one.tick();
    await two.tick();
    expect([one.leads, two.leads]).toEqual([true, false]);
    await endLease();
    await two.tick();
    await one.tick();
    expect([one.leads, two.leads]).toEqual([false, true]);
  });

  test('never goes back, nor past what is final, by a leader who slept and comes back with what he knew', async () => {
    const [sleeper, other] = [await newLeader(), await newLeader()];
    const [slow, quick, late] = [await appender(), await appender(), await appender()];
    await slow.query('begin');
    await appendTo(slow, newPlace(), 0);
    await sleeper.tick();

    // He sleeps, another leads: the history goes on, with somebody else in the middle of an append.
    await endLease();
    await slow.query('commit');
    const { seq } = await appendTo(quick, newPlace(), 0);
    const reached = await other.tick();
    expect(reached).toBe(seq);
    await late.query('begin');
    const open = await appendTo(late, newPlace(), 0);
    expect(await other.tick()).toBe(reached);

    // He wakes up: without the lease he moves nothing, and with it he proves no more than he knew.
    expect(await sleeper.tick()).toBe(reached);
    expect(sleeper.leads).toBe(false);
    await endLease();
    expect(await sleeper.tick()).toBe(reached);
    expect(sleeper.leads).toBe(true);
    await late.query('commit');
    expect(await sleeper.tick()).toBe(open.seq);
  });

  test('is moved by two leaders at once no further than is final', async () => {
    const [one, two] = [await newLeader(), await newLeader()];
    const writer = await appender();
    const slow = await appender();
    let ends = Promise.resolve();
    let open = Number.MAX_SAFE_INTEGER;
    for (let n = 0; n < 40; n++) {
      if (n % 10 === 0) {
        await slow.query('begin');
        open = (await appendTo(slow, newPlace(), 0)).seq;
      }
      await appendTo(writer, newPlace(), 0);
      ends = ends.then(async () => void (await endLease()));
      const [a, b] = await Promise.all([one.tick(), two.tick(), ends]);
      if (n % 10 < 9) expect(Math.max(a, b)).toBeLessThan(open);
      else await slow.query('commit');
    }
    await endLease();
    expect(await one.tick()).toBe((await seenAfter(0)).at(-1));
  });
});
