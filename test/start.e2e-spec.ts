import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';

const organizationId = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11';
const apiKey = 'a-key-that-the-test-has-fixed';

/** The built service in a process of its own, on a PostgreSQL of its own: `npm test` builds it first. */
type Started = { process: ChildProcess; url: string; output: () => string; ended: Promise<number | null> };

const main = 'dist/src/main.js';
const running = new Set<ChildProcess>();
let dataDir: string;

beforeAll(async () => {
  if (!existsSync(main)) throw new Error(`there is no ${main}: npm test builds it`);
  dataDir = await mkdtemp(join(tmpdir(), 'specline-start-'));
  // When root runs the tests, PostgreSQL runs as somebody else, who must get to its data.
  await chmod(dataDir, 0o711);
});

afterAll(async () => {
  for (const process of running) process.kill('SIGTERM');
  await rm(dataDir, { recursive: true, force: true });
});

async function start(environment: NodeJS.ProcessEnv = {}, command = [process.execPath, main]): Promise<Started> {
  const fixed = { SPECLINE_BOOTSTRAP_ORGANIZATION_ID: organizationId, SPECLINE_BOOTSTRAP_API_KEY: apiKey };
  const env = { ...process.env, DATABASE_URL: '', PORT: '0', HOST: '127.0.0.1', SPECLINE_DATA_DIR: dataDir, ...fixed };
  const [program = '', ...words] = command;
  const child = spawn(program, words, { env: { ...env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let text = '';
  const collect = (chunk: Buffer) => (text += chunk.toString());
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  void ended.then(() => running.delete(child));
  const output = () => text;
  for (let waited = 0; waited < 300 && running.has(child); waited++) {
    const url = /listens on (http:\S+)/.exec(text)?.[1];
    if (url) return { process: child, url, output, ended };
    await setTimeout(100);
  }
  return { process: child, url: '', output, ended };
}

const specs = (url: string, init: RequestInit = {}) =>
  fetch(`${url}/v1/organizations/${organizationId}/specs`, {
    ...init,
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'text/markdown' },
  });
const count = async (url: string) => ((await (await specs(url)).json()) as { items: object[] }).items.length;
const write = (url: string) => specs(url, { method: 'POST', body: '# A\n\n## TLDR\ntext\n' });

test('the service starts on nothing, and keeps what it answered whatever ends it', async () => {
  const first = await start();
  expect(first.output()).toContain(organizationId);
  expect(first.output()).toContain('curl -sS -X POST');
  expect((await fetch(`${first.url}/health/ready`)).status).toBe(200);
  expect((await write(first.url)).status).toBe(201);

  // A second one on the same data gives way, and does no harm.
  const second = await start();
  expect(await second.ended).toBe(1);
  expect(second.output().trim().split('\n')).toHaveLength(1);
  expect(await count(first.url)).toBe(1);

  first.process.kill('SIGTERM');
  expect(await first.ended).toBe(0);
  expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);

  const third = await start();
  expect(third.output()).not.toContain(apiKey);
  expect((await write(third.url)).status).toBe(201);
  third.process.kill('SIGKILL');
  await third.ended;

  const fourth = await start();
  expect(await count(fourth.url)).toBe(2);
  const [postmaster] = (await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n');
  process.kill(Number(postmaster), 'SIGKILL');
  await expect.poll(async () => (await write(fourth.url)).status, { timeout: 30_000, interval: 200 }).toBe(201);
  expect(await count(fourth.url)).toBe(3);
  fourth.process.kill('SIGINT');
  expect(await fourth.ended).toBe(0);
});

test('a signal to npm reaches the service that it started', async () => {
  const { process: npm, url, ended } = await start({}, ['npm', 'start']);
  expect(await count(url)).toBe(3);
  npm.kill('SIGTERM');
  await ended;
  const answers = () =>
    fetch(`${url}/health/ready`).then(
      () => true,
      () => false,
    );
  await expect.poll(answers, { timeout: 15_000, interval: 100 }).toBe(false);
});

test('a setting that cannot be used ends the start with one line', async () => {
  for (const environment of [
    { PORT: 'http' },
    { SPECLINE_BOOTSTRAP_ORGANIZATION_ID: 'acme' },
    { DATABASE_URL: 'mysql://x' },
  ]) {
    const { output, ended } = await start(environment);
    expect(await ended).toBe(1);
    expect(output().trim().split('\n')).toHaveLength(1);
    expect(output()).toContain(Object.keys(environment)[0]);
  }
});
