import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { repeat } from '../event-store/repeat.js';
import { ExportRunner } from './export-runner.js';
import { ExportSweep } from './export-sweep.js';

/** Whether this process makes exports. */
export const WORKS_EXPORTS = Symbol('works exports');

/** How many a process makes side by side, each of another organization. */
const lanes = 2;
/** Milliseconds. */
const pace = { look: 1_000, sweep: 60_000 };

/** Makes exports in the background of the service, and removes those that have expired. */
@Injectable()
export class ExportWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger('audit');
  private readonly ending = new AbortController();
  private working: Promise<unknown> | undefined;

  constructor(
    private readonly runner: ExportRunner,
    private readonly sweep: ExportSweep,
    @Inject(WORKS_EXPORTS) private readonly isWorker: boolean,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.isWorker) return;
    const { signal } = this.ending;
    const failing = { log: this.log, rest: pace.look };
    const making = Array.from({ length: lanes }, () =>
      repeat(signal, async () => ((await this.runner.runOne(signal)) ? 0 : pace.look), failing),
    );
    const sweeping = repeat(signal, () => this.sweep.sweep().then(() => pace.sweep), failing);
    this.working = Promise.all([...making, sweeping]);
  }

  /** What is under way is left to another process, or to the next start. */
  async onModuleDestroy(): Promise<void> {
    this.ending.abort();
    await this.working;
  }
}
