import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { newId } from '../../commands/ids.js';
import { reasonOf } from '../event-store/delivery.js';
import { Subscriptions } from '../event-store/subscriptions.js';
import { BundleExport } from './bundle-export.js';
import { ExportSweep } from './export-sweep.js';
import type { ExportJob, ExportPiece } from './export-job.js';
import type { ClaimedExport, ExportMark, ExportPosition, ExportProgress } from './export-store.js';
import { ExportStore, LostExport } from './export-store.js';
import { LedgerQueries } from './ledger.queries.js';
import { Sealer } from './sealer.js';
import { TrailExport } from './trail-export.js';

/** Bytes that are written at once, at least. */
const chunkBytes = 256 * 1024;
/** How often one is tried that fails. */
const mostTries = 5;
/** Milliseconds: how often the owner says that it works; how long seals and the trail may take; how late lines are written. */
const pace = { renew: 5_000, patience: 60_000, late: 1_000 };

/** Makes exports: all that one can hold is settled when it begins, so whoever goes on with it comes to the same. */
@Injectable()
export class ExportRunner {
  private readonly log = new Logger('audit');

  constructor(
    private readonly store: ExportStore,
    private readonly sweep: ExportSweep,
    private readonly sealer: Sealer,
    private readonly subscriptions: Subscriptions,
    private readonly ledger: LedgerQueries,
    private readonly trail: TrailExport,
    private readonly bundle: BundleExport,
  ) {}

  /** Works on the oldest export that nobody works on. @returns whether there was one */
  async runOne(signal: AbortSignal): Promise<boolean> {
    const claimed = await this.store.claim(newId());
    if (!claimed) return false;
    try {
      await this.run(claimed, signal);
    } catch (error) {
      await this.failed(claimed, error, signal);
    }
    return true;
  }

  private async run(claimed: ClaimedExport, signal: AbortSignal): Promise<void> {
    let progress: ExportProgress = { rows: claimed.rows, percent: claimed.percent };
    let lost: Error | undefined;
    const renewing = setInterval(() => {
      this.store.renew(claimed, progress).catch((error: unknown) => (lost = error as Error));
    }, pace.renew);
    try {
      const job: ExportJob = { ...claimed, ...(await this.position(claimed, signal)) };
      const { mark } = claimed;
      const hash = createHash('sha256');
      let written = 0;
      if (mark === null) {
        await this.sweep.clear(claimed);
      } else {
        for await (const chunk of this.store.written(claimed)) {
          hash.update(chunk);
          written += chunk.length;
        }
      }
      const held: Buffer[] = [];
      let size = 0;
      const flush = async (where: ExportMark | null) => {
        const content = Buffer.concat(held.splice(0));
        size = 0;
        if (content.length === 0) return;
        await this.store.write(claimed, written, content, { ...progress, mark: where });
        hash.update(content);
        written += content.length;
      };
      for await (const piece of this.pieces(job, mark)) {
        signal.throwIfAborted();
        if (lost) throw lost;
        progress = { rows: piece.rows, percent: piece.percent };
        held.push(piece.bytes);
        size += piece.bytes.length;
        if (size >= chunkBytes) await flush(piece.mark ?? null);
      }
      await flush(null);
      await this.store.finish(claimed, { rows: progress.rows, sha256: hash.digest('hex') });
    } finally {
      clearInterval(renewing);
    }
  }

  private pieces(job: ExportJob, mark: ExportMark | null): AsyncGenerator<ExportPiece> {
    return job.format === 'bundle' ? this.bundle.pieces(job) : this.trail.pieces(job, mark);
  }

  /** The newest seal once all is sealed that was written before; the trail is read when it is as far. */
  private async position(claimed: ClaimedExport, signal: AbortSignal): Promise<ExportPosition> {
    const { organizationId, createdAt, seal, position, seq, takenAt } = claimed;
    if (seal !== null && position !== null && seq !== null && takenAt !== null) return { seal, position, seq, takenAt };
    const early = new Date(createdAt).getTime() + pace.late - Date.now();
    // What was refused or read until it was asked for is written a little later.
    if (early > 0) await setTimeout(Math.min(early, pace.late), undefined, { signal });
    await this.sealer.sealNow(organizationId, pace.patience, signal);
    const { number, size } = await this.ledger.seal(organizationId);
    const last = await this.ledger.seqOf(organizationId, size);
    const isRead = await this.subscriptions.waitFor('audit', last, pace.patience, signal);
    if (!isRead) throw new Error('the trail is behind');
    return this.store.take(claimed, { seal: number, position: size, seq: last });
  }

  private async failed(claimed: ClaimedExport, error: unknown, signal: AbortSignal): Promise<void> {
    if (error instanceof LostExport) return;
    const isOver = claimed.tries >= mostTries;
    if (!signal.aborted) this.log.warn(`the export ${claimed.exportId}: ${reasonOf(error)}`);
    const problem = 'It was tried several times, and failed each time; the log says why.';
    const settled = signal.aborted
      ? this.store.release(claimed, false, 0)
      : isOver
        ? this.store.finish(claimed, { rows: claimed.rows, problem })
        : this.store.release(claimed, true, claimed.tries);
    // Where even that cannot be written down the lease ends.
    await settled.catch(() => undefined);
  }
}
