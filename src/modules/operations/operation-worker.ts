import type { OnApplicationBootstrap, OnApplicationShutdown, OnModuleDestroy } from '@nestjs/common';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { OwnerDatabase } from '../event-store/owner-database.js';
import { repeat } from '../event-store/repeat.js';
import { OperationRunner } from './operation-runner.js';

/** Whether operations are worked off here. */
export const WORKS_OPERATIONS = Symbol('works operations');

/** How often one looks for operations that were asked for, or that others have left, in milliseconds. */
const look = 1_000;

/** Works operations off in the background of the service. */
@Injectable()
export class OperationWorker implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  private readonly log = new Logger('operations');
  private readonly ending = new AbortController();
  private working: Promise<void> | undefined;

  constructor(
    private readonly runner: OperationRunner,
    private readonly database: OwnerDatabase,
    @Inject(WORKS_OPERATIONS) private readonly isWorker: boolean,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.isWorker) return;
    const { signal } = this.ending;
    const work = async () => ((await this.runner.runOne(signal)) ? 0 : look);
    this.working = repeat(signal, work, { log: this.log, rest: look });
  }

  /** What is under way is left to another process, or to the next start. */
  async onModuleDestroy(): Promise<void> {
    this.ending.abort();
    await this.working;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}
