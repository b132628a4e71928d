import { expect, test } from 'vitest';
import { faultGround } from '../support/fault-ground.js';
import { Load } from '../support/fault-load.js';
import type { FaultPostgres } from '../support/fault-postgres.js';
import { startPostgres } from '../support/fault-postgres.js';
import { checkHistory } from '../support/history-check.js';

const total = 800;
const crashes = 2;
let postgres: FaultPostgres;
const ground = faultGround(async () => (postgres = await startPostgres()));

test('PostgreSQL crashes under load and recovers: what was acknowledged is there, and everything goes on', async () => {
  const services = [await ground.start(), await ground.start()];
  let turn = 0;
  const load = new Load(() => services[turn++ % services.length]?.url ?? '');
  let crashed = 0;
  let crashing = Promise.resolve();
  load.onAcknowledged = () => {
    if (crashed === crashes || load.acknowledged < ((crashed + 0.5) * total) / crashes) return;
    crashed++;
    crashing = postgres.crash();
  };
  await load.run(total);
  await crashing;

  expect((await load.repeat()).slice(0, 5)).toEqual([]);
  const { findings, checked } = await checkHistory(ground.databaseUrl, load.writes);
  expect(findings.slice(0, 20)).toEqual([]);
  expect(load.wrongAnswers()).toEqual([]);
  expect(load.answers['503']).toBeGreaterThan(0);
  expect(crashed).toBe(crashes);
  process.stderr.write(
    `database restart: ${crashed} crashes, ${JSON.stringify(load.answers)}, ${JSON.stringify(checked)}\n`,
  );
});
