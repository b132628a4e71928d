import { isDeepStrictEqual } from 'node:util';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { faultGround } from '../support/fault-ground.js';
import { Load } from '../support/fault-load.js';
import { checkHistory } from '../support/history-check.js';
import { runOn } from '../support/service.js';

const ground = faultGround();

/** Tables of a write, in the order in which it comes to them; then those of background work as well. */
const ofWrites = ['command', 'stream', 'event', 'spec'];
const ofWorkers = ['watermark', 'checkpoint', 'diary', 'spec_section', 'spec_number', 'snapshot'];

/** What a server says that cannot make a file longer (SQLSTATE 53100), for the tables that fault.full names. */
const fullDisk = `
  create schema fault;
  create table fault.full_table (name text);
  create function fault.refuse() returns trigger language plpgsql security definer as $$ begin
    if exists (select from fault.full_table where name = tg_table_name) then
      raise exception 'could not extend file: No space left on device' using errcode = '53100';
    end if;
    return null;
  end $$;
  ${[...ofWrites, ...ofWorkers].map((table) => `create trigger full_disk after insert or update on specline.${table} for each statement execute function fault.refuse();`).join('\n')}`;

test('a full disk is answered with 503 and leaves nothing half-written; with room again everything goes on', async () => {
  await runOn(ground.databaseUrl, fullDisk);
  const service = await ground.start();
  const load = new Load(() => service.url);
  const counts = async () => {
    const tables = [...ofWrites, 'spec_section'].map(
      (table) => `(select count(*) from specline.${table}) as "${table}"`,
    );
    return (await runOn(ground.databaseUrl, `select ${tables.join()}`)).rows[0];
  };
  const standsStill = async () => {
    const before = await counts();
    await setTimeout(100);
    return isDeepStrictEqual(await counts(), before);
  };
  const fill = async (tables: readonly string[]) => {
    const values = tables.map((table) => `('${table}')`).join();
    await runOn(ground.databaseUrl, `delete from fault.full_table; insert into fault.full_table values ${values}`);
  };
  load.pause = 15;
  await load.run(100);
  const running = load.run(100_000);
  let periods = 0;
  for (const full of [...ofWrites.map((table) => [table]), [...ofWrites, ...ofWorkers]]) {
    await fill(full);
    // What had begun before ends as it would have; then nothing changes any more.
    await expect.poll(standsStill, { timeout: 20_000, interval: 1 }).toBe(true);
    const before = await counts();
    await setTimeout(300);
    expect(await counts(), `without room in ${full.join()}`).toEqual(before);
    await runOn(ground.databaseUrl, 'delete from fault.full_table');
    await expect.poll(counts, { timeout: 20_000 }).not.toEqual(before);
    await setTimeout(200);
    periods++;
  }
  load.stop();
  await running;

  expect((await load.repeat()).slice(0, 5)).toEqual([]);
  const { findings, checked } = await checkHistory(ground.databaseUrl, load.writes);
  expect(findings.slice(0, 20)).toEqual([]);
  expect(load.wrongAnswers()).toEqual([]);
  expect(load.answers['503']).toBeGreaterThan(50);
  process.stderr.write(`full disk: ${periods} times, ${JSON.stringify(load.answers)}, ${JSON.stringify(checked)}\n`);
});
