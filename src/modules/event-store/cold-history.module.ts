import type { DynamicModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { COLD_AFTER_DAYS, ColdHistoryWorker } from './cold-history-worker.js';
import { ColdHistory } from './cold-history.js';
import { EventStoreModule } from './event-store.module.js';

/** History of archived specs, kept apart. */
@Module({})
export class ColdHistoryModule {
  /** @param days after how many days this process moves it; not at all without a number */
  static with(days: number | undefined): DynamicModule {
    return {
      module: ColdHistoryModule,
      imports: [EventStoreModule],
      providers: [ColdHistory, ColdHistoryWorker, { provide: COLD_AFTER_DAYS, useValue: days }],
    };
  }
}
