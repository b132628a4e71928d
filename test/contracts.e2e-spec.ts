import { beforeEach, describe, expect, test } from 'vitest';
import { corpusFiles, corpusMissing } from './support/corpus.js';
import type { Team } from './support/reviews.js';
import { because, newTeam, SpecOf } from './support/reviews.js';
import { runOn, startService } from './support/service.js';
import { documentOf, expectProblem, sendMarkdown } from './support/specs.js';

type Contract = {
  kind: string;
  id: string;
  specs: { specId: string; standing: string; role: string; lifecycle: string; section: string }[];
  contestedBy: string[];
  broken: { promisedBy: string; brokenBy: string; how: string[] }[];
};
type Answer = { items: Contract[]; page: { next: string | null }; pending: number };

const service = startService();
let team: Team;
beforeEach(async () => {
  team = await newTeam(await service.newOrganization());
});

const routes = (response: string) => `- \`POST /api/searches/:id/runs\`\n  - Response: \`${response}\`\n`;
const spec = (api: string, more: Record<string, string> = {}) =>
  documentOf('Searches', { TLDR: 'Keep them.', Risks: 'None.', 'API Contracts': api, ...more });
const names = { 'Commands & Events': '- Event: `search.run.started`\n- Command: `search.run.start`\n' };
const models = { 'Data Models': '### SearchRun\n\n| Field | Type |\n|---|---|\n| id | uuid |\n| state | text |\n' };

const ask = async (query = '') => (await team.tenant.request('get', `/contracts${query}`).expect(200)).body as Answer;
const route = async () => (await ask(`?kind=route&id=${encodeURIComponent('POST /api/searches/{id}/runs')}`)).items[0];
const said = (contract: Contract | undefined) =>
  contract?.specs.map(({ specId, standing, role }) => [specId, standing, role]);
const approve = async (one: SpecOf) => {
  await one.go('submit', team.ann).expect(200);
  expect((await one.vote(team.ben)).status).toBe(201);
};

