import { execFileSync } from 'node:child_process';
import { chown, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FaultPostgres } from './fault-postgres.js';
import { startPostgres } from './fault-postgres.js';
import { runOn } from './service.js';

/** A file system in memory that is full when the test says so, with a database on it. */
export type SmallDisk = { url: string; fill(): Promise<void>; empty(): Promise<void>; drop(): Promise<void> };

/**
 * Makes a PostgreSQL server with a database in a tablespace on a file system of its own.
 * @returns nothing where no file system may be mounted
 */
export async function smallDisk(megabytes: number): Promise<SmallDisk | undefined> {
  const postgres = await startPostgres();
  const disk = join(postgres.folder, 'disk');
  await mkdir(disk);
  if (!mount(disk, megabytes)) {
    await postgres.drop();
    return undefined;
  }
  const filler = join(disk, 'filler');
  return {
    url: await databaseOn(postgres, disk),
    // Until the system says that there is no more room.
    fill: async () => {
      for (const piece of [1 << 20, 1 << 12]) {
        const write = () => writeFile(filler, Buffer.alloc(piece), { flag: 'a' }).then(() => true, isFull);
        while (await write());
      }
    },
    empty: () => rm(filler, { force: true }),
    drop: async () => {
      await rm(filler, { force: true });
      await runOn(postgres.url, 'drop database small with (force)');
      await runOn(postgres.url, 'drop tablespace small');
      execFileSync('umount', [disk]);
      await postgres.drop();
    },
  };
}

function mount(folder: string, megabytes: number): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'none', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function isFull(error: unknown): false {
  if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  return false;
}

/** The log stays elsewhere: a server that cannot write that goes down as a whole, which is another fault. */
async function databaseOn({ url, folder }: FaultPostgres, disk: string): Promise<string> {
  const place = join(disk, 'tablespace');
  await mkdir(place);
  const { uid, gid } = await stat(join(folder, 'postgres'));
  await chown(place, uid, gid);
  await runOn(url, `create tablespace small location '${place}'`);
  await runOn(url, 'create database small template postgres tablespace small');
  const made = new URL(url);
  made.pathname = '/small';
  return made.href;
}
