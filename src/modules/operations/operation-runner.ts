import { randomUUID } from 'node:crypto';
import type { OwnerDatabase } from '../event-store/owner-database.js';
import { ProgressMeter } from '../event-store/progress-meter.js';
import type { ReadModel } from '../event-store/read-model.js';
import { discardTables, rebuild, rollback, swapNext, VerificationFailed, verifyLive } from '../event-store/rebuild.js';
import type { RebuildWork } from '../event-store/rebuild-work.js';
import { OperationRefused, Superseded } from '../event-store/rebuild-work.js';
import type { Operation, OperationKind, OperationParameters } from './operations.js';
import { Operations } from './operations.js';

const perform: Record<OperationKind, (work: RebuildWork, parameters: OperationParameters) => Promise<object>> = {
  'projection.rebuild': rebuild,
  'projection.verify': verifyLive,
  'projection.swap': swapNext,
  'projection.rollback': rollback,
  'projection.discard': discardTables,
};

/** How often a process tells how far it is, in milliseconds. */
const heartbeat = 1_000;

/** Why work was ended that had not come to its end. */
type End = 'cancelled' | 'lost' | 'stopped';

/** Works operations off, one at a time, under a lease: if this process dies, another one goes on where it was. */
export class OperationRunner {
  readonly operations: Operations;
  private readonly owner = randomUUID();

  /** @param lanes how many shards are loaded side by side */
  constructor(
    private readonly database: OwnerDatabase,
    private readonly readModels: readonly ReadModel[],
    private readonly lanes: number,
  ) {
    this.operations = new Operations(database);
  }

  /**
   * Takes an operation that nobody works on and brings it to its end.
   *
   * @param stop leaves it to another process
   * @returns false when there was none to take
   */
  async runOne(stop: AbortSignal, operationId: string | null = null): Promise<boolean> {
    const operation = await this.operations.claim(this.owner, operationId);
    if (operation) await this.run(operation, stop);
    return operation !== undefined;
  }

  private async run(operation: Operation, stop: AbortSignal): Promise<void> {
    const { operationId, kind, projection, parameters } = operation;
    const meter = new ProgressMeter();
    const end = new AbortController();
    const beat = async () => {
      const answer = await this.operations.renew(operationId, this.owner, meter.read());
      if (answer !== 'go on') end.abort(answer satisfies End);
    };
    // A beat that fails is made up for by the next; without any the lease runs out, and the work with it.
    const timer = setInterval(() => void beat().catch(() => undefined), heartbeat);
    const onStop = () => end.abort('stopped' satisfies End);
    stop.addEventListener('abort', onStop);
    try {
      const model = this.readModels.find(({ name }) => name === projection);
      if (!model) throw new OperationRefused(`There is no projection ${projection}.`);
      const { database, lanes } = this;
      const work = { operationId, database, model, meter, signal: end.signal, lanes };
      await beat();
      if (stop.aborted) onStop();
      end.signal.throwIfAborted();
      const result = await perform[kind](work, parameters);
      await this.operations.finish(operationId, this.owner, { status: 'succeeded', progress: meter.read(), result });
    } catch (error) {
      await this.end(operation, meter, error, end.signal.reason as End | undefined);
    } finally {
      clearInterval(timer);
      stop.removeEventListener('abort', onStop);
    }
  }

  private async end(
    operation: Operation,
    meter: ProgressMeter,
    error: unknown,
    reason: End | undefined,
  ): Promise<void> {
    const { operationId } = operation;
    const progress = meter.read();
    if (reason === 'lost' || error instanceof Superseded) return;
    if (reason === 'stopped' || wasCutOff(error)) {
      return this.operations.release(operationId, this.owner).catch(() => undefined);
    }
    if (reason === 'cancelled') {
      await this.clean(operation);
      return this.operations.finish(operationId, this.owner, { status: 'cancelled', progress });
    }
    const result = error instanceof VerificationFailed ? error.verification : null;
    const problem = (error as Error).message;
    await this.operations.finish(operationId, this.owner, { status: 'failed', progress, result, problem });
  }

  /** What a cancelled rebuild was filling is of no use to anybody. */
  private async clean({ operationId, kind, projection }: Operation): Promise<void> {
    const model = this.readModels.find(({ name }) => name === projection);
    if (kind !== 'projection.rebuild' || !model) return;
    const signal = new AbortController().signal;
    const work = { operationId, database: this.database, model, meter: new ProgressMeter(), signal, lanes: 1 };
    await discardTables(work, {});
  }
}

/** Whether the database went away (class 08, 57P: shut down or crashed), so that the work can go on when it is back. */
function wasCutOff(error: unknown): boolean {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  return /^(?:08|57P)|^E(?:CONN|PIPE)/.test(code) || /^Connection terminated/.test(message);
}
