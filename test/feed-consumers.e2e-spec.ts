import { beforeAll, describe, expect, test } from 'vitest';
import type { ConsumerView } from '../src/modules/feed/consumer.view.js';
import type { FeedPage } from '../src/modules/feed/feed.view.js';
import { editAlerts, seqsOf, storedSeqs } from './support/feed.js';
import type { Tenant } from './support/service.js';
import { startService } from './support/service.js';
import { alerts, expectProblem, importSpec } from './support/specs.js';

const service = startService();
let tenant: Tenant;
beforeAll(async () => {
  tenant = service.organization;
  const { specId } = await importSpec(tenant, alerts);
  for (let edits = 0; edits < 20; edits++) await editAlerts(tenant, specId, `Edit ${edits}.\n`).expect(200);
});

const stored = (after?: number) => storedSeqs(service, tenant, after);

describe('A consumer of events', () => {
  const put = (key: string, body: object = {}) => tenant.request('put', `/consumers/${key}`).send(body);
  const commit = (key: string, body: object) => tenant.request('post', `/consumers/${key}/commit`).send(body);
  const events = async (key: string, query = '') =>
    (await tenant.request('get', `/consumers/${key}/events?limit=5${query}`).expect(200)).body as FeedPage;

  test('gets what comes next until it says that it is dealt with', async () => {
    expect((await put('ci').expect(200)).body).toMatchObject({ consumerKey: 'ci', position: 0, committedAt: null });
    const first = await events('ci');
    expect(seqsOf(first.items)).toEqual((await stored()).slice(0, 5));
    expect(await events('ci')).toEqual(first);
    const committed = (await commit('ci', { position: first.next, after: 0 }).expect(200)).body as ConsumerView;
    expect(committed).toMatchObject({ position: first.next, committedBy: expect.any(String) as string });
    const second = await events('ci');
    expect(seqsOf(second.items)).toEqual((await stored()).slice(5, 10));
    // A late commit of what is dealt with leaves it where it is; one who read an earlier place is told.
    expect((await commit('ci', { position: 1 }).expect(200)).body).toMatchObject({ position: first.next });
    expectProblem(await commit('ci', { position: second.next, after: 0 }), 409, 'content_changed');
    // Only putting it sets it back, and putting it again without a place leaves it alone.
    expect((await put('ci').expect(200)).body).toMatchObject({ position: first.next });
    expect((await put('ci', { position: 0 }).expect(200)).body).toMatchObject({ position: 0 });
    expect(await events('ci')).toEqual(first);
  });

  test('is not ahead of history, and not another organization’s', async () => {
    expectProblem(await commit('nobody', { position: 1 }), 404, 'not_found');
    await put('ahead').expect(200);
    expectProblem(await commit('ahead', { position: 9_000_000_000 }), 422, 'validation_failed');
    expectProblem(await put('ahead', { position: 9_000_000_000 }), 422, 'validation_failed');
    const stranger = await service.newOrganization();
    expectProblem(await stranger.request('get', '/consumers/ahead'), 404, 'not_found');
    expect((await stranger.request('get', '/consumers').expect(200)).body).toMatchObject({ items: [] });
    expect((await tenant.request('delete', '/consumers/ahead').expect(200)).body).toMatchObject({
      consumerKey: 'ahead',
    });
    expectProblem(await tenant.request('get', '/consumers/ahead/events'), 404, 'not_found');
  });

  test('is moved once by two who commit from the same place at the same time', async () => {
    await put('race').expect(200);
    const { next } = await events('race');
    const answers = await Promise.all(Array.from({ length: 8 }, () => commit('race', { position: next, after: 0 })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(7).fill(409)]);
  });
});
