import { setTimeout } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Dump } from './dump.js';
import { dump } from './dump.js';
import { Load } from './fault-load.js';
import { checkHistory } from './history-check.js';

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
