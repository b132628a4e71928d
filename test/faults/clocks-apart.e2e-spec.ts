import { expect, test } from 'vitest';
import { faultGround } from '../support/fault-ground.js';
import { Load } from '../support/fault-load.js';
import { checkHistory } from '../support/history-check.js';
import { runOn } from '../support/service.js';

const minutes = 60_000;
const ground = faultGround();

test('two processes with clocks twelve minutes apart write one history, in which time never runs backwards', async () => {
  const services = [await ground.start({ clock: -5 * minutes }), await ground.start({ clock: 7 * minutes })];
  let turn = 0;
  const load = new Load(() => services[turn++ % services.length]?.url ?? '');
  await load.run(800);

  expect((await load.repeat()).slice(0, 5)).toEqual([]);
  const { findings, checked } = await checkHistory(ground.databaseUrl, load.writes);
  expect(findings.slice(0, 20)).toEqual([]);
  expect(load.wrongAnswers()).toEqual([]);
  // The harness could have failed: both clocks are in the history, and the slow one was held to the quick one's time.
  const { rows } = await runOn(
    ground.databaseUrl,
    `select count(*) filter (where recorded_at > clock_timestamp() + interval '5 minutes') as "quick",
        count(*) filter (where recorded_at < clock_timestamp() - interval '3 minutes') as "slow",
        count(*) filter (where recorded_at = before) as "held"
      from (select *, lag(recorded_at) over (partition by stream_id order by version) as before from specline.event) e`,
  );
  const { quick, slow, held } = rows[0] as Record<string, string>;
  expect([Number(quick) > 100, Number(slow) > 0, Number(held) > 50]).toEqual([true, true, true]);
  process.stderr.write(
    `clocks apart: ${quick} events of the quick clock, ${slow} of the slow one, ${held} held to the time before, ` +
      `${JSON.stringify(load.answers)}, ${JSON.stringify(checked)}\n`,
  );
});
