import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { startTimeOf } from './process-table.js';
import { StartError } from './start-error.js';

/**
 * Takes a data directory for this process: one living process at a time has it. What a process that is gone had claimed
 * counts for nothing.
 * @returns gives the directory back
 * @throws StartError when another process has it
 */
export async function claimDataDirectory(dataDir: string): Promise<() => void> {
  const file = join(dataDir, 'specline.pid');
  const claim = `${process.pid} ${startTimeOf(process.pid)} ${randomBytes(6).toString('hex')}`;
  refuseIfTaken(file, dataDir);
  const draft = `${file}.${claim.split(' ').at(-1)}`;
  writeFileSync(draft, claim);
  renameSync(draft, file);
  // Two that saw it free at the same time both come here: who wrote last has it.
  await setTimeout(100);
  if (holderOf(file) !== claim) return claimDataDirectory(dataDir);
  return () => {
    if (holderOf(file) === claim) rmSync(file, { force: true });
  };
}

function refuseIfTaken(file: string, dataDir: string): void {
  const [pid = '', started] = holderOf(file)?.split(' ') ?? [];
  if (!pid || startTimeOf(Number(pid)) !== started) return;
  throw new StartError(
    `The data directory ${dataDir} is in use by the Specline with the process id ${pid}: stop that one, or set SPECLINE_DATA_DIR to another.`,
  );
}

function holderOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
