import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Installs the bench's own packages where they are missing or older than the lock file.
 *
 * @throws {Error} when npm fails
 */
export function ensureInstalled() {
  const folder = import.meta.dirname;
  const installed = join(folder, 'node_modules/.package-lock.json');
  const wanted = join(folder, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs) return;
  // Its output goes to stderr: stdout carries measurements only.
  const { status } = spawnSync('npm', ['ci'], { cwd: folder, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error('npm ci failed in bench/');
}
