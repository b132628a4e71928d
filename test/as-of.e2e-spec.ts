import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import type { PolicyList, PolicyView } from '../src/modules/organizations/policy.view.js';
import type { SpecList } from '../src/modules/specs/spec.view.js';
import { putPolicy } from './support/policies.js';
import { because, newTeam, SpecOf } from './support/reviews.js';
import type { Team, VotesJson } from './support/reviews.js';
import type { Tenant } from './support/service.js';
import { startService } from './support/service.js';
import { documentOf, expectProblem, importSpec } from './support/specs.js';

/** A time behind all that was written before, and before all that is written after. */
async function now(): Promise<string> {
  await pause(2);
  const time = new Date().toISOString();
  await pause(2);
  return time;
}

const service = startService();

describe('As of a time', () => {
  let tenant: Tenant;
  beforeAll(async () => {
    tenant = await service.newOrganization();
  });
  const list = async (query: string) => (await tenant.request('get', `/specs?${query}`).expect(200)).body as SpecList;
  const titles = async (query: string) => (await list(query)).items.map(({ title }) => title);

  test('the list of specs has those that there were, as they were, page by page', async () => {
    const before = await now();
    const specs = [];
    for (const name of ['One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven']) {
      specs.push(await importSpec(tenant, documentOf(name, { Overview: 'Text.' })));
    }
    const begun = await now();
    const [first] = specs;
    const write = (path: string, body: object) =>
      tenant.request('put', `/specs/${first?.specId}${path}`).set('if-match', '*').send(body).expect(200);
    await write('/title', { title: 'Uno' });
    await write('/labels', { labels: ['old'] });
    await write('/owner', { owner: 'Ann Alder' });
    const changed = await now();
    await write('/labels', { labels: [] });
    await write('/owner', { owner: null });
    await importSpec(tenant, documentOf('Eight', { Overview: 'Text.' }));

    expect(await titles(`at=${before}`)).toEqual([]);
    expect(await titles(`at=${begun}`)).toEqual(['Seven', 'Six', 'Five', 'Four', 'Three', 'Two', 'One']);
    expect(await titles(`at=${changed}&sort=number&limit=2`)).toEqual(['Uno', 'Two']);
    expect(await titles(`at=${changed}&label=old`)).toEqual(['Uno']);
    expect(await titles(`at=${changed}&owner=Ann%20Alder`)).toEqual(['Uno']);
    expect(await titles(`at=${begun}&label=old`)).toEqual([]);
    expect(await titles(`at=${begun}&number=${first?.number}`)).toEqual(['One']);
    expect((await list(`at=${begun}`)).items.at(-1)).toMatchObject({ version: 1, contentHash: first?.contentHash });

    const paged: string[] = [];
    let cursor = '';
    do {
      const page = await list(`at=${begun}&limit=3${cursor}`);
      paged.push(...page.items.map(({ title }) => title));
      cursor = page.page.next === null ? '' : `&cursor=${page.page.next}`;
    } while (cursor);
    expect(paged).toEqual(['Seven', 'Six', 'Five', 'Four', 'Three', 'Two', 'One']);
    for (const query of ['q=text', 'sort=title', 'sort=rank']) {
      expectProblem(await tenant.request('get', `/specs?at=${begun}&${query}`), 400, 'invalid_request');
    }
  });

  test('a review policy says what it said then', async () => {
    const before = await now();
    await putPolicy(tenant, 'house', { title: 'First' }).expect(200);
    const first = await now();
    await putPolicy(tenant, 'house', { title: 'Second' }).expect(200);
    const second = await now();
    await tenant.request('post', '/review-policies/house/retirement').send(because).expect(200);
    const read = (query: string) => tenant.request('get', `/review-policies/house${query}`);
    expectProblem(await read(`?at=${before}`), 404, 'not_found');
    const then = (await read(`?at=${first}`).expect(200)).body as PolicyView;
    expect(then).toMatchObject({ version: 1, rules: { title: 'First' }, retiredAt: null });
    expect((await read(`?at=${second}`).expect(200)).body).toMatchObject({ version: 2, rules: { title: 'Second' } });
    expect((await read(`?at=${await now()}`).expect(200)).body).toEqual((await read('').expect(200)).body);
    const listed = await tenant.request('get', `/review-policies?at=${first}`).expect(200);
    expect((listed.body as PolicyList).items).toMatchObject([{ builtIn: true }, then]);
  });

  test('a position of history is a moment too', async () => {
    const imported = await importSpec(tenant, documentOf('Position', { Overview: 'Text.' }));
    const title = (name: string) =>
      tenant.request('put', `/specs/${imported.specId}/title`).set('if-match', '*').send({ title: name }).expect(200);
    const { seq } = (await title('Second place')).body as { seq: number };
    await title('Third place');
    await putPolicy(tenant, 'placed', { title: 'Later' }).expect(200);
    const read = (query: string) => tenant.request('get', `/specs/${imported.specId}${query}`);
    expect((await read(`?at=${seq}`).expect(200)).body).toMatchObject({ title: 'Second place', version: 2 });
    expect((await read(`?at=${seq - 1}`).expect(200)).body).toMatchObject({ title: 'Position', version: 1 });
    expect((await read(`?at=999999999999999`).expect(200)).body).toMatchObject({ title: 'Third place' });
    expectProblem(await read(`?at=${imported.seq - 1}`), 404, 'not_found');
    expectProblem(await read('?at=-1'), 400, 'invalid_request');
    expectProblem(await read('?at=1234567890123456'), 400, 'invalid_request');
    expect(await titles(`at=${seq}&limit=1`)).toEqual(['Second place']);
    expect(await titles(`at=${imported.seq - 1}&number=${imported.number}`)).toEqual([]);
    expect(await titles(`at=0`)).toEqual([]);
    expectProblem(await tenant.request('get', `/review-policies/placed?at=${seq}`), 404, 'not_found');
    await tenant.request('get', '/review-policies/placed?at=999999999999999').expect(200);
  });
});

describe('The votes on a spec as of a time', () => {
  let team: Team;
  beforeAll(async () => {
    team = await newTeam(service.organization);
  });

  test('are those that stood, as the history says', async () => {
    const spec = await SpecOf.inReview(team);
    const requirements = [{ name: 'two', from: { anyone: true }, count: 2 }];
    await putPolicy(team.tenant, 'two', { requirements }, team.dan.apiKey).expect(200);
    const empty = await now();
    await spec.vote(team.ben);
    const voted = await now();
    await spec.edit(team.ann, 'Keep them for a year.\n').expect(200);
    const outdated = await now();
    await spec.vote(team.ben);
    await spec.vote(team.cat);
    const votes = async (at: string) =>
      ((await spec.request('get', `/votes?at=${at}`, team.ann).expect(200)).body as VotesJson).items;
    expect(await votes(empty)).toEqual([]);
    expect(await votes(voted)).toMatchObject([{ standing: 'standing', principal: { name: 'Ben' } }]);
    expect(await votes(outdated)).toMatchObject([{ standing: 'outdated' }]);
    expect(await votes(await now())).toMatchObject([{ standing: 'counted' }, { standing: 'counted' }]);
    expectProblem(await spec.request('get', '/votes?at=1999-01-01T00:00:00Z', team.ann), 404, 'not_found');
  });
});
