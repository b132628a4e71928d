import { Module } from '@nestjs/common';
import { EventSchemas, eventSchemas } from '../../events/event-schemas.js';
import { AppendQueue } from './append-queue.js';
import { Checkpoints } from './checkpoints.js';
import { Claims } from './claims.js';
import { Database } from './database.js';
import { DeadLetters } from './dead-letters.js';
import { EventStore } from './event-store.js';
import { Idempotency } from './idempotency.js';
import { NoFacts } from './no-facts.js';
import { PersonalData } from './personal-data.js';
import { Snapshots } from './snapshots.js';
import { Streams } from './streams.js';
import { SubjectKeys } from './subject-keys.js';
import { Subscriptions } from './subscriptions.js';
import { Watermark } from './watermark.js';
import { WorkerDatabase } from './worker-database.js';

const appending = [
  Database,
  AppendQueue,
  EventStore,
  Snapshots,
  Streams,
  Idempotency,
  NoFacts,
  Claims,
  SubjectKeys,
  PersonalData,
];
const following = [WorkerDatabase, Watermark, Subscriptions, Checkpoints, DeadLetters];

@Module({
  providers: [...appending, ...following, { provide: EventSchemas, useValue: eventSchemas }],
  exports: [...appending, ...following, EventSchemas],
})
export class EventStoreModule {}
