import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { ColdHistory } from './cold-history.js';
import { repeat } from './repeat.js';

/** After how many days this process moves the history of archived specs; never where there is no number. */
export const COLD_AFTER_DAYS = Symbol('cold after days');

/** Milliseconds between two looks, and of a day. */
const pause = 3_600_000;
const day = 86_400_000;

/** Moves what has been archived for long enough, in the background of the service. */
@Injectable()
export class ColdHistoryWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger('ColdHistory');
  private readonly ending = new AbortController();
  private working: Promise<void> | undefined;

  constructor(
    private readonly history: ColdHistory,
    @Inject(COLD_AFTER_DAYS) private readonly days: number | undefined,
  ) {}

  onApplicationBootstrap(): void {
    const { days, log } = this;
    if (days !== undefined) this.working = repeat(this.ending.signal, () => this.move(days), { log, rest: pause });
  }

  async onModuleDestroy(): Promise<void> {
    this.ending.abort();
    await this.working;
  }

  private async move(days: number): Promise<number> {
    const { streams, events } = await this.history.move(new Date(Date.now() - days * day), this.ending.signal);
    if (streams > 0) this.log.log(`moved ${events} events of ${streams} archived specs`);
    return pause;
  }
}
