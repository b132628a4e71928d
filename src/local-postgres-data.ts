import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, lstat, mkdir, readdir, readFile, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Account } from './local-postgres-account.js';
import { mayEnter } from './local-postgres-account.js';
import { StartError } from './start-error.js';

export type PostgresData = { folder: string; password: string };

/** Where data is kept that the account could not reach in its place. */
const elsewhere = '/var/lib';

/**
 * The data of the local PostgreSQL, made on the first start: `postgres` in the data directory, or a link there to a
 * place that the account may enter. Half-made data of a start that was killed is thrown away.
 */
export async function postgresData(
  dataDir: string,
  binaries: string,
  account: Account,
  signal: AbortSignal | undefined,
): Promise<PostgresData> {
  const link = join(dataDir, 'postgres');
  const passwordFile = join(dataDir, 'postgres-password');
  for (const name of await readdir(dataDir)) if (name.startsWith('postgres.')) await remove(join(dataDir, name));
  if (!(await holdsData(link))) {
    const draft = join(dataDir, `postgres.${randomBytes(6).toString('hex')}`);
    const reachable = !account || (await mayEnter(dataDir));
    const folder = reachable ? draft : join(elsewhere, `specline-${randomBytes(8).toString('hex')}`);
    if (!reachable) await symlink(folder, draft);
    const password = randomBytes(24).toString('hex');
    try {
      await mkdir(folder, { mode: 0o700 });
      if (account) await chown(folder, account.uid, account.gid);
      await initialize(binaries, folder, password, account, signal);
      await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
      await rename(draft, link);
    } catch (error) {
      await remove(draft);
      throw error;
    }
  }
  return { folder: await realpath(link), password: (await readFile(passwordFile, 'utf8')).trim() };
}

async function holdsData(link: string): Promise<boolean> {
  const found = await lstat(link).catch(() => undefined);
  const entries = found && (await readdir(link).catch((error: unknown) => nothingThere(error)));
  if (entries?.includes('PG_VERSION')) return true;
  if (entries?.length) throw new StartError(`${link} holds something else than PostgreSQL's data: move it away.`);
  // A link to nowhere, or an empty folder.
  await rm(link, { recursive: true, force: true });
  return false;
}

function nothingThere(error: unknown): string[] {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
  throw error;
}

/** Removes a draft and, if it is a link, what it leads to. An initdb without a parent may still be writing there. */
async function remove(draft: string): Promise<void> {
  const folder = await realpath(draft).catch(() => draft);
  for (const path of [folder, draft]) await rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}

async function initialize(
  binaries: string,
  folder: string,
  password: string,
  account: Account,
  signal: AbortSignal | undefined,
): Promise<void> {
  const passwordFile = join(tmpdir(), `specline-initdb-${randomBytes(6).toString('hex')}`);
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' });
  try {
    if (account) await chown(passwordFile, account.uid, account.gid);
    const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
    const login = ['--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
    // In a process group of its own: Ctrl-C in the terminal is ours to pass on.
    const initdb = spawn(join(binaries, 'initdb'), [`--pgdata=${folder}`, ...login, ...locale], {
      ...account,
      cwd: '/',
      detached: true,
      signal,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const [said, [status]] = await Promise.all([
      text(initdb.stderr),
      once(initdb, 'close') as Promise<[number | null]>,
    ]);
    if (status !== 0) throw new StartError(`PostgreSQL could not make its data in ${folder}: ${said}`);
  } finally {
    await rm(passwordFile, { force: true });
  }
}
