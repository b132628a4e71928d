import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startTimeOf } from './process-table.js';
import { StartError } from './start-error.js';

/**
 * Where the PostgreSQL that a service runs on a data directory can be reached, for another process of this machine.
 * @throws StartError when none runs there
 */
export async function runningLocalPostgres(dataDir: string): Promise<string> {
  const read = (...path: string[]) => readFile(join(dataDir, ...path), 'utf8').catch(() => '');
  // postmaster.pid: the process id, the data, when it started, the port.
  const [pid, , , port] = (await read('postgres', 'postmaster.pid')).split('\n');
  const password = (await read('postgres-password')).trim();
  if (!port || !password || startTimeOf(Number(pid)) === undefined) {
    throw new StartError(`No Specline runs on the data directory ${dataDir}: start it, or set DATABASE_URL.`);
  }
  return `postgres://postgres:${password}@127.0.0.1:${port}/postgres?sslmode=disable`;
}
