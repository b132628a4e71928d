import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { faultGround } from '../support/fault-ground.js';
import { Load } from '../support/fault-load.js';
import { checkHistory } from '../support/history-check.js';

const ground = faultGround();

test('a transaction that stays open all the time holds up neither the watermark nor the subscriptions', async () => {
  const service = await ground.start();
  const load = new Load(() => service.url);
  await load.run(50);
  // A report that somebody left open: with a snapshot of its own, and an id, since it wrote something.
  const report = await client();
  await report.query('begin isolation level repeatable read');
  await report.query('create temporary table report as select count(*) from specline.event');
  const [own] = (await report.query<{ id: string }>('select pg_current_xact_id() as id')).rows;
  await load.run(600);

  // It is still open while everything is looked at.
  const { findings, checked } = await checkHistory(ground.databaseUrl, load.writes);
  expect(findings.slice(0, 20)).toEqual([]);
  expect(load.wrongAnswers()).toEqual([]);
  // Who takes the oldest open transaction for the end of history would stand where it began.
  const other = await client();
  const statement = `select pg_snapshot_xmin(pg_current_snapshot()) as oldest,
    (select count(*) from specline.event where xmin::text::bigint >= $1::bigint) as later`;
  const { rows } = await other.query<{ oldest: string; later: string }>(statement, [own?.id]);
  expect(Number(rows[0]?.oldest)).toBeLessThanOrEqual(Number(own?.id));
  expect(Number(rows[0]?.later)).toBeGreaterThanOrEqual(600);
  await report.query('rollback');
  process.stderr.write(
    `long transaction: ${rows[0]?.later} events told while it was open, ${JSON.stringify(load.answers)}, ` +
      `${JSON.stringify(checked)}\n`,
  );
});

async function client(): Promise<pg.Client> {
  const connected = new pg.Client({ connectionString: ground.databaseUrl });
  await connected.connect();
  onTestFinished(() => connected.end());
  return connected;
}
