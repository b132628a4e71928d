import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import supertest from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createApp } from '../src/app.js';
import type { LegalHoldList } from '../src/modules/specs/hold.view.js';
import { LegalHolds } from '../src/modules/specs/legal-holds.queries.js';
import type { Member } from './support/members.js';
import { join } from './support/members.js';
import { openThread } from './support/comments.js';
import { assignOwner, erase, issueKey } from './support/persons.js';
import type { Team } from './support/reviews.js';
import { because, newTeam, SpecOf } from './support/reviews.js';
import { masterKey, problemOf, startService } from './support/service.js';
import { requestWaiver } from './support/spec-compliance.js';
import { expectProblem, readEvents, sendMarkdown } from './support/specs.js';

const service = startService();
let team: Team;
let spec: SpecOf;
/** Another process on the same database. */
let second: NestFastifyApplication;

beforeAll(async () => {
  const { databaseUrl } = service;
  second = await createApp({ databaseUrl, masterKey, operatorKey: undefined, databaseConnections: 5 });
  await second.init();
});
afterAll(() => second.close());
beforeEach(async () => {
  team = await newTeam(await service.newOrganization());
  spec = await SpecOf.begin(team);
});

const reason = 'The regulator asked for it.';
const place = (holdKey: string, who: Member = team.dan, of = spec) =>
  of.request('put', `/legal-holds/${holdKey}`, who).send({ reason });
const release = (holdKey: string, who: Member = team.dan, of = spec) =>
  of.request('post', `/legal-holds/${holdKey}/release`, who).send(because);
const list = async (query = '') =>
  (await team.tenant.request('get', `/legal-holds${query}`).expect(200)).body as LegalHoldList;
const keysOf = async () =>
  ((await spec.read()) as unknown as { holds: { holdKey: string }[] }).holds.map((one) => one.holdKey);

describe('a legal hold', () => {
  test('stands on a spec beside others, and is released alone', async () => {
    expect(await keysOf()).toEqual([]);
    await place('audit').expect(200);
    await place('court').expect(200);
    expect((await spec.read()) as object).toMatchObject({
      holds: [{ holdKey: 'audit', reason }, { holdKey: 'court' }],
    });
    expect((await list()).items).toMatchObject([
      {
        specId: spec.specId,
        title: 'Kept searches',
        holdKey: 'audit',
        reason,
        placedBy: { id: team.dan.memberId, name: 'Dan' },
      },
      { holdKey: 'court' },
    ]);
    await release('audit').expect(200);
    expect(await keysOf()).toEqual(['court']);
    expect((await list()).items.map(({ holdKey }) => holdKey)).toEqual(['court']);
    expectProblem(await release('audit'), 404, 'not_found');
    await place('audit').expect(200);
    expect(await keysOf()).toEqual(['court', 'audit']);
  });

  test('stands in history, in the story and in the trail, and earlier versions say whether there was one', async () => {
    await place('audit').expect(200);
    await release('audit').expect(200);
    const events = await readEvents(team.tenant, spec.specId);
    expect(events.slice(-2)).toMatchObject([
      { type: 'spec.hold.placed', data: { holdKey: 'audit', reason, authentication: { keyId: team.dan.keyId } } },
      { type: 'spec.hold.released', data: { holdKey: 'audit', reason: because.reason } },
    ]);
    const story = await spec.request('get', '/history', team.ann).set('accept', 'text/plain').expect(200);
    expect(story.text).toContain('Dan placed the legal hold "audit"');
    const trail = await team.tenant
      .request('get', `/audit/events?spec=${spec.specId}&command=spec.hold.release`)
      .set('prefer', 'wait=10')
      .expect(200);
    expect(trail.body).toMatchObject({ items: [{ type: 'spec.hold.released', reason: because.reason }] });
    const then = await spec.request('get', '?version=2', team.ann).expect(200);
    expect(then.body).toMatchObject({ holds: [{ holdKey: 'audit' }] });
  });

  test('of the same name and reason is the one that stands; another reason is refused', async () => {
    const first = (await place('audit').expect(200)).body as object;
    expect((await place('audit').expect(200)).body).toEqual(first);
    const other = spec.request('put', '/legal-holds/audit', team.dan).send({ reason: 'For another proceeding.' });
    expectProblem(await other, 409, 'already_exists');
  });

  test('is placed by administrators, and released by humans among them only', async () => {
    const robot = await join(team.tenant, 'Robot', { kind: 'agent', role: 'admin' });
    const desk = await join(team.tenant, 'Legal desk', { kind: 'service', role: 'admin' });
    const auditor = await join(team.tenant, 'Eve', { role: 'auditor' });
    for (const who of [team.ann, auditor, robot]) expectProblem(await place('audit', who), 403, 'not_permitted');
    await place('audit', desk).expect(200);
    for (const who of [team.ann, auditor, robot, desk])
      expectProblem(await release('audit', who), 403, 'not_permitted');
    expectProblem(
      await spec.request('post', '/legal-holds/audit/release', team.dan).send({}),
      422,
      'validation_failed',
    );
    await release('audit').expect(200);
  });

  test('is listed page by page, of one spec, and of one name', async () => {
    const other = await SpecOf.begin(team);
    for (const of of [spec, other]) for (const key of ['audit', 'court']) await place(key, team.dan, of).expect(200);
    const paged: string[] = [];
    let query = '?limit=3';
    for (;;) {
      const { items, page } = await list(query);
      paged.push(...items.map(({ specId, holdKey }) => `${specId} ${holdKey}`));
      if (page.next === null) break;
      query = `?limit=3&cursor=${page.next}`;
    }
    const all = [spec, other].flatMap(({ specId }) => ['audit', 'court'].map((key) => `${specId} ${key}`));
    expect(paged).toEqual(all.sort());
    expect((await list(`?specId=${other.specId}`)).items).toHaveLength(2);
    expect((await list('?holdKey=court')).items).toHaveLength(2);
    expect((await list(`?holdKey=court&specId=${other.specId}`)).items).toMatchObject([{ specId: other.specId }]);
  });
});

