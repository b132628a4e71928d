import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { masterKeyOf } from '../src/master-key.js';
import { readConfig } from '../src/config.js';
import { runOn } from './support/service.js';

const database = `t_${randomUUID().replaceAll('-', '')}`;
let dataDir: string;
let databaseUrl: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'specline-key-'));
  await runOn(inject('postgresUrl'), `create database ${database} template specline_template`);
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${database}`;
  databaseUrl = url.href;
});

afterEach(async () => {
  await rm(dataDir, { recursive: true });
  await runOn(inject('postgresUrl'), `drop database ${database} with (force)`);
});

const keyFrom = (masterKey?: Buffer) => masterKeyOf({ masterKey, dataDir }, databaseUrl);
const file = () => join(dataDir, 'master.key');

test('the first start makes a key that only its owner can read, and every later start finds it', async () => {
  const [first, second] = await Promise.all([keyFrom(), keyFrom()]);
  expect(first).toHaveLength(32);
  expect(second).toEqual(first);
  expect(await keyFrom()).toEqual(first);
  expect((await stat(file())).mode & 0o777).toBe(0o600);
  expect(await readdir(dataDir)).toEqual(['master.key']);
  expect(readConfig({ SPECLINE_MASTER_KEY: (await readFile(file(), 'utf8')).trim() }).masterKey).toEqual(first);
});

test('a key that is set is used, and kept in no file', async () => {
  const key = randomBytes(32);
  expect(await keyFrom(key)).toEqual(key);
  expect(await readdir(dataDir)).toEqual([]);
});

test('a database is refused under another key than its own, and without any', async () => {
  const key = await keyFrom();
  await expect(keyFrom(randomBytes(32))).rejects.toThrow(/under another master key than SPECLINE_MASTER_KEY/);
  await writeFile(file(), randomBytes(32).toString('base64'));
  await expect(keyFrom()).rejects.toThrow(/under another master key than .*master\.key/);
  await writeFile(file(), 'no key');
  await expect(keyFrom()).rejects.toThrow(/holds no master key/);
  await rm(file());
  await expect(keyFrom()).rejects.toThrow(/a master key that is not here/);
  expect(await readdir(dataDir)).toEqual([]);
  expect(await keyFrom(key)).toEqual(key);
});

test('a setting that is no key is refused', () => {
  for (const value of ['short', 'A'.repeat(44), `${'A'.repeat(42)}B=`, randomBytes(31).toString('base64')]) {
    expect(() => readConfig({ SPECLINE_MASTER_KEY: value })).toThrow(/SPECLINE_MASTER_KEY must be 32 bytes as base64/);
  }
});
