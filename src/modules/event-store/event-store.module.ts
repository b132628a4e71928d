import { Module } from '@nestjs/common';
import { EventSchemas, eventSchemas } from '../../events/event-schemas.js';
import { AppendQueue } from './append-queue.js';
import { Database } from './database.js';
import { EventStore } from './event-store.js';
import { Idempotency } from './idempotency.js';
import { NoFacts } from './no-facts.js';
import { Streams } from './streams.js';

@Module({
  providers: [
    Database,
    AppendQueue,
    EventStore,
    Streams,
    Idempotency,
    NoFacts,
    { provide: EventSchemas, useValue: eventSchemas },
  ],
  exports: [Database, EventStore, Streams, Idempotency, NoFacts],
})
export class EventStoreModule {}
