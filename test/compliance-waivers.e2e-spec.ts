import { beforeEach, describe, expect, test } from 'vitest';
import type { Team } from './support/reviews.js';
import { newTeam, SpecOf } from './support/reviews.js';
import { runOn, startService } from './support/service.js';
import { approveWaiver, houseRule, judgeByHouseRule, requestWaiver, waiverOf } from './support/spec-compliance.js';
import { expectProblem } from './support/specs.js';

const service = startService();
let team: Team;
beforeEach(async () => {
  team = await newTeam(await service.newOrganization());
  await judgeByHouseRule(team);
});

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000 + 60_000).toISOString();
type Waiver = { waiverId: string; standing: string; expiresInDays: number; ageDays: number } & Record<string, unknown>;
type List = { items: Waiver[]; nextToExpire: { waiverId: string } | null; page: { next: string | null } };
const list = async (query = '', apiKey = team.ann.apiKey): Promise<List> =>
  (await team.tenant.request('get', `/compliance/waivers${query}`, apiKey).expect(200)).body as List;
const idsOf = ({ items }: List) => items.map(({ waiverId }) => waiverId);
const idOf = async (request: ReturnType<typeof requestWaiver>) =>
  ((await request.expect(201)).body as { waiverId: string }).waiverId;

describe('waivers', () => {
  test('are listed with their ages, what ends first standing first', async () => {
    const spec = await SpecOf.begin(team);
    const late = await waiverOf(spec, { expiresAt: inDays(60) });
    const soon = await idOf(requestWaiver(spec, team.ben, { expiresAt: inDays(3) }));
    const early = await waiverOf(spec, { expiresAt: inDays(10), specId: null });
    const all = await list();
    expect(idsOf(all)).toEqual([soon, early, late]);
    expect(all.items).toMatchObject([
      { standing: 'requested', expiresInDays: 3, ageDays: 0, approvedBy: null, specId: spec.specId },
      { standing: 'approved', expiresInDays: 10, specId: null },
      {
        standing: 'approved',
        expiresInDays: 60,
        ruleId: houseRule,
        owner: 'Team Searches',
        compensatingControl: 'They are checked by hand.',
        requestedBy: { id: team.ben.memberId, name: 'Ben' },
        approvedBy: { id: team.dan.memberId, name: 'Dan' },
      },
    ]);
    expect(all.nextToExpire).toMatchObject({ waiverId: early });
    expect(idsOf(await list('?standing=approved'))).toEqual([early, late]);
    expect(idsOf(await list(`?specId=${spec.specId}&standing=requested`))).toEqual([soon]);
    expect(idsOf(await list('?ruleId=house.another'))).toEqual([]);
    const first = await list('?limit=2');
    expect(idsOf(first)).toEqual([soon, early]);
    const rest = await list(`?limit=2&cursor=${first.page.next}`);
    expect([idsOf(rest), rest.page.next]).toEqual([[late], null]);
  });

  test('are of a rule and a spec that are there, and end within a year', async () => {
    const spec = await SpecOf.begin(team);
    const elsewhere = (await newTeam(await service.newOrganization())).ann.memberId;
    for (const wrong of [
      { ruleId: 'house.another' },
      { specId: elsewhere },
      { expiresAt: '2020-01-01T00:00:00Z' },
      { expiresAt: inDays(400) },
      { owner: '' },
      { compensatingControl: 'None.' },
    ]) {
      expectProblem(await requestWaiver(spec, team.ben, wrong), 422, 'validation_failed');
    }
    expect((await list()).items).toEqual([]);
  });

  test('are approved once, however often somebody says so, and withdrawn by few', async () => {
    const { tenant, ann, ben, cat, dan } = team;
    const spec = await SpecOf.begin(team);
    const waiverId = await waiverOf(spec);
    const again = await approveWaiver(spec, waiverId, dan).expect(200);
    expect(again.body).toMatchObject({ waiverId, standing: 'approved', version: 2 });
    const withdraw = (apiKey: string) =>
      tenant.request('post', `/compliance/waivers/${waiverId}/withdraw`, apiKey).send({ reason: 'It is done by now.' });
    expectProblem(await withdraw(cat.apiKey), 403, 'not_permitted');
    expectProblem(await withdraw(ann.apiKey), 403, 'not_permitted');
    await withdraw(ben.apiKey).expect(200);
    expect((await withdraw(dan.apiKey).expect(200)).body).toMatchObject({ standing: 'withdrawn', version: 3 });
    const one = await tenant.request('get', `/compliance/waivers/${waiverId}`, ann.apiKey).expect(200);
    expect(one.body).toMatchObject({ standing: 'withdrawn', withdrawal: 'It is done by now.' });
  });

  test('name who answers for them until that person is forgotten', async () => {
    const spec = await SpecOf.begin(team);
    const waiverId = await waiverOf(spec, { owner: 'Grace Hopper' });
    const { rows } = await runOn(
      service.databaseUrl,
      `select payload from specline.event where stream_id = '${waiverId}'`,
    );
    expect(rows).toHaveLength(2);
    expect(JSON.stringify(rows)).not.toContain('Grace');
    expect((await list()).items).toMatchObject([{ owner: 'Grace Hopper' }]);
    await team.tenant.request('post', '/erasures').send({ person: 'Grace Hopper' }).expect(200);
    expect((await list()).items).toMatchObject([{ owner: '[erased]' }]);
  });
});
