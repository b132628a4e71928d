import { setTimeout } from 'node:timers/promises';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { Injectable, Logger } from '@nestjs/common';
import { reasonOf } from '../event-store/delivery.js';
import { repeat } from '../event-store/repeat.js';
import { WorkerDatabase } from '../event-store/worker-database.js';
import type { Answer } from './answer-reader.js';
import type { Claimed, Room } from './claims.js';
import { Claims } from './claims.js';
import { EndpointNotices } from './endpoint-notices.js';
import { HttpSender } from './http-sender.js';
import { LeaseSweep } from './lease-sweep.js';
import { MessageSigning } from './message-signing.js';
import { ReplayWorker } from './replay-worker.js';
import { Retention } from './retention.js';
import { Settlements } from './settlements.js';
import type { Sent } from './transition.js';
import { WakeUp } from './wake-up.js';
import { WebhookClock } from './webhook-clock.js';

/** How many messages a process has under way at most, and how many of one organization; how many it takes at once. */
const limits = { process: 1024, organization: 256, claim: 256 };
/** Milliseconds. */
const pace = { look: 1_000, sweep: 1_000, retry: 500, patience: 4_000, keep: 3_600_000 };

const unsent: Answer = {
  status: null,
  error: 'internal',
  headers: {},
  body: Buffer.alloc(0),
  truncated: false,
  times: { total: 0 },
};

/**
 * Sends what is due, in turns: what has been answered is written down, and as much taken as there is room for, in one
 * transaction, while the rest is under way.
 */
@Injectable()
export class DeliveryWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger('Webhooks');
  private readonly ending = new AbortController();
  private readonly wakeUp = new WakeUp();
  private readonly underWay = new Map<string, number>();
  private sending = 0;
  /** When what is past its time is to be forgotten again. */
  private keepAt = 0;
  private finished: Sent[] = [];
  private working: Promise<unknown> | undefined;

  constructor(
    private readonly claims: Claims,
    private readonly settlements: Settlements,
    private readonly leases: LeaseSweep,
    private readonly notices: EndpointNotices,
    private readonly signing: MessageSigning,
    private readonly sender: HttpSender,
    private readonly database: WorkerDatabase,
    private readonly replays: ReplayWorker,
    private readonly retention: Retention,
    private readonly clock: WebhookClock,
  ) {}

  onApplicationBootstrap(): void {
    const { signal } = this.ending;
    const tidying = repeat(signal, () => this.tidy(), { log: this.log, rest: pace.sweep });
    this.working = Promise.all([this.work(), tidying, this.wakeUp.listen(this.database, signal)]);
  }

  /** What is under way may still end; what does not is given back. */
  async onModuleDestroy(): Promise<void> {
    this.ending.abort();
    this.wakeUp.wake();
    await this.working;
    const until = performance.now() + pace.patience;
    while (this.sending > 0 && performance.now() < until) await setTimeout(20);
    this.sender.giveUp();
    await new Promise((resolve) => setImmediate(resolve));
    await this.settle(this.answered());
  }

  private async work(): Promise<void> {
    while (!this.ending.signal.aborted) {
      if (!(await this.turn())) await this.wakeUp.sleep(pace.look);
    }
  }

  /** @returns whether there was something to do */
  private async turn(): Promise<boolean> {
    const batch = this.answered();
    try {
      const { claimed, isToBeTold } = await this.database.transaction(async (client) => {
        const isToBeTold = batch.length > 0 && (await this.settlements.settle(client, batch, this.clock.now()));
        return { claimed: await this.claims.take(client, this.clock.now(), this.room()), isToBeTold };
      });
      for (const one of claimed) this.deliver(one);
      if (isToBeTold) await this.notices.tell();
      return claimed.length + batch.length > 0;
    } catch (error) {
      await this.failed(error);
      await this.settle(batch);
      return false;
    }
  }

  private answered(): Sent[] {
    return this.finished.splice(0);
  }

  private room(): Room {
    const { process, organization: perOrganization, claim } = limits;
    const answered = new Map<string, number>();
    for (const { claimed } of this.finished)
      answered.set(claimed.endpointId, (answered.get(claimed.endpointId) ?? 0) + 1);
    return {
      capacity: Math.min(claim, process - this.sending),
      spare: new Map([...this.underWay].map(([id, count]) => [id, perOrganization - count])),
      perOrganization,
      answered,
    };
  }

  private deliver(claimed: Claimed): void {
    const { organizationId } = claimed;
    this.sending++;
    this.underWay.set(organizationId, (this.underWay.get(organizationId) ?? 0) + 1);
    void this.send(claimed).then((sent) => {
      this.sending--;
      const left = (this.underWay.get(organizationId) ?? 1) - 1;
      if (left === 0) this.underWay.delete(organizationId);
      else this.underWay.set(organizationId, left);
      this.finished.push(sent);
      this.wakeUp.wake();
    });
  }

  private async send(claimed: Claimed): Promise<Sent> {
    const startedAt = this.clock.now();
    const { organizationId, endpointId, deliveryId, eventId, body, settings, secrets } = claimed;
    if (body === null) return { claimed, answer: unsent, startedAt };
    try {
      const message = { id: eventId, timestamp: Math.floor(startedAt.getTime() / 1000), body };
      const place = { organizationId, endpointId };
      const headers = await this.signing.headersWith(place, secrets, settings.headers?.id ?? null, message);
      const timeout = settings.timeoutSeconds * 1000;
      const answer = await this.sender.post({ url: settings.url, headers, body, timeout });
      return { claimed, answer, startedAt };
    } catch (error) {
      // Nothing was sent, and it is not the receiver's fault: a secret cannot be read here just now.
      this.log.warn(`${deliveryId}: ${reasonOf(error)}`);
      return { claimed, answer: unsent, startedAt };
    }
  }

  /** By itself, where a turn failed; where that fails too, the leases end, and all of it is sent again. */
  private async settle(batch: readonly Sent[]): Promise<void> {
    if (batch.length === 0) return;
    try {
      await this.database.transaction((client) => this.settlements.settle(client, batch, this.clock.now()));
    } catch (error) {
      await this.failed(error);
    }
  }

  private async tidy(): Promise<number> {
    await this.leases.sweep(this.clock.now());
    await this.notices.tell();
    while (!this.ending.signal.aborted && (await this.replays.step()));
    if (this.clock.now().getTime() >= this.keepAt) {
      this.keepAt = this.clock.now().getTime() + pace.keep;
      await this.retention.keep(this.clock.now());
    }
    return pace.sweep;
  }

  private async failed(error: unknown): Promise<void> {
    this.log.warn(reasonOf(error));
    await pause(pace.retry, this.ending.signal);
  }
}

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  setTimeout(milliseconds, undefined, { signal }).catch(() => undefined);
