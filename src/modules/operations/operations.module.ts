import type { DynamicModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { OwnerDatabase } from '../event-store/owner-database.js';
import type { ReadModel } from '../event-store/read-model.js';
import { HttpModule } from '../http/http.module.js';
import { OperationDesk, READ_MODELS } from './operation-desk.js';
import { OperationRunner } from './operation-runner.js';
import { OperationWorker, WORKS_OPERATIONS } from './operation-worker.js';
import { OperationsController } from './operations.controller.js';

/** In a process that also answers requests: enough to overlap reading and writing. */
const lanes = 2;

@Module({})
export class OperationsModule {
  /** @param works whether this process works operations off, or only takes them on */
  static with(databaseUrl: string, readModels: readonly ReadModel[], works: boolean): DynamicModule {
    const database = new OwnerDatabase(databaseUrl);
    return {
      module: OperationsModule,
      imports: [HttpModule],
      controllers: [OperationsController],
      providers: [
        OperationDesk,
        OperationWorker,
        { provide: OwnerDatabase, useValue: database },
        { provide: OperationRunner, useValue: new OperationRunner(database, readModels, lanes) },
        { provide: READ_MODELS, useValue: readModels },
        { provide: WORKS_OPERATIONS, useValue: works },
      ],
    };
  }
}
