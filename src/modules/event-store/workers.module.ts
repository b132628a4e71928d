import { Module } from '@nestjs/common';
import { EventStoreModule } from './event-store.module.js';
import { Workers } from './workers.js';

/** Imported by a process that shall do background work. */
@Module({ imports: [EventStoreModule], providers: [Workers] })
export class WorkersModule {}
