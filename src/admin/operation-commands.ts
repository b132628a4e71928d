import type { Command } from 'commander';
import { OwnerDatabase } from '../modules/event-store/owner-database.js';
import type { OperationKind, OperationParameters } from '../modules/operations/operations.js';
import { Operations } from '../modules/operations/operations.js';
import { StartError } from '../start-error.js';
import type { Does, Setting } from './command-line.js';
import { exitCodes, uuid, wholeTo } from './command-line.js';
import { runOperation } from './run-operation.js';
import { table } from './terminal.js';

type Options = OperationParameters & { lanes?: number };

/** Side by side in a process that does nothing else: while one is written, the others are read. */
const lanesByDefault = 3;

/** Work on a projection, and what becomes of it. */
export function addOperationCommands(root: Command, does: Does): void {
  const operation = (name: string, kind: OperationKind, description: string) =>
    root
      .command(`${name} <projection>`)
      .description(description)
      .action(
        does(({ databaseUrl, terminal }, projection: string, { lanes = lanesByDefault, ...parameters }: Options) =>
          runOperation(databaseUrl, { kind, projection, parameters, lanes }, terminal),
        ),
      );
  const sample = ['--sample <percent>', 'how many of the streams are folded a second time', wholeTo(100)] as const;
  operation('rebuild', 'projection.rebuild', 'fill new tables from history, verify them and put them live')
    .option('--no-swap', 'leave the new tables beside the live ones')
    .option(...sample)
    .option('--lanes <number>', 'how many shards are loaded side by side', wholeTo(5));
  operation('verify', 'projection.verify', 'compare the live tables with history').option(...sample);
  operation('swap', 'projection.swap', 'put live what rebuild --no-swap left ready');
  operation('rollback', 'projection.rollback', 'put the tables before the last swap live again, brought up to date');
  operation('discard', 'projection.discard', 'remove the tables of a rebuild that is not live').option(
    '--previous',
    'remove the tables before the last swap too',
  );
  root.command('operations').description('the last operations, the newest first').action(does(list));
  root
    .command('cancel')
    .argument('<operationId>', 'of an operation under way', uuid)
    .description('end an operation and remove what it had prepared')
    .action(does(cancel));
}

async function list({ databaseUrl, terminal }: Setting): Promise<number> {
  const items = await withOperations(databaseUrl, (operations) => operations.newest(25));
  const rows = items.map(({ operationId, kind, projection, status, createdAt, problem }) => {
    return { operationId, kind, projection, status, createdAt, problem };
  });
  terminal.result({ operations: items }, table(rows));
  return exitCodes.done;
}

async function cancel({ databaseUrl, terminal }: Setting, operationId: string): Promise<number> {
  const found = await withOperations(databaseUrl, async (operations) => {
    await operations.cancel(operationId);
    return operations.one(operationId);
  });
  if (!found) throw new StartError(`There is no operation ${operationId}.`);
  terminal.result(found, `${found.kind} ${found.projection} is asked to end`);
  return exitCodes.done;
}

async function withOperations<T>(databaseUrl: string, work: (operations: Operations) => Promise<T>): Promise<T> {
  const database = new OwnerDatabase(databaseUrl);
  return work(new Operations(database)).finally(() => database.close());
}
