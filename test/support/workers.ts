import { setTimeout } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { PoolClient } from 'pg';
import { AppModule } from '../../src/app.module.js';
import type { RecordedEvent } from '../../src/modules/event-store/history.js';
import { EventStoreModule } from '../../src/modules/event-store/event-store.module.js';
import { Subscription } from '../../src/modules/event-store/subscription.js';
import { Subscriptions } from '../../src/modules/event-store/subscriptions.js';
import { masterKey, operatorKey } from './service.js';

/** Another process of the service, as far as background work goes, with subscriptions of the test's own. */
export async function startWorkers(
  databaseUrl: string,
  subscriptions: readonly Subscription[],
): Promise<INestApplicationContext> {
  class Registration {
    constructor(private readonly registry: Subscriptions) {}
    onModuleInit(): void {
      for (const subscription of subscriptions) this.registry.register(subscription);
    }
  }
  const registration = {
    provide: Registration,
    useFactory: (registry: Subscriptions) => new Registration(registry),
    inject: [Subscriptions],
  };
  const app = AppModule.with({ databaseUrl, masterKey, operatorKey, databaseConnections: 2 });
  return NestFactory.createApplicationContext(
    { module: class {}, imports: [app, EventStoreModule], providers: [registration] },
    { logger: false },
  );
}

/** Writes down what it is told, in the transaction that moves the checkpoint. */
export class Diary extends Subscription {
  /** Called with each batch before it is written; may throw. */
  onBatch: (events: readonly RecordedEvent[]) => void | Promise<void> = () => undefined;

  constructor(
    readonly name: string,
    override readonly shards = 1,
    override readonly batch = 500,
  ) {
    super();
  }

  override async apply(events: readonly RecordedEvent[], client: PoolClient): Promise<void> {
    await this.onBatch(events);
    const column = (name: 'organizationId' | 'streamId' | 'version' | 'seq') => events.map((event) => event[name]);
    await client.query(
      `insert into specline.diary (subscription, organization_id, stream_id, version, seq)
        select $1, * from unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[])`,
      [this.name, column('organizationId'), column('streamId'), column('version'), column('seq')],
    );
  }
}

/** Keeps in memory what it is told: a destination elsewhere. */
export class Outbox extends Subscription {
  readonly sent: RecordedEvent[] = [];
  /** Called with each batch before it is kept; may throw. */
  onBatch: (events: readonly RecordedEvent[], signal: AbortSignal) => void | Promise<void> = () => undefined;

  constructor(
    readonly name: string,
    override readonly shards = 1,
  ) {
    super();
  }

  override async send(events: readonly RecordedEvent[], signal: AbortSignal): Promise<void> {
    await this.onBatch(events, signal);
    this.sent.push(...events);
  }
}

/** Waits for something that comes about by itself, and fails when it does not in 20 seconds. */
export async function eventually<T>(ask: () => Promise<T> | T, holds: (answer: T) => boolean): Promise<T> {
  const until = performance.now() + 20_000;
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    if (performance.now() > until) throw new Error(`it did not come about: ${JSON.stringify(answer)}`);
    await setTimeout(20);
  }
}

/** What a Diary writes to; `at` is the order of writing. Every line can be written twice: the test counts. */
export const diaryTable = `
  create table specline.diary (
    at bigserial, subscription text, organization_id uuid, stream_id uuid, version bigint, seq bigint);
  grant select, insert on specline.diary to specline_worker;
  grant usage on sequence specline.diary_at_seq to specline_worker`;
