import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { masterKey, operatorKey } from './service.js';

/** The organization that the first of the processes makes, and its key. */
export const organizationId = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b22';
export const apiKey = 'key-of-the-fault-harness';

/** The built service in a process of its own, with a subscription `recorder` that writes down all of history. */
export type ServiceProcess = {
  url: string;
  output: () => string;
  /** Sends a signal: SIGKILL, SIGSTOP, SIGCONT. */
  signal: (name: NodeJS.Signals) => void;
  /** Ends it and waits for that. */
  end: (name?: NodeJS.Signals) => Promise<void>;
};

const main = 'dist/src/main.js';
const preload = new URL('fault-preload.mjs', import.meta.url).href;

/**
 * Starts a process on a database and waits until it answers.
 * @param clock by how many milliseconds its clock is wrong
 * @param settings more of its environment
 */
export async function startProcess(
  databaseUrl: string,
  { clock = 0, settings = {} }: { clock?: number; settings?: Record<string, string> } = {},
): Promise<ServiceProcess> {
  if (!existsSync(main)) throw new Error(`there is no ${main}: npm test builds it`);
  const env = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    HOST: '127.0.0.1',
    PORT: '0',
    SPECLINE_DATA_DIR: tmpdir(),
    SPECLINE_MASTER_KEY: masterKey.toString('base64'),
    SPECLINE_OPERATOR_KEY: operatorKey,
    SPECLINE_BOOTSTRAP_ORGANIZATION_ID: organizationId,
    SPECLINE_BOOTSTRAP_API_KEY: apiKey,
    SPECLINE_TEST_CLOCK: String(clock),
    ...settings,
  };
  const child = spawn(process.execPath, ['--import', preload, main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  const collect = (chunk: Buffer) => (text = (text + chunk.toString()).slice(-20_000));
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  let asked = false;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  // What made it end by itself is the first thing to know when a test fails.
  void ended.then(() => asked || process.stderr.write(`the service ended by itself: ${text}\n`));
  const end = async (name: NodeJS.Signals = 'SIGKILL') => {
    asked = true;
    child.kill(name);
    // A stopped process takes no other signal than these.
    if (name !== 'SIGKILL') child.kill('SIGCONT');
    await ended;
  };
  return { url: await urlOf(child, () => text), output: () => text, signal: (name) => child.kill(name), end };
}

async function urlOf(child: ChildProcess, output: () => string): Promise<string> {
  for (let waited = 0; waited < 60_000 && child.exitCode === null && child.signalCode === null; waited += 20) {
    const url = /listens on (http:\S+)/.exec(output())?.[1];
    if (url) return url;
    await setTimeout(20);
  }
  child.kill('SIGKILL');
  throw new Error(`the service did not start: ${output()}`);
}
