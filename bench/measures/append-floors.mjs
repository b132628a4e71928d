import { compare } from '../rounds.mjs';
import { emmettAppend, pgInsertLoop } from './contenders.mjs';

const concurrency = 40;

/**
 * Two of the same loop against each other: how far from 1 the ratio is tells how much noise the run has.
 *
 * @type {import('../measures.mjs').Measure}
 */
export async function measurePgInsertLoop(name, workbench, effort) {
  const subject = await pgInsertLoop(workbench, concurrency);
  const floors = [await pgInsertLoop(workbench, concurrency)];
  await compare({ measure: name, unit: 'appends/s', subject, floors }, effort);
}

/** @type {import('../measures.mjs').Measure} */
export async function measureEmmettAppend(name, workbench, effort) {
  const subject = await emmettAppend(workbench, concurrency);
  const floors = [await pgInsertLoop(workbench, concurrency)];
  await compare({ measure: name, unit: 'appends/s', subject, floors }, effort);
}