describe('while a hold stands, nobody is erased', () => {
  const ask = (person: string) => team.tenant.request('post', '/erasures').send({ person });
  const heldBy = async (person: string) => {
    const answer = await ask(person);
    expectProblem(answer, 409, 'legal_hold');
    return problemOf(answer).holds;
  };

  test('who acted on the spec', async () => {
    const ada = { ...team.ann, apiKey: await issueKey(team.tenant, 'Ada Lovelace') };
    await spec.edit(ada, 'Keep all.\n').expect(200);
    await place('audit').expect(200);
    await place('court').expect(200);
    const { specId } = spec;
    expect(await heldBy('Ada Lovelace')).toEqual([
      { specId, number: 1, holdKey: 'audit' },
      { specId, number: 1, holdKey: 'court' },
    ]);
    await release('audit').expect(200);
    expect(await heldBy('ada lovelace')).toMatchObject([{ holdKey: 'court' }]);
    await release('court').expect(200);
    expect((await erase(team.tenant, { person: 'Ada Lovelace' })).subject).toBeDefined();
  });

  test('who owned it, commented on it, or asked for a waiver for it', async () => {
    const { tenant } = team;
    await assignOwner(tenant, spec.specId, 'Olga Owner');
    await assignOwner(tenant, spec.specId, null);
    const [carl, wanda] = [await issueKey(tenant, 'Carl Comment'), await issueKey(tenant, 'Wanda Waiver')];
    await openThread(tenant, spec.specId, {}, carl);
    await requestWaiver(spec, { ...team.ann, apiKey: wanda }, { ruleId: 'template.sections.required' }).expect(201);
    await place('audit').expect(200);
    for (const person of ['Olga Owner', 'Carl Comment', 'Wanda Waiver']) {
      expect(await heldBy(person)).toMatchObject([{ holdKey: 'audit' }]);
    }
  });

  test('and everybody else is', async () => {
    const { tenant } = team;
    const bea = await issueKey(tenant, 'Bea Beside');
    await sendMarkdown(tenant.request('post', '/specs', bea), '# Beside\n\n## TLDR\nText.\n').expect(201);
    await place('audit').expect(200);
    expect((await erase(tenant, { person: 'Bea Beside' })).subject).toBeDefined();
    expect((await erase(tenant, { person: 'Nobody Known' })).subject).toBeUndefined();
  });

  test('not even by an erasure that began before the hold', async () => {
    await assignOwner(team.tenant, spec.specId, 'Olga Owner');
    const holds = service.app.get(LegalHolds);
    const naming = holds.naming.bind(holds);
    // By another process, between the look at the holds and the append.
    const slow = vi.spyOn(holds, 'naming').mockImplementationOnce(async (...asked) => {
      const found = await naming(...asked);
      await supertest(second.getHttpServer())
        .put(`/v1/organizations/${team.tenant.organizationId}/specs/${spec.specId}/legal-holds/audit`)
        .set('authorization', `Bearer ${team.dan.apiKey}`)
        .send({ reason })
        .expect(200);
      return found;
    });
    expect(await heldBy('Olga Owner')).toMatchObject([{ holdKey: 'audit' }]);
    expect(slow).toHaveBeenCalledTimes(2);
    slow.mockRestore();
    expect(await spec.read()).toMatchObject({ owner: 'Olga Owner' });
  });
});
