import { Module } from '@nestjs/common';
import { AppendQueue } from './append-queue.js';
import { Database } from './database.js';
import { EventStore } from './event-store.js';
import { Idempotency } from './idempotency.js';
import { NoFacts } from './no-facts.js';
import { Streams } from './streams.js';

@Module({
  providers: [Database, AppendQueue, EventStore, Streams, Idempotency, NoFacts],
  exports: [Database, EventStore, Streams, Idempotency, NoFacts],
})
export class EventStoreModule {}
