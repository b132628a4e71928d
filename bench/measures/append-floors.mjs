import { createLogDatabase } from '../floors/floor-servers.mjs';
import { compare } from '../rounds.mjs';
import { poolSize } from '../workbench.mjs';
import { loopOn } from './contenders.mjs';

/** @typedef {import('../workbench.mjs').Workbench} Workbench */

const concurrency = 40;

/**
 * Two of the same loop against each other: how far from 1 the ratio is tells how much noise the run has.
 *
 * @type {import('../measures.mjs').Measure}
 */
export async function measurePgInsertLoop(name, workbench, effort) {
  const [subject, floor] = [await pgInsertLoop(workbench), await pgInsertLoop(workbench)];
  await compare({ measure: name, unit: 'appends/s', subject, floors: [floor] }, effort);
}

/** @type {import('../measures.mjs').Measure} */
export async function measureEmmettAppend(name, workbench, effort) {
  const subject = await emmettAppend(workbench);
  await compare({ measure: name, unit: 'appends/s', subject, floors: [await pgInsertLoop(workbench)] }, effort);
}

/** @param {Workbench} workbench */
async function pgInsertLoop(workbench) {
  const databaseUrl = await createLogDatabase(workbench);
  return loopOn(workbench, { name: 'pg_insert_loop', file: 'pg-insert-loop.mjs', databaseUrl, poolSize, concurrency });
}

/** @param {Workbench} workbench */
async function emmettAppend(workbench) {
  const databaseUrl = await workbench.createDatabase();
  return loopOn(workbench, { name: 'emmett_append', file: 'emmett-append.mjs', databaseUrl, poolSize, concurrency });
}
