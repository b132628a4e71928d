import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When a process started, in whatever the system counts in; with the id it tells one process from a later one with the
 * same id. Undefined when no such process runs.
 */
export function startTimeOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return ask(pid, 'lstart');
  // proc(5): the name in parentheses may hold anything; behind it comes the state, and 19 fields on the start time.
  const fields = readProcess(pid, 'stat')?.replace(/^.*\)/s, '').trim().split(' ');
  // A zombie runs no more, however long its parent takes to notice.
  return fields && !/^[ZX]$/.test(fields[0] ?? '') ? fields[19] : undefined;
}

/** The words a process was started with; undefined when no such process runs. */
export function commandLineOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return ask(pid, 'command');
  return readProcess(pid, 'cmdline')?.replaceAll('\0', ' ').trim() || undefined;
}

function readProcess(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}

function ask(pid: number, column: string): string | undefined {
  const { stdout } = spawnSync('ps', ['-p', String(pid), '-o', `${column}=`], { encoding: 'utf8' });
  return stdout?.trim() || undefined;
}
