import { discard, beginLoad, finishLoad, load } from './rebuild-load.js';
import { swap } from './rebuild-swap.js';
import { dropBeside } from './rebuild-tables.js';
import type { Verification } from './rebuild-verify.js';
import { tellMismatch, verify } from './rebuild-verify.js';
import type { RebuildWork } from './rebuild-work.js';
import { generationAt, OperationRefused } from './rebuild-work.js';

/** The tables are not what history says. */
export class VerificationFailed extends Error {
  override readonly name = 'VerificationFailed';

  constructor(readonly verification: Verification) {
    const [first, ...others] = verification.mismatches;
    super(first ? `${tellMismatch(first)}${others.length > 0 ? `; and ${others.length} more` : ''}` : '');
  }
}

/**
 * Fills new tables beside the live ones from history, compares them with a second fold and, unless told otherwise, puts
 * them live. An operation that was ended in the middle goes on where it was.
 *
 * @param sample per cent of the streams that are folded a second time
 * @throws VerificationFailed naming a row that differs: the live tables stay, and so do the others, to be looked at
 */
export async function rebuild(
  work: RebuildWork,
  { sample = 100, swap: swapping = true }: { sample?: number; swap?: boolean },
): Promise<object> {
  work.meter.begin('begin');
  const generation = await beginLoad(work);
  if (generation.phase === 'load') await load(work, generation);
  if (generation.phase !== 'ready') await finishLoad(work);
  // A run that was ended in the middle of the swap has compared everything before.
  const { rows, events } = generation.verified ? { ...generation, rows: null } : await verifyNext(work, sample);
  const swapped = swapping ? { swapped: true, ...(await swap(work, 'next')) } : { swapped: false };
  return { events, rows, ...swapped, phases: work.meter.report() };
}

/** Puts tables live that a rebuild has left ready; compares them first if that was not done. */
export async function swapNext(work: RebuildWork): Promise<object> {
  const { database, model, operationId } = work;
  const generation = await database.connected((client) => generationAt(client, model, 'next'));
  if (generation?.phase !== 'ready') throw new OperationRefused(`No tables of ${model.name} are ready to be swapped.`);
  await database.query(`update specline.rebuild set operation_id = $2 where projection = $1 and place = 'next'`, [
    model.name,
    operationId,
  ]);
  if (!generation.verified) await verifyNext(work, 100);
  return swap(work, 'next');
}

/** Puts the tables live that were live before the last swap, with everything that happened since. */
export async function rollback(work: RebuildWork): Promise<object> {
  const { database, model } = work;
  if (!(await database.connected((client) => generationAt(client, model, 'previous')))) {
    throw new OperationRefused(`There are no earlier tables of ${model.name} to go back to.`);
  }
  return swap(work, 'previous');
}

/** Compares the live tables with history. */
export async function verifyLive(work: RebuildWork, { sample = 100 }: { sample?: number }): Promise<object> {
  const verification = await verify(work, 'live', sample);
  if (verification.mismatches.length > 0) throw new VerificationFailed(verification);
  return { events: verification.events, rows: verification.rows };
}

/** Removes the tables that stand beside the live ones: those of a rebuild, and those before the last swap. */
export async function discardTables({ database, model }: RebuildWork, { previous = false }): Promise<object> {
  return database.transaction(async (client) => {
    await discard(client, model);
    if (previous) {
      await dropBeside(client, model.tables, 'previous');
      await client.query(`delete from specline.rebuild where projection = $1`, [model.name]);
    }
    return { discarded: previous ? ['next', 'previous'] : ['next'] };
  });
}

async function verifyNext(work: RebuildWork, sample: number): Promise<Verification> {
  const verification = await verify(work, 'next', sample);
  if (verification.mismatches.length > 0) throw new VerificationFailed(verification);
  await work.database.query(
    `update specline.rebuild set verified = true where projection = $1 and place = 'next' and operation_id = $2`,
    [work.model.name, work.operationId],
  );
  return verification;
}
