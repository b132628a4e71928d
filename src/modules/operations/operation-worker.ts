import { setTimeout } from 'node:timers/promises';
import type { OnApplicationBootstrap, OnApplicationShutdown, OnModuleDestroy } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import { OwnerDatabase } from '../event-store/owner-database.js';
import { OperationRunner } from './operation-runner.js';

/** Whether this process works operations off. */
export const WORKS_OPERATIONS = Symbol('works operations');

/** How often a process looks for operations that others were asked for, or have left, in milliseconds. */
const pause = 1_000;

/** Works operations off in the background of the service. */
@Injectable()
export class OperationWorker implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  private readonly ending = new AbortController();
  private waking = new AbortController();
  private working: Promise<void> | undefined;

  constructor(
    private readonly runner: OperationRunner,
    private readonly database: OwnerDatabase,
    @Inject(WORKS_OPERATIONS) private readonly isWorker: boolean,
  ) {}

  onApplicationBootstrap(): void {
    if (this.isWorker) this.working = this.work();
  }

  /** There is something to do. */
  nudge(): void {
    this.waking.abort();
  }

  /** What is under way is left to another process, or to the next start. */
  async onModuleDestroy(): Promise<void> {
    this.ending.abort();
    this.nudge();
    await this.working;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }

  private async work(): Promise<void> {
    while (!this.ending.signal.aborted) {
      this.waking = new AbortController();
      // A database that is away is asked again.
      const found = await this.runner.runOne(this.ending.signal).catch(() => false);
      if (!found && !this.ending.signal.aborted) {
        await setTimeout(pause, undefined, { signal: this.waking.signal, ref: false }).catch(() => undefined);
      }
    }
  }
}
