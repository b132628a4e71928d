import { expect, test } from 'vitest';
import { dump } from '../support/dump.js';
import { faultGround } from '../support/fault-ground.js';
import { Load } from '../support/fault-load.js';
import { checkHistory } from '../support/history-check.js';
import { dumpUnderLoad, goOn, restoreInPlace } from '../support/restored-load.js';

const ground = faultGround();
const single = faultGround();

test('a database that was restored to an earlier time is taken as it is by processes that remember a later one', async () => {
  const services = [await ground.start(), await ground.start()];
  let turn = 0;
  const target = () => services[turn++ % services.length]?.url ?? '';
  const load = new Load(target);
  const { taken, sure } = await dumpUnderLoad(ground.databaseUrl, load);

  await restoreInPlace(ground.databaseUrl, taken);
  const counts = await goOn(ground.databaseUrl, load, target, sure);
  process.stderr.write(`restored under running processes: ${counts}\n`);
});

test('a stream that has come to the version that a process remembers, by another way, is read anew', async () => {
  const [one, other] = [await single.start(), await single.start()];
  let target = one.url;
  const load = new Load(() => target);
  await load.run(30, 4);
  const [specId = ''] = load.specs;
  const taken = await dump(single.databaseUrl);
  const kept = [...load.writes];
  const edit = async (url: string, times: number) => {
    target = url;
    for (let n = 0; n < times; n++) await load.edit(specId);
  };
  await edit(one.url, 3);
  load.writes.splice(kept.length);
  await restoreInPlace(single.databaseUrl, taken);

  // History is shorter than it was: who is told of it must not wait until it is as long again.
  await edit(other.url, 1);
  expect((await checkHistory(single.databaseUrl, load.writes)).findings).toEqual([]);
  await edit(other.url, 2);
  await edit(one.url, 1);
  expect((await checkHistory(single.databaseUrl, load.writes)).findings).toEqual([]);
});