describe('the registry of contracts', () => {
  test('knows commands, events, routes and entities by the spec that introduces them, and where they stand', async () => {
    const { specId } = await SpecOf.begin(team, spec(routes('{ id }'), { ...names, ...models }));
    const { items, pending } = await ask();
    expect(pending).toBe(0);
    expect(items.map(({ kind, id }) => [kind, id])).toEqual([
      ['command', 'search.run.start'],
      ['entity', 'SearchRun'],
      ['event', 'search.run.started'],
      ['route', 'POST /api/searches/{id}/runs'],
    ]);
    expect((await ask('?kind=event&id=search.run.started')).items).toMatchObject([
      { specs: [{ specId, standing: 'draft', role: 'introduces', lifecycle: 'draft', section: 'commands-events' }] },
    ]);
    expect((await ask(`?specId=${specId}&kind=entity`)).items).toHaveLength(1);
    expect((await ask(`?specId=${team.tenant.organizationId}`)).items).toEqual([]);
  });

  test('sees every edit that came before, and forgets what a draft no longer gives', async () => {
    const one = await SpecOf.begin(team, spec(routes('{ id }'), names));
    expect((await ask('?kind=event')).items).toHaveLength(1);
    await one.edit(team.ann, '- Event: `search.run.ended`\n', 'commands-events').expect(200);
    expect((await ask('?kind=event')).items.map(({ id }) => id)).toEqual(['search.run.ended']);
    await one.go('withdraw', team.ann, because).expect(200);
    expect((await ask()).items).toEqual([]);
  });

  test('tells two drafts that give the same one', async () => {
    const first = await SpecOf.begin(team, spec(routes('{ id }')));
    expect((await ask('?conflicts=true')).items).toEqual([]);
    const second = await SpecOf.begin(team, spec(routes('{ id }')));
    expect((await ask('?conflicts=true')).items).toMatchObject([{ contestedBy: [first.specId, second.specId] }]);
  });

  test('tells which approved promise the draft of another spec breaks', async () => {
    const first = await SpecOf.begin(team, spec(routes('{ id }')));
    await approve(first);
    const second = await SpecOf.begin(team, spec(routes('{ id, state }')));
    expect(said(await route())).toEqual([
      [first.specId, 'approved', 'introduces'],
      [second.specId, 'draft', 'changes'],
    ]);
    expect((await ask('?conflicts=true')).items).toMatchObject([
      { broken: [{ promisedBy: first.specId, brokenBy: second.specId, how: ['the response is another'] }] },
    ]);
  });

  test('holds an amendment against what is in force, until it is approved itself', async () => {
    const one = await SpecOf.begin(team, spec(routes('{ id }'), models));
    await approve(one);
    expect((await ask('?conflicts=true')).items).toEqual([]);
    await one.go('amend', team.ann, because).expect(200);
    expect((await ask('?conflicts=true')).items).toEqual([]);
    await one.edit(team.ann, 'None.\n', 'api-contracts').expect(200);
    const [gone, ...others] = (await ask('?conflicts=true')).items;
    expect(others).toEqual([]);
    expect(gone).toMatchObject({
      kind: 'route',
      broken: [{ promisedBy: one.specId, brokenBy: one.specId, how: ['it is gone'] }],
    });
    await approve(one);
    expect((await ask('?conflicts=true')).items).toEqual([]);
    expect(await route()).toBeUndefined();
  });

  test('drops what a spec promised when the spec is deprecated', async () => {
    const one = await SpecOf.begin(team, spec(routes('{ id }')));
    await approve(one);
    expect((await ask()).items).toHaveLength(1);
    await one.go('deprecate', team.dan, because).expect(200);
    expect((await ask()).items).toEqual([]);
  });

  test('counts nothing that a slower reader took out of an earlier content', async () => {
    const { specId } = await SpecOf.begin(team, spec(routes('{ id }')));
    const known = (await ask()).items;
    await runOn(
      service.databaseUrl,
      `insert into specline.contract
        select organization_id, spec_id, standing, kind, 'GET /earlier', definition, section, line, repeat('0', 64)
        from specline.contract where spec_id = '${specId}'`,
    );
    expect((await ask()).items).toEqual(known);
  });

  test('is paged by cursors of its own', async () => {
    await SpecOf.begin(team, spec(routes('{ id }'), { ...names, ...models }));
    const first = await ask('?limit=3');
    expect(first.items).toHaveLength(3);
    const second = await ask(`?limit=3&cursor=${first.page.next}`);
    expect([second.items.map(({ kind }) => kind), second.page.next]).toEqual([['route'], null]);
    expectProblem(
      await team.tenant.request('get', `/contracts?kind=event&cursor=${first.page.next}`),
      400,
      'invalid_cursor',
    );
  });

  test('comes out the same when several ask while it is edited', async () => {
    const one = await SpecOf.begin(team, spec(routes('{ id }'), names));
    const asking = async () => {
      for (let count = 0; count < 8; count++) await ask();
    };
    const editing = async () => {
      for (let count = 0; count < 8; count++) {
        await one.edit(team.ann, `- Event: \`search.run.number${count}_ended\`\n`, 'commands-events').expect(200);
      }
    };
    await Promise.all([asking(), asking(), editing(), asking()]);
    expect((await ask('?kind=event')).items.map(({ id }) => id)).toEqual(['search.run.number7_ended']);
  });
});

test.skipIf(corpusMissing)('the contracts of real specs are read in shares, each once', async () => {
  const { tenant } = team;
  const sent = corpusFiles()
    .map(({ bytes }) => bytes.toString())
    .slice(0, 40);
  for (const markdown of sent) await sendMarkdown(tenant.request('post', '/specs'), markdown).expect(201);
  let { pending } = await ask();
  for (let count = 0; pending > 0 && count < 100; count++) ({ pending } = await ask());
  expect(pending).toBe(0);
  const { rows } = await runOn(
    service.databaseUrl,
    `select count(*)::int as specs from specline.contract_reading where organization_id = '${tenant.organizationId}'`,
  );
  expect(rows[0]?.specs).toBe(sent.length);
  expect((await ask('?limit=100')).items.length).toBe(100);
});
