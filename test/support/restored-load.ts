import { setTimeout } from 'node:timers/promises';
import { expect, inject } from 'vitest';
import type { Dump } from './dump.js';
import { dump, restore } from './dump.js';
import { newDatabase } from './fault-ground.js';
import { Load } from './fault-load.js';
import { checkHistory } from './history-check.js';
import { runOn } from './service.js';

/** Writes, and takes a dump in the midst of it. @returns the keys that were acknowledged before */
export async function dumpUnderLoad(databaseUrl: string, load: Load): Promise<{ taken: Dump; sure: string[] }> {
  await load.run(250);
  load.creates = false;
  const running = load.run(100_000);
  await setTimeout(300);
  const sure = load.writes.filter(({ answer }) => answer !== undefined).map(({ key }) => key);
  const taken = await dump(databaseUrl);
  await setTimeout(300);
  load.stop();
  await running;
  return { taken, sure };
}

/** Clients send everything again: what the dump holds is answered as it was, the rest is done anew. Then all goes on. */
export async function goOn(databaseUrl: string, earlier: Load, target: () => string, sure: string[]): Promise<string> {
  const load = new Load(target);
  load.specs.push(...earlier.specs);
  load.creates = false;
  const kept = await load.resume(earlier);
  expect(sure.filter((key) => !kept.has(key))).toEqual([]);
  expect(kept.size).toBeLessThan(earlier.writes.length);
  await load.run(250);
  expect((await load.repeat()).slice(0, 5)).toEqual([]);
  const { findings, checked } = await checkHistory(databaseUrl, load.writes);
  expect(findings.slice(0, 80)).toEqual([]);
  expect(load.wrongAnswers()).toEqual([]);
  return `${kept.size} of ${earlier.writes.length} writes in the dump, the others sent again, ${JSON.stringify(checked)}`;
}

/** Puts a dump in the place of a database, as an operator does: under the same name, whoever is connected. */
export async function restoreInPlace(databaseUrl: string, taken: Dump): Promise<void> {
  const server = inject('postgresUrl');
  const restored = await newDatabase(server);
  await restore(taken, restored);
  const name = new URL(databaseUrl).pathname.slice(1);
  const gone = `${name}_gone`;
  await runOn(server, `alter database ${name} allow_connections false`);
  await runOn(server, `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '${name}'`);
  await runOn(server, `alter database ${name} rename to ${gone}`);
  await runOn(server, `alter database ${new URL(restored).pathname.slice(1)} rename to ${name}`);
  await runOn(server, `drop database ${gone} with (force)`);
}
