import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import type { Account } from './local-postgres-account.js';
import { commandLineOf, startTimeOf } from './process-table.js';
import { StartError } from './start-error.js';

/** How a server is started. */
export type ServerPlan = {
  binaries: string;
  data: string;
  account: Account;
  port: number;
  url: string;
  settings: readonly string[];
};

/** A server that answers, until it has ended. */
export type Server = { pid: number; ended: Promise<void>; stop: () => Promise<void> };

const longest = { answer: 120_000, shutdown: 20_000 };

/**
 * Starts a server and waits until it answers; recovery after a crash is part of that.
 * @throws StartError with what the server said last when it does not come up; the signal's reason when that aborts
 */
export async function launch(plan: ServerPlan, signal?: AbortSignal): Promise<Server> {
  const { binaries, data, account, port, settings } = plan;
  const flags = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', ...settings].flatMap((one) => ['-c', one]);
  // A process group of its own: Ctrl-C in the terminal reaches us, and we stop the server when our work is done.
  const server = spawn(join(binaries, 'postgres'), ['-D', data, '-p', String(port), ...flags], {
    ...account,
    cwd: '/',
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  server.stderr.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-4000)));
  const ended = Promise.race([once(server, 'exit'), once(server, 'error').then(([error]) => (log += String(error)))]);
  const stop = async () => {
    server.ref();
    server.kill('SIGINT');
    const hurry = new AbortController();
    const slow = setTimeout(longest.shutdown, undefined, { signal: hurry.signal }).then(() => server.kill('SIGQUIT'));
    await Promise.all([ended.finally(() => hurry.abort()), slow.catch(() => undefined)]);
  };
  try {
    await untilItAnswers(plan.url, ended, signal);
  } catch (error) {
    await stop();
    throw error instanceof StartError ? new StartError(`${error.message}: ${lastFailure(log)}`) : error;
  }
  server.unref();
  (server.stderr as unknown as { unref(): void }).unref();
  return { pid: server.pid ?? 0, ended: ended.then(() => undefined), stop };
}

async function untilItAnswers(url: string, ended: Promise<unknown>, signal?: AbortSignal): Promise<void> {
  let running = true;
  void ended.then(() => (running = false));
  for (const deadline = Date.now() + longest.answer; running && Date.now() < deadline; await setTimeout(50)) {
    signal?.throwIfAborted();
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined);
    const answers = await client.connect().then(
      () => true,
      () => false,
    );
    void client.end().catch(() => undefined);
    if (answers) return;
  }
  throw new StartError('PostgreSQL does not start');
}

/**
 * Ends a server that a killed process left behind: it holds the data, and nobody would ever stop it. Call it with the
 * data directory claimed, so that it is nobody else's.
 */
export async function stopLeftover(data: string): Promise<void> {
  const pidFile = join(data, 'postmaster.pid');
  const pid = Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0]);
  if (!(pid > 0)) return;
  const started = startTimeOf(pid);
  if (started === undefined) return;
  if (!commandLineOf(pid)?.includes(`postgres -D ${data}`)) {
    // Another process has that id by now, and PostgreSQL might take it for itself and refuse to start.
    await rm(pidFile, { force: true });
    return;
  }
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    process.kill(pid, signal);
    for (const deadline = Date.now() + longest.shutdown; Date.now() < deadline; await setTimeout(50)) {
      if (startTimeOf(pid) !== started) return;
    }
  }
}

/**
 * A free port below those that systems give to outgoing connections: nobody gets it by chance while the server restarts,
 * and a client that tries it meanwhile cannot reach itself.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const probe = createServer().listen(port, '127.0.0.1');
    const free = await once(probe, 'listening').then(
      () => true,
      () => false,
    );
    if (!free) continue;
    probe.close();
    await once(probe, 'close');
    return port;
  }
  throw new StartError('There is no free port on 127.0.0.1 for PostgreSQL.');
}

function lastFailure(log: string): string {
  const failures = log.split('\n').filter((line) => /\b(?:FATAL|PANIC|ERROR): /.test(line));
  return failures.at(-1)?.replace(/^.*?(?=FATAL|PANIC|ERROR)/, '') ?? (log.trim().slice(-300) || 'it says nothing');
}
