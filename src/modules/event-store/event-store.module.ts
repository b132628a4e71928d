import { Module } from '@nestjs/common';
import { EventSchemas, eventSchemas } from '../../events/event-schemas.js';
import { AppendQueue } from './append-queue.js';
import { Database } from './database.js';
import { EventStore } from './event-store.js';
import { Idempotency } from './idempotency.js';
import { NoFacts } from './no-facts.js';
import { PersonalData } from './personal-data.js';
import { Streams } from './streams.js';
import { SubjectKeys } from './subject-keys.js';

@Module({
  providers: [
    Database,
    AppendQueue,
    EventStore,
    Streams,
    Idempotency,
    NoFacts,
    SubjectKeys,
    PersonalData,
    { provide: EventSchemas, useValue: eventSchemas },
  ],
  exports: [Database, EventStore, Streams, Idempotency, NoFacts, PersonalData],
})
export class EventStoreModule {}
