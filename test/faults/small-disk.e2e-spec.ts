import { afterAll, beforeAll, expect, test } from 'vitest';
import { Load } from '../support/fault-load.js';
import type { ServiceProcess } from '../support/fault-process.js';
import { startProcess } from '../support/fault-process.js';
import { checkHistory } from '../support/history-check.js';
import type { SmallDisk } from '../support/small-disk.js';
import { smallDisk } from '../support/small-disk.js';

let disk: SmallDisk | undefined;
let service: ServiceProcess | undefined;

beforeAll(async () => {
  disk = await smallDisk(48);
  if (disk) service = await startProcess(disk.url);
  else process.stderr.write('No file system may be mounted here: a disk that is really full is left out.\n');
});
afterAll(async () => {
  await service?.end();
  await disk?.drop();
});

test('a disk that is really full is answered with 503; with room again everything goes on', async ({ skip }) => {
  if (!disk || !service) return skip();
  const { url } = service;
  const load = new Load(() => url);
  load.pause = 10;
  await load.run(50);
  const running = load.run(100_000);
  const refusals = () => load.answers['503'] ?? 0;
  let periods = 0;
  for (; periods < 3; periods++) {
    const before = refusals();
    await disk.fill();
    await expect.poll(refusals, { timeout: 30_000 }).toBeGreaterThan(before + 20);
    const acknowledged = load.acknowledged;
    await disk.empty();
    await expect.poll(() => load.acknowledged, { timeout: 30_000 }).toBeGreaterThan(acknowledged + 200);
  }
  load.stop();
  await running;

  expect((await load.repeat()).slice(0, 5)).toEqual([]);
  const { findings, checked } = await checkHistory(disk.url, load.writes);
  expect(findings.slice(0, 20)).toEqual([]);
  expect(load.wrongAnswers()).toEqual([]);
  process.stderr.write(
    `small disk: full ${periods} times, ${JSON.stringify(load.answers)}, ${JSON.stringify(checked)}\n`,
  );
});
