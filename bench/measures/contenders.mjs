import { join } from 'node:path';
import { createLogDatabase } from '../floors/floor-servers.mjs';
import { poolSize } from '../workbench.mjs';

/** @typedef {import('../workbench.mjs').Workbench} Workbench */
/** @typedef {import('../rounds.mjs').Contender} Contender */

/**
 * Servers under the same load from one process.
 *
 * @param {Workbench} workbench
 * @param {Omit<import('../load.mjs').Plan, 'port'>} plan
 * @param {Record<string, { port: number, pid: number | undefined, settle?: () => Promise<void> }>} servers by name
 * @returns {Promise<Contender[]>}
 */
export async function underLoad(workbench, plan, servers) {
  const load = workbench.start('the load', join(import.meta.dirname, '../load.mjs'));
  await load.ready();
  return Object.entries(servers).map(([name, { port, pid, settle }]) => {
    return { name, pid, settle, run: (seconds) => load.run({ seconds, plan: { ...plan, port } }) };
  });
}

/**
 * The floor under an append.
 *
 * @param {Workbench} workbench
 * @param {number} concurrency
 */
export async function pgInsertLoop(workbench, concurrency) {
  return loopOn(workbench, 'pg_insert_loop', 'pg-insert-loop.mjs', await createLogDatabase(workbench), concurrency);
}

/**
 * @param {Workbench} workbench
 * @param {number} concurrency
 */
export async function emmettAppend(workbench, concurrency) {
  return loopOn(workbench, 'emmett_append', 'emmett-append.mjs', await workbench.createDatabase(), concurrency);
}

/**
 * A loop on a database, in a process of its own.
 *
 * @param {Workbench} workbench
 * @param {string} name
 * @param {string} file in floors/
 * @param {string} databaseUrl
 * @param {number} concurrency
 * @returns {Promise<Contender>}
 */
async function loopOn(workbench, name, file, databaseUrl, concurrency) {
  const path = join(import.meta.dirname, '../floors', file);
  const child = workbench.start(name, path, { DATABASE_URL: databaseUrl, POOL_SIZE: String(poolSize) });
  await child.ready();
  return { name, pid: child.pid, run: (seconds) => child.run({ seconds, concurrency }) };
}
