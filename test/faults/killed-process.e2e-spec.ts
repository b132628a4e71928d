import { expect, test } from 'vitest';
import { faultGround } from '../support/fault-ground.js';
import { Load } from '../support/fault-load.js';
import type { ServiceProcess } from '../support/fault-process.js';
import { checkHistory } from '../support/history-check.js';

const total = 1_000;
const kills = 4;
const ground = faultGround();

test('a process that is killed at random points of 1,000 writes loses none, and doubles none', async () => {
  let service: ServiceProcess = await ground.start();
  const load = new Load(() => service.url);
  const points = Array.from({ length: kills }, () => Math.floor(Math.random() * (total - 100))).sort((a, b) => a - b);
  let restarting: Promise<void> | undefined;
  let killed = 0;
  load.onAcknowledged = () => {
    if (restarting || load.acknowledged < (points[killed] ?? Infinity)) return;
    killed++;
    restarting = service.end('SIGKILL').then(async () => {
      service = await ground.start();
      restarting = undefined;
    });
  };
  await load.run(total);
  await restarting;

  expect((await load.repeat()).slice(0, 5)).toEqual([]);
  const { findings, checked } = await checkHistory(ground.databaseUrl, load.writes);
  expect(findings.slice(0, 20)).toEqual([]);
  expect(load.wrongAnswers()).toEqual([]);
  expect(load.acknowledged).toBeGreaterThanOrEqual(total);
  expect(killed).toBe(kills);
  process.stderr.write(`kill -9: ${killed} kills, ${JSON.stringify(load.answers)}, ${JSON.stringify(checked)}\n`);
});
