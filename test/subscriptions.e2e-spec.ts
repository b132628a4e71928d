import type { INestApplicationContext } from '@nestjs/common';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { Subscriptions } from '../src/modules/event-store/subscriptions.js';
import { runOn, startService } from './support/service.js';
import { documentOf, importSpec } from './support/specs.js';
import { Diary, diaryTable, startWorkers } from './support/workers.js';

const service = startService();
const processes: INestApplicationContext[] = [];
beforeAll(() => runOn(service.databaseUrl, diaryTable));
afterEach(async () => {
  for (const one of processes.splice(0)) await one.close();
});

const start = async (...subscriptions: Diary[]) => {
  const one = await startWorkers(service.databaseUrl, subscriptions);
  processes.push(one);
  return one.get(Subscriptions);
};
const document = documentOf('Alerts', { Overview: 'Old.', Rollout: 'Slow.' });
const rows = async (statement: string) => (await runOn(service.databaseUrl, statement)).rows;

test('a subscription is told everything once, in order, from the first event on', async () => {
  const subscriptions = await start(new Diary('plain'));
  for (let n = 0; n < 5; n++) await importSpec(service.organization, document);
  expect(await subscriptions.catchUp('plain', 20_000)).toBe(true);
  const told = await rows(`select seq from specline.diary where subscription = 'plain' order by at`);
  expect(told).toEqual(await rows('select seq from specline.event order by seq'));
  expect(told.length).toBeGreaterThan(5);
});
