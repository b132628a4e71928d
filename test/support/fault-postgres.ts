import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalPostgres } from '../../src/local-postgres.js';
import { migrate } from '../../src/migrate.js';
import { runOn } from './service.js';
import { diaryTable } from './workers.js';

/** A PostgreSQL server that a test may crash: it comes back by itself, on the same data and port. */
export type FaultPostgres = {
  url: string;
  /** Immediate shutdown: every process of the server is gone at once, and recovery reads the log when it comes back. */
  crash(): Promise<void>;
  /** Where it keeps everything. */
  folder: string;
  drop(): Promise<void>;
};

/** Starts a server of its own, with the schema, and the table that the recording subscription writes to. */
export async function startPostgres(): Promise<FaultPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'specline-fault-'));
  // When root runs the tests, PostgreSQL runs as somebody else, who must get to its data.
  await chmod(folder, 0o711);
  // What a killed process has written is in the system's memory, and stays: fsync is for when the machine goes down.
  const { url, stop } = await startLocalPostgres(folder, ['fsync=off', 'full_page_writes=off']);
  await migrate(url);
  await runOn(url, diaryTable);
  return {
    url,
    folder,
    crash: async () => {
      const [pid] = (await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')).split('\n');
      process.kill(Number(pid), 'SIGQUIT');
    },
    drop: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
