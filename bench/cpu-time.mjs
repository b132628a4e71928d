import { readFileSync } from 'node:fs';

/**
 * The processor time that a process has used so far. On a busy machine it says more than a rate does.
 *
 * @param {number | undefined} pid
 * @returns {number | undefined} seconds, in hundredths; nothing where there is no /proc
 */
export function cpuSeconds(pid) {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces; user and system time are the 14th and 15th field of the whole.
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return undefined;
  }
}
