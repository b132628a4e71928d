import { inject, test } from 'vitest';
import { restore } from '../support/dump.js';
import { faultGround, newDatabase } from '../support/fault-ground.js';
import { Load } from '../support/fault-load.js';
import { dumpUnderLoad, goOn } from '../support/restored-load.js';
import { runOn } from '../support/service.js';

const ground = faultGround();

test('a database that was restored to an earlier time is taken as it is by processes that remember a later one', async () => {
  const services = [await ground.start(), await ground.start()];
  let turn = 0;
  const target = () => services[turn++ % services.length]?.url ?? '';
  const load = new Load(target);
  const { taken, sure } = await dumpUnderLoad(ground.databaseUrl, load);

  const server = inject('postgresUrl');
  const restored = await newDatabase(server);
  await restore(taken, restored);
  const name = new URL(ground.databaseUrl).pathname.slice(1);
  const gone = `${name}_gone`;
  await runOn(server, `alter database ${name} allow_connections false`);
  await runOn(server, `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '${name}'`);
  await runOn(server, `alter database ${name} rename to ${gone}`);
  await runOn(server, `alter database ${new URL(restored).pathname.slice(1)} rename to ${name}`);
  await runOn(server, `drop database ${gone} with (force)`);
  const counts = await goOn(ground.databaseUrl, load, target, sure);
  process.stderr.write(`restored under running processes: ${counts}\n`);
});
