import { join } from 'node:path';

/**
 * Servers under the same load from one process.
 *
 * @param {import('../workbench.mjs').Workbench} workbench
 * @param {Omit<import('../load.mjs').Plan, 'port'>} plan
 * @param {Record<string, { port: number, pid: number | undefined }>} servers by name
 * @returns {Promise<import('../rounds.mjs').Contender[]>}
 */
export async function underLoad(workbench, plan, servers) {
  const load = workbench.start('the load', join(import.meta.dirname, '../load.mjs'));
  await load.ready();
  return Object.entries(servers).map(([name, { port, pid }]) => {
    return { name, pid, run: (seconds) => load.run({ seconds, plan: { ...plan, port } }) };
  });
}

/**
 * A loop on a database, in a process of its own.
 *
 * @param {import('../workbench.mjs').Workbench} workbench
 * @param {{ name: string, file: string, databaseUrl: string, poolSize: number, concurrency: number }} loop `file` stands in floors/
 * @returns {Promise<import('../rounds.mjs').Contender>}
 */
export async function loopOn(workbench, { name, file, databaseUrl, poolSize, concurrency }) {
  const path = join(import.meta.dirname, '../floors', file);
  const child = workbench.start(name, path, { DATABASE_URL: databaseUrl, POOL_SIZE: String(poolSize) });
  await child.ready();
  return { name, pid: child.pid, run: (seconds) => child.run({ seconds, concurrency }) };
}
