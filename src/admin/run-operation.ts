import { setTimeout } from 'node:timers/promises';
import { newId } from '../commands/ids.js';
import { OwnerDatabase } from '../modules/event-store/owner-database.js';
import { OperationRunner } from '../modules/operations/operation-runner.js';
import type { OperationView } from '../modules/operations/operation.view.js';
import type { OperationKind, OperationParameters } from '../modules/operations/operations.js';
import { readModels } from '../read-models.js';
import { StartError } from '../start-error.js';
import { exitCodes } from './command-line.js';
import type { Terminal } from './terminal.js';

/** How often progress is shown, in milliseconds. */
const interval = 1_000;

export type OperationCall = { kind: OperationKind; projection: string; parameters: OperationParameters; lanes: number };

/**
 * Works an operation off in this process and shows how far it is. One of the same kind that is under way already is
 * shown, or gone on with if the process that had it is gone. Ctrl-C cancels it; SIGTERM leaves it to another process.
 * @returns the exit code
 */
export async function runOperation(databaseUrl: string, call: OperationCall, terminal: Terminal): Promise<number> {
  const names = readModels.map(({ name }) => name);
  if (!names.includes(call.projection)) {
    throw new StartError(`There is no projection ${call.projection}: it is one of ${names.join(', ')}.`);
  }
  const database = new OwnerDatabase(databaseUrl);
  const stop = new AbortController();
  process.once('SIGTERM', () => stop.abort());
  try {
    const runner = new OperationRunner(database, readModels, call.lanes);
    const { operationId } = await begin(runner, call);
    const onInterrupt = () => void runner.operations.cancel(operationId).catch(() => undefined);
    process.on('SIGINT', onInterrupt);
    const ended = new AbortController();
    const [operation] = await Promise.all([
      finish(runner, operationId, stop.signal).finally(() => ended.abort()),
      show(runner, operationId, terminal, ended.signal),
    ]);
    return report(operation, terminal);
  } finally {
    await database.close();
  }
}

async function begin({ operations }: OperationRunner, call: OperationCall): Promise<OperationView> {
  const { kind, projection, parameters } = call;
  const created = await operations.create({ operationId: newId(), kind, projection, parameters });
  const found = created ?? (await operations.active(projection));
  if (!found) return begin({ operations } as OperationRunner, call);
  if (found.kind !== kind) {
    throw new StartError(`${found.kind} of ${projection} is under way: wait for it, or cancel ${found.operationId}.`);
  }
  return found;
}

/** Until it has ended, here or in the process that has it; or until this process is to stop. */
async function finish(runner: OperationRunner, operationId: string, stop: AbortSignal): Promise<OperationView> {
  for (;;) {
    await runner.runOne(stop, operationId);
    const operation = await runner.operations.one(operationId);
    if (!operation) throw new StartError(`The operation ${operationId} is gone.`);
    const hasEnded = operation.status !== 'waiting' && operation.status !== 'running';
    if (hasEnded || stop.aborted) return operation;
    await setTimeout(interval, undefined, { signal: stop }).catch(() => undefined);
  }
}

async function show(runner: OperationRunner, operationId: string, terminal: Terminal, end: AbortSignal): Promise<void> {
  while (!end.aborted) {
    await setTimeout(interval, undefined, { signal: end }).catch(() => undefined);
    const operation = end.aborted ? undefined : await runner.operations.one(operationId).catch(() => undefined);
    if (operation?.status === 'running') terminal.progress(operation.progress);
  }
}

function report(operation: OperationView, terminal: Terminal): number {
  const { kind, projection, status, problem, result } = operation;
  const name = `${kind} ${projection}`;
  const words: Record<typeof status, string> = {
    waiting: `${name} is left as it is: another process goes on with it`,
    running: `${name} is left as it is: another process goes on with it`,
    succeeded: `${name}: done ${JSON.stringify(result)}`,
    cancelled: `${name}: cancelled`,
    failed: `${name}: ${problem}`,
  };
  terminal.result(operation, words[status]);
  if (status === 'succeeded') return exitCodes.done;
  if (status === 'cancelled') return exitCodes.cancelled;
  return status === 'failed' && result && 'mismatches' in result ? exitCodes.differs : exitCodes.failed;
}
