import { beforeAll, describe, expect, test } from 'vitest';
import { EventListener } from './support/event-listener.js';
import { editAlerts, storedSeqs } from './support/feed.js';
import type { Tenant } from './support/service.js';
import { startService } from './support/service.js';
import { alerts, expectProblem, importSpec } from './support/specs.js';

const service = startService();
let tenant: Tenant;
beforeAll(() => {
  tenant = service.organization;
});

const edit = (specId: string, body: string) => editAlerts(tenant, specId, body);
const stored = (after?: number) => storedSeqs(service, tenant, after);

describe('A stream of events', () => {
  test('is not begun anew for a reader whose Last-Event-ID is no position', async () => {
    const stream = (lastEventId: string) =>
      tenant.request('get', '/events?wait=1').set('accept', 'text/event-stream').set('last-event-id', lastEventId);
    for (const wrong of ['abc', '-1', '4711,', '1e3', '9'.repeat(16)]) {
      expect((await stream(wrong).expect(400)).body).toMatchObject({ code: 'invalid_header' });
    }
    // Who has heard nothing yet sends nothing, or an empty one.
    await stream('').expect(200);
  });

  test('has every event once and in order, for a reader who is cut off again and again while others write', async () => {
    const { specId } = await importSpec(tenant, alerts);
    const url = `${await service.app.getUrl()}/v1/organizations/${tenant.organizationId}/events`;
    const writing = Promise.all(
      [1, 2, 3].map(async (writer) => {
        const own = (await importSpec(tenant, alerts)).specId;
        for (let edits = 0; edits < 25; edits++) await edit(own, `Writer ${writer}, edit ${edits}.\n`).expect(200);
      }),
    );
    const heard: number[] = [];
    let last: string | undefined;
    let isWritten = false;
    const done = writing.then(() => (isWritten = true));
    for (let listened = 0; listened < 200; listened++) {
      const listener = new EventListener(url, tenant.apiKey, last);
      await new Promise((resolve) => setTimeout(resolve, 30 + (listened % 5) * 20));
      await listener.close();
      heard.push(...listener.seqs);
      last = listener.lastId || last;
      if (isWritten && heard.length >= (await stored()).length) break;
    }
    await done;
    expect(heard).toEqual(await stored());
    expect(specId).toBeDefined();
  }, 60_000);

  test('begins where it is asked to, and only has the types that are asked for', async () => {
    const last = (await stored()).at(-1) ?? 0;
    await importSpec(tenant, alerts);
    const [imported] = await stored(last);
    const path = `/v1/organizations/${tenant.organizationId}/events?after=${last}&types=spec.document.imported`;
    const listener = new EventListener(`${await service.app.getUrl()}${path}`, tenant.apiKey);
    await expect.poll(() => listener.seqs, { timeout: 10_000 }).toEqual([imported]);
    await listener.close();
  });

  test('is refused like any other read', async () => {
    const request = tenant.request('get', '/events', 'no-key').set('accept', 'text/event-stream');
    expectProblem(await request, 401, 'unauthenticated');
    expectProblem(await tenant.request('get', '/events').set('accept', 'image/png'), 406, 'not_acceptable');
  });
});
