import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { expect, test } from 'vitest';
import { faultGround } from '../support/fault-ground.js';
import { Load } from '../support/fault-load.js';
import { checkHistory } from '../support/history-check.js';

const ground = faultGround();

/** Ends the connection of a writer, of a worker or of the watermark's leader, in the middle of whatever it does. */
const killOne = `select pg_terminate_backend(pid) as killed from (select pid from pg_stat_activity
  where datname = current_database() and application_name in ('specline', 'specline-workers')
  order by (state = 'active') desc, random() limit 1) one`;

test('backends that are killed under load cost no write, and nobody is told of one twice', async () => {
  const service = await ground.start();
  const load = new Load(() => service.url);
  const admin = new pg.Client({ connectionString: ground.databaseUrl });
  admin.on('error', () => undefined);
  await admin.connect();
  const owned = async () => (await admin.query(`select from specline.checkpoint where owner is not null`)).rowCount;
  await expect.poll(owned, { timeout: 20_000 }).toBeGreaterThanOrEqual(4);
  let killed = 0;
  let writing = true;
  const killing = (async () => {
    while (writing) {
      killed += (await admin.query(killOne)).rows.length;
      await setTimeout(10 + Math.random() * 60);
    }
  })();
  load.pause = 10;
  await load.run(1_200);
  writing = false;
  await killing;
  await admin.end();

  expect((await load.repeat()).slice(0, 5)).toEqual([]);
  const { findings, checked } = await checkHistory(ground.databaseUrl, load.writes);
  expect(findings.slice(0, 20)).toEqual([]);
  expect(load.wrongAnswers()).toEqual([]);
  expect(killed).toBeGreaterThan(10);
  process.stderr.write(`killed backends: ${killed}, ${JSON.stringify(load.answers)}, ${JSON.stringify(checked)}\n`);
});
