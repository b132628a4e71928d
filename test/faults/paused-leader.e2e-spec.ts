import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { faultGround } from '../support/fault-ground.js';
import { Load } from '../support/fault-load.js';
import { checkHistory } from '../support/history-check.js';
import { runOn } from '../support/service.js';

const ground = faultGround();

/** Who leads, who owns shards, and how far things are. */
type Standing = { leader: string | null; owners: string[]; position: number; slowest: number };

async function standing(): Promise<Standing> {
  const { rows } = await runOn(
    ground.databaseUrl,
    `select case when lease_until > clock_timestamp() then leader::text end as leader, position::int as position,
        (select coalesce(json_agg(distinct owner) filter (where lease_until > clock_timestamp()), '[]')
          from specline.checkpoint) as owners,
        (select min(position)::int from specline.checkpoint) as slowest
      from specline.watermark`,
  );
  return rows[0] as Standing;
}

test('a leader that is stopped is replaced, and does no harm when he comes back', { timeout: 120_000 }, async () => {
  const first = await ground.start();
  await expect.poll(async () => (await standing()).leader, { timeout: 20_000 }).not.toBeNull();
  const second = await ground.start();
  await expect.poll(async () => (await standing()).owners.length, { timeout: 20_000 }).toBe(2);

  let turn = 0;
  let services = [first, second];
  const load = new Load(() => services[turn++ % services.length]?.url ?? '');
  load.pause = 40;
  const running = load.run(100_000, 8);
  await setTimeout(500);
  const before = await standing();
  // Its connections stay open, its requests under way hang, its leases run on.
  first.signal('SIGSTOP');
  const stopped = performance.now();
  services = [second];
  const isReplaced = async () => {
    const { leader, owners, position, slowest } = await standing();
    const moves = position > before.position && slowest > before.position;
    return leader !== null && leader !== before.leader && owners.length === 1 && moves;
  };
  await expect.poll(isReplaced, { timeout: 45_000, interval: 200 }).toBe(true);
  const seconds = Math.round((performance.now() - stopped) / 1000);
  first.signal('SIGCONT');
  services = [first, second];
  await expect.poll(async () => (await standing()).owners.length, { timeout: 20_000 }).toBe(2);
  await setTimeout(500);
  load.stop();
  await running;

  expect((await load.repeat()).slice(0, 5)).toEqual([]);
  const { findings, checked } = await checkHistory(ground.databaseUrl, load.writes);
  expect(findings.slice(0, 20)).toEqual([]);
  expect(load.wrongAnswers()).toEqual([]);
  process.stderr.write(
    `paused leader: replaced after ${seconds} seconds, ${JSON.stringify(load.answers)}, ${JSON.stringify(checked)}\n`,
  );
});
