import { test } from 'vitest';
import { restore } from '../support/dump.js';
import { faultGround } from '../support/fault-ground.js';
import { Load } from '../support/fault-load.js';
import { startProcess } from '../support/fault-process.js';
import { startPostgres } from '../support/fault-postgres.js';
import { dumpUnderLoad, goOn } from '../support/restored-load.js';

const ground = faultGround();

test('a dump that was taken under load goes on in a fresh server: watermark, subscriptions and chains', async () => {
  const before = await ground.start();
  const load = new Load(() => before.url);
  const { taken, sure } = await dumpUnderLoad(ground.databaseUrl, load);
  await before.end();

  const fresh = await startPostgres();
  await restore(taken, fresh.url);
  const after = await startProcess(fresh.url);
  const counts = await goOn(fresh.url, load, () => after.url, sure);
  process.stderr.write(`dump and restore: ${counts}\n`);
  await after.end();
  await fresh.drop();
});
