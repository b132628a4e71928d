import { Injectable, Logger } from '@nestjs/common';
import type { Client } from 'pg';
import { newId } from '../../commands/ids.js';
import type { Statement } from './database.js';
import type { Reading } from './watermark-readings.js';
import { remember } from './watermark-readings.js';
import { WorkerDatabase } from './worker-database.js';
import type { WatermarkStatus } from './worker-status.view.js';

type TickRow = { leads: boolean; position: number; taken: number; readAt: Date; holders: string[] };

const advance = {
  name: 'watermark.advance',
  text: `select leads, position, taken, read_at as "readAt", holders from specline.advance_watermark($1, $2::interval, $3)`,
};
/** What the leader has reached, for a process that leaves leading to others. */
const follow = {
  name: 'watermark.follow',
  text: `select false as "leads", position, null as "taken", null as "readAt", null as "holders" from specline.watermark`,
};
const resign = {
  name: 'watermark.resign',
  text: `update specline.watermark set lease_until = '-infinity' where leader = $1`,
};
const callLeader = { name: 'watermark.call', text: `select pg_notify('specline_append', '')` };
const lag = {
  name: 'watermark.lag',
  text: `select w.position, s.taken as "lastPosition", greatest(0, s.taken - w.position) as "lagEvents",
      case when s.taken > w.position then (1000 * extract(epoch from clock_timestamp() - w.complete_until))::bigint else 0
        end as "lagMilliseconds",
      case when w.lease_until > clock_timestamp() then w.leader end as "leader"
    from specline.watermark w, (select case when is_called then last_value else 0 end as taken from specline.event_seq) s`,
};

const lease = '2 seconds';
/** Milliseconds between two ticks: under load, while an append is slow, idle, as a follower, without a database. */
const pace = { busy: 8, held: 32, idle: 250, following: 500, broken: 500 };

/**
 * Up to where history is final: no open transaction may still fill a position there. One process moves it, the leader,
 * by a lease in the database; the others hear of each move, and ask now and then in case they did not.
 */
@Injectable()
export class Watermark {
  private readonly log = new Logger('Watermark');
  private readonly id = newId();
  private position = 0;
  private pending: Reading[] = [];
  private client: Client | undefined;
  private leads = false;
  private mayLead = true;
  private running: Promise<void> | undefined;
  private stopping = false;
  private tickedAt = 0;
  /** Whether something was appended since the last tick began. */
  private hurried = false;
  private movedAt = 0;
  private wake: ((within: number) => void) | undefined;
  private readonly waiting = new Set<{ seq: number; done: () => void }>();

  constructor(private readonly database: WorkerDatabase) {}

  /** The last position known to be final. */
  safe(): number {
    return this.position;
  }

  /** Something was appended: it is looked at soon, and not only when the idle pace comes round. */
  nudge(): void {
    if (this.leads) return this.hurry();
    // The leader hears of it; as long as it keeps moving the watermark, it need not.
    const now = performance.now();
    if (!this.client || now - this.movedAt < 100) return;
    this.movedAt = now;
    this.client.query(callLeader).catch(() => undefined);
  }

  private hurry(): void {
    if (this.hurried) return;
    this.hurried = true;
    this.wake?.(pace.busy);
  }

  /** Resolves to true once a position is final, to false when the signal aborts first. */
  waitFor(seq: number, signal: AbortSignal): Promise<boolean> {
    if (seq <= this.position) return Promise.resolve(true);
    if (signal.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const finish = (reached: boolean) => {
        this.waiting.delete(waiter);
        signal.removeEventListener('abort', give);
        resolve(reached);
      };
      const give = () => finish(false);
      const waiter = { seq, done: () => finish(true) };
      this.waiting.add(waiter);
      signal.addEventListener('abort', give);
    });
  }

  /** As the database has it, whichever process leads. */
  async status(): Promise<WatermarkStatus> {
    const [status] = await this.database.query<WatermarkStatus>(lag);
    if (!status) throw new Error('there is no watermark');
    return status;
  }

  /** @param mayLead whether this process may be the one that moves it, or only hears of it and calls the leader */
  start(mayLead: boolean): void {
    this.mayLead = mayLead;
    this.stopping = false;
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.wake?.(0);
    await this.running;
    this.running = undefined;
    if (this.leads) await this.ask(resign, [this.id]).catch(() => undefined);
    await this.disconnect();
  }

  private async run(): Promise<void> {
    let rest = pace.busy;
    let failing = false;
    while (!this.stopping) {
      this.tickedAt = performance.now();
      this.hurried = false;
      try {
        rest = this.restAfter(await this.tick(), rest);
        failing = false;
      } catch (error) {
        if (!failing && !this.stopping) this.log.warn(`stands still: ${(error as Error).message}`);
        failing = true;
        // Whatever was known may be from before the database was started again.
        await this.disconnect();
        rest = pace.broken;
      }
      await this.sleep(this.hurried ? pace.busy : rest);
    }
  }

  /** Moves the watermark as far as what was read before allows, and reads anew: one round trip. */
  private async tick(): Promise<boolean> {
    const fresh = !this.client;
    // A leader hears of its own move before it has the answer.
    const before = this.position;
    const [row] = await (this.mayLead
      ? this.ask<TickRow>(advance, [this.id, lease, JSON.stringify(this.pending)])
      : this.ask<TickRow>(follow, []));
    if (!row) throw new Error('there is no watermark');
    const moved = row.position > before;
    if (fresh) this.position = row.position;
    this.leads = row.leads;
    this.pending = row.leads ? remember(this.pending, readingOf(row), row.position) : [];
    this.move(row.position);
    return moved;
  }

  private restAfter(moved: boolean, rest: number): number {
    if (!this.leads) return pace.following;
    if (moved) return pace.busy;
    return Math.min(rest * 2, this.pending.length > 0 ? pace.held : pace.idle);
  }

  private move(position: number): void {
    if (position <= this.position && this.waiting.size === 0) return;
    this.position = Math.max(this.position, position);
    this.movedAt = performance.now();
    for (const waiter of [...this.waiting]) if (waiter.seq <= this.position) waiter.done();
  }

  private sleep(milliseconds: number): Promise<void> {
    if (this.stopping) return Promise.resolve();
    return new Promise((resolve) => {
      let timer = setTimeout(resolve, milliseconds);
      let due = performance.now() + milliseconds;
      this.wake = (within) => {
        const at = this.stopping ? 0 : this.tickedAt + within;
        if (at >= due) return;
        due = at;
        clearTimeout(timer);
        timer = setTimeout(resolve, Math.max(0, at - performance.now()));
      };
    });
  }

  private async ask<R extends object>(statement: Statement, values: unknown[]): Promise<R[]> {
    this.client ??= await this.connect();
    const { rows } = await this.client.query<R>({ ...statement, values });
    return rows;
  }

  private async connect(): Promise<Client> {
    const client = this.database.dedicated('-c synchronous_commit=off -c statement_timeout=10s');
    client.on('error', () => void this.disconnect(client));
    client.on('notification', ({ channel, payload }) => {
      if (channel === 'specline_watermark') this.move(Number(payload));
      else this.hurry();
    });
    try {
      await client.connect();
      await client.query('listen specline_watermark; listen specline_append');
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
  }

  private async disconnect(client = this.client): Promise<void> {
    if (client !== this.client) return;
    this.client = undefined;
    this.leads = false;
    this.pending = [];
    await client?.end().catch(() => undefined);
  }
}

const readingOf = ({ taken, readAt, holders }: TickRow): Reading => ({ position: taken, readAt, holders });
