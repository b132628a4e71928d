import { once } from 'node:events';
import pg from 'pg';
import { expect, test, vi } from 'vitest';
import { faultGround } from '../support/fault-ground.js';
import { apiKey, organizationId } from '../support/fault-process.js';

const ground = faultGround();

const waits = { timeout: 20_000, interval: 100 };

const statusOf = async (url: string) => {
  const answer = await fetch(`${url}/v1/organizations/${organizationId}/audit/events?limit=1`, {
    headers: { authorization: `Bearer ${apiKey}`, prefer: 'wait=1' },
  });
  return { status: answer.status, isUpToDate: answer.headers.has('preference-applied') };
};
const createSpec = async (url: string) => {
  const answer = await fetch(`${url}/v1/organizations/${organizationId}/specs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'text/markdown' },
    body: '# A spec\n\n## TLDR\nIt is there.\n',
  });
  return answer.status;
};

test('background work that fails as a whole begins again, and requests are answered meanwhile', async () => {
  const service = await ground.start({ settings: { SPECLINE_TEST_TORN: 'true' } });
  await vi.waitFor(() => expect(service.output()).toContain('Background work ended (torn by a test)'), waits);
  expect(await createSpec(service.url)).toBe(201);
  await vi.waitFor(async () => expect(await statusOf(service.url)).toEqual({ status: 200, isUpToDate: true }), waits);
  await service.end('SIGTERM');
  expect(service.output().match(/Background work ended/g)).toHaveLength(1);
});

test('a process without background work calls whoever does it for others, and never does it itself', async () => {
  const service = await ground.start({ settings: { SPECLINE_WORKERS: 'false' } });
  const elsewhere = new pg.Client({ connectionString: ground.databaseUrl });
  await elsewhere.connect();
  await elsewhere.query('listen specline_append');
  const called = once(elsewhere, 'notification');
  expect(await createSpec(service.url)).toBe(201);
  await called;
  const { rows } = await elsewhere.query<{ isLed: boolean; isBehind: boolean }>(
    `select lease_until > clock_timestamp() as "isLed", position < (select max(seq) from specline.event) as "isBehind"
      from specline.watermark`,
  );
  await elsewhere.end();
  expect(rows).toEqual([{ isLed: false, isBehind: true }]);
  expect(await statusOf(service.url)).toEqual({ status: 200, isUpToDate: false });
});
