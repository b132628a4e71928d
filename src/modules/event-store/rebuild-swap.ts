import { setTimeout } from 'node:timers/promises';
import { positionNow } from './final-position.js';
import { CatchUp, TooManyChanges } from './rebuild-catch-up.js';
import type { Place } from './rebuild-tables.js';
import { dropBeside, exchange, shapeProblem, tableAt } from './rebuild-tables.js';
import type { RebuildWork } from './rebuild-work.js';
import { OperationRefused, Superseded } from './rebuild-work.js';

/** Streams that may be left for the moment in which writers wait, and how often to try to get there. */
const few = { streams: 100, rounds: 20 };
/** Milliseconds: for how long one attempt may hold writers off, and how long to go on trying. */
const patience = { attempt: 5_000, all: 120_000 };

const forget = `delete from specline.rebuild where projection = $1 and (place = $2 or place = 'previous')`;
const remember = `insert into specline.rebuild (projection, place, operation_id, code_version, phase, position, events, verified)
  values ($1, 'previous', $2, '', 'ready', $3, 0, true)`;

/**
 * Puts the tables of a place live and keeps those that were live at `previous`. In one short transaction appends are
 * held off, the streams that changed since the last round are folded, and the tables change their names. Who reads or
 * writes meanwhile waits for a moment and finds the other tables by the same names.
 *
 * @throws OperationRefused when the tables do not fit each other, or somebody never lets go of them
 */
export async function swap(work: RebuildWork, place: Place): Promise<{ position: number; attempts: number }> {
  const { database, model, meter, signal } = work;
  meter.begin('swap');
  const problem = await database.connected((client) => shapeProblem(client, model.tables, place));
  if (problem) throw new OperationRefused(`${problem}.`);
  const catchUp = new CatchUp(work, place);
  const deadline = performance.now() + patience.all;
  for (let attempts = 1; ; attempts++) {
    signal.throwIfAborted();
    let changed = await catchUp.round();
    for (let round = 1; changed > few.streams && round < few.rounds; round++) changed = await catchUp.round();
    try {
      return { position: await catchUp.undone(() => attempt(work, place, catchUp, attempts)), attempts };
    } catch (error) {
      if (!isWorthAnotherTry(error)) throw error;
      if (performance.now() > deadline) {
        throw new OperationRefused(
          `After ${attempts} attempts the tables are still in use: ${(error as Error).message}.`,
        );
      }
      await setTimeout(Math.min(1_000, 50 * attempts));
    }
  }
}

/** @returns the last position of history at that moment */
async function attempt(work: RebuildWork, place: Place, catchUp: CatchUp, number: number): Promise<number> {
  const { database, model, operationId } = work;
  const first = number % model.tables.length;
  const order = [...model.tables.slice(first), ...model.tables.slice(0, first)];
  return database.transaction(async (client) => {
    const wait = (milliseconds: number) => client.query(`set local lock_timeout = ${milliseconds}`);
    await client.query(`set local statement_timeout = ${patience.attempt}; set local synchronous_commit = on`);
    const renames = await exchange(client, model.tables, place);
    await wait(Math.min(2_000, 250 * number));
    // Appenders in flight hold it shared; from here on no position is given out.
    await client.query('select pg_advisory_xact_lock(7311, 0)');
    const position = await positionNow(client);
    await catchUp.last(client, position, 10 * few.streams);
    for (const [at, table] of order.entries()) {
      // While nothing is held it is safe to wait: longer than deadlock_timeout (1 s), after which an autovacuum gives way.
      // Holding one table and waiting for another could be a deadlock with a reader of both: we give up before it is.
      await wait(at === 0 ? Math.min(1_500, 250 * number) : 250);
      await client.query(`lock table ${tableAt(table, 'live')} in access exclusive mode`);
    }
    if (place === 'next') await dropBeside(client, model.tables, 'previous');
    await client.query(renames);
    const { rowCount } = await client.query(forget, [model.name, place]);
    if (rowCount === 0) throw new Superseded();
    await client.query(remember, [model.name, operationId, position]);
    return position;
  });
}

/** lock_not_available, deadlock_detected, query_canceled by the statement's timeout; or too much to do. */
const isWorthAnotherTry = (error: unknown): boolean =>
  error instanceof TooManyChanges || ['55P03', '40P01', '57014'].includes((error as { code?: string }).code ?? '');
