import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { appendTo, connectAppender, newPlace } from './support/append-sql.js';
import { newDatabase } from './support/database.js';
import { masterKey } from './support/service.js';
import { eventually } from './support/workers.js';

const database = newDatabase();
const main = 'dist/src/main.js';
const running: ChildProcess[] = [];
let dataDir: string;
let writer: pg.Client;

beforeAll(async () => {
  if (!existsSync(main)) throw new Error(`there is no ${main}: npm test builds it`);
  dataDir = await mkdtemp(join(tmpdir(), 'specline-paused-'));
  writer = await connectAppender(database.url);
});
afterAll(async () => {
  for (const child of running) {
    child.kill('SIGCONT');
    child.kill('SIGKILL');
  }
  await writer.end();
  await rm(dataDir, { recursive: true, force: true });
});

/** A process of the built service; settled once it listens. */
async function start(): Promise<ChildProcess> {
  const settings = { DATABASE_URL: database.url, PORT: '0', HOST: '127.0.0.1', SPECLINE_DATA_DIR: dataDir };
  const env = { ...process.env, ...settings, SPECLINE_MASTER_KEY: masterKey.toString('base64') };
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await eventually(
    () => said,
    (text) => text.includes('listens on') || child.exitCode !== null,
  );
  expect(child.exitCode, said).toBeNull();
  return child;
}

const watermark = async () => {
  const [row] = await database.ask<{ position: number; leader: string }>(
    `select position, leader from specline.watermark`,
  );
  if (!row) throw new Error('there is no watermark');
  return row;
};
const ledger = async () => {
  const [row] = await database.ask<{ position: number; owner: string | null; epoch: number }>(
    `select position, owner, epoch from specline.checkpoint where subscription = 'ledger'`,
  );
  return row ?? { position: 0, owner: null, epoch: 0 };
};

test('a process that is stopped in the lead is replaced, and does no harm when it comes back', async () => {
  const first = await start();
  const append = async () => (await appendTo(writer, newPlace(), 0, 3)).seq;
  const reaches = (seq: number) =>
    eventually(
      async () => [(await watermark()).position, (await ledger()).position],
      (positions) => positions.every((position) => position >= seq),
    );
  await reaches(await append());
  const [led, owned] = [await watermark(), await ledger()];
  await start();

  first.kill('SIGSTOP');
  await reaches(await append());
  const [leads, owns] = [await watermark(), await ledger()];
  expect(leads.leader).not.toBe(led.leader);
  expect(owns.epoch).toBeGreaterThan(owned.epoch);

  first.kill('SIGCONT');
  const positions: number[] = [];
  for (let n = 0; n < 5; n++) {
    await reaches(await append());
    positions.push((await watermark()).position);
  }
  expect(positions).toEqual([...positions].sort((a, b) => a - b));
  expect((await watermark()).leader).toBe(leads.leader);
  expect(first.exitCode).toBeNull();
  const [sealed] = await database.ask(
    `select count(*) as all, count(distinct seq) as different, (select count(*) from specline.event) as stored
      from specline.ledger_entry`,
  );
  expect(sealed).toMatchObject({ all: sealed?.stored, different: sealed?.stored });
});
