import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { masterKey } from './service.js';

export const adminCommand = 'dist/src/admin.js';
if (!existsSync(adminCommand)) throw new Error(`there is no ${adminCommand}: npm test builds it`);

export type AdminOutcome = { code: number | null; out: string; err: string; lines: Record<string, unknown>[] };

/** specline-admin in a process of its own, on a database. `lines` are those of its output, with --json. */
export function startAdmin(
  databaseUrl: string,
  words: readonly string[],
  settings: Record<string, string> = {},
): { child: ChildProcess; ended: Promise<AdminOutcome> } {
  const own = { DATABASE_URL: databaseUrl, SPECLINE_MASTER_KEY: masterKey.toString('base64') };
  const env = { ...process.env, ...own, ...settings };
  const child = spawn(process.execPath, [adminCommand, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const code = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const ended = Promise.all([code, text(child.stdout), text(child.stderr)]).then(([status, out, err]) => {
    const json = words.includes('--json') ? out.split('\n').filter(Boolean) : [];
    return { code: status, out, err, lines: json.map((line) => JSON.parse(line) as Record<string, unknown>) };
  });
  return { child, ended };
}
