import { beforeEach, describe, expect, test } from 'vitest';
import type { Team } from './support/reviews.js';
import { newTeam, SpecOf } from './support/reviews.js';
import { publishPack, putSource, rule, ruleFile, sourcePath } from './support/rules.js';
import { startService } from './support/service.js';
import { expectProblem } from './support/specs.js';

type Counts = Record<'specs' | 'none' | 'stale' | 'compliant' | 'nonCompliant', number>;
type Overview = Counts & {
  why: { code: string; specs: number }[];
  templates: (Counts & { template: string })[];
  ages: (Counts & { olderThanDays: number })[];
  rules: { ruleId: string; blocks: number; needsAttestation: number; compliant: number }[];
  sources: { path: string; rules: object[]; specs: number; specIds: string[] }[];
};
type Shadow = {
  evaluated: number;
  rules: object[];
  items: { specId: string; wouldBlock: { ruleId: string; outcome: string }[] }[];
  page: { next: string | null };
};

const service = startService();
let team: Team;
beforeEach(async () => {
  team = await newTeam(await service.newOrganization());
});

const overview = async () =>
  (await team.tenant.request('get', '/compliance/overview').set('prefer', 'wait=20').expect(200)).body as Overview;
const staleBy = async () =>
  (await team.tenant.request('get', `/rule-sources/${encodeURIComponent(sourcePath)}/stale-verdicts`).expect(200))
    .body as object;
const issue = (one: SpecOf) => one.request('post', '/compliance-reports', team.ann).expect(201);
const freshnessOf = async (one: SpecOf) =>
  ((await one.request('get', '/compliance', team.ann).expect(200)).body as { freshness: string }).freshness;

/** A pack of one rule in the words of the rule file. */
async function packOnSource(changes: object = {}): Promise<void> {
  await putSource(team.tenant, ruleFile).expect(200);
  const source = await team.tenant.request('get', `/rule-sources/${encodeURIComponent(sourcePath)}`).expect(200);
  const [statement] = (source.body as { statements: { statementId: string }[] }).statements;
  const cited = { path: sourcePath, statementId: statement?.statementId };
  await publishPack(team.tenant, 'house', {
    rules: [rule({ statement: undefined, source: cited, ...changes })],
  }).expect(200);
}

describe('the overview of compliance', () => {
  test('counts specs by standing, template and age, and agrees with what each spec says of itself', async () => {
    const [unreported, reported, edited, gone] = [1, 2, 3, 4].map(() => SpecOf.begin(team));
    const [one, two, three, four] = await Promise.all([unreported, reported, edited, gone]);
    if (!one || !two || !three || !four) throw new Error('four specs were begun');
    for (const spec of [two, three, four]) await issue(spec);
    await three.edit(team.ann, 'Keep them for long.\n').expect(200);
    await four.go('withdraw', team.ann, { reason: 'Nobody wants it.' }).expect(200);
    const { specs, none, stale, why, templates, ages, ...verdicts } = await overview();
    expect({ specs, none, stale }).toEqual({ specs: 3, none: 1, stale: 1 });
    expect(verdicts.compliant + verdicts.nonCompliant).toBe(1);
    expect(why).toEqual([{ code: 'content_changed', specs: 1 }]);
    expect(templates).toMatchObject([{ template: 'note', specs: 3, none: 1, stale: 1 }]);
    expect(ages).toMatchObject([{ olderThanDays: 0, specs: 2, stale: 1 }]);
    expect(await Promise.all([one, two, three].map(freshnessOf))).toEqual(['none', 'fresh', 'stale']);
  });

  test('says by rule how many specs it blocks', async () => {
    await packOnSource();
    const specs = [await SpecOf.begin(team), await SpecOf.begin(team)];
    for (const spec of specs) await issue(spec);
    const { rules } = await overview();
    expect(rules.find(({ ruleId }) => ruleId === 'house.declared-events')).toMatchObject({
      ...{ blocks: 2, needsAttestation: 2, compliant: 0 },
    });
    // A second report of the same spec takes the place of the first.
    await specs[0]?.edit(team.ann, 'Keep them for long.\n').expect(200);
    if (specs[0]) await issue(specs[0]);
    const again = (await overview()).rules.find(({ ruleId }) => ruleId === 'house.declared-events');
    expect(again).toMatchObject({ blocks: 2 });
  });

  test('says what one changed rule file made stale, and only of rules that it changed', async () => {
    await packOnSource();
    const spec = await SpecOf.begin(team);
    await issue(spec);
    expect((await overview()).sources).toEqual([]);
    expect(await staleBy()).toMatchObject({ specs: 0, rules: [] });
    await putSource(team.tenant, `${ruleFile}\nThis MUST NOT matter.\n`).expect(200);
    expect(await overview()).toMatchObject({ sources: [], stale: 0 });
    expect(await freshnessOf(spec)).toBe('fresh');
    await putSource(team.tenant, ruleFile.replace('before it is emitted', 'before it is used')).expect(200);
    expect(await overview()).toMatchObject({
      stale: 1,
      why: [{ code: 'rules_changed', specs: 1 }],
      sources: [
        {
          path: sourcePath,
          rules: [{ ruleId: 'house.declared-events', isGone: false, specs: 1 }],
          ...{ specs: 1, specIds: [spec.specId] },
        },
      ],
    });
    expect(await staleBy()).toMatchObject({ specs: 1, specIds: [spec.specId] });
    expectProblem(await team.tenant.request('get', '/rule-sources/nowhere/stale-verdicts'), 404, 'not_found');
    expect(await freshnessOf(spec)).toBe('stale');
    await issue(spec);
    expect(await overview()).toMatchObject({ sources: [], stale: 0 });
  });

  test('sees nothing of another organization', async () => {
    await issue(await SpecOf.begin(team));
    const stranger = await service.newOrganization();
    const empty = (await stranger.request('get', '/compliance/overview').expect(200)).body as Overview;
    expect(empty).toMatchObject({ specs: 0, templates: [], rules: [], sources: [] });
  });
});

describe('a rule in shadow', () => {
  test('blocks nothing, and tells of every spec what it would have blocked', async () => {
    await packOnSource({ mode: 'shadow' });
    const specs = [await SpecOf.begin(team), await SpecOf.begin(team), await SpecOf.begin(team)];
    const [first] = specs;
    if (first) await issue(first);
    expect((await overview()).rules.find(({ ruleId }) => ruleId === 'house.declared-events')?.blocks).toBe(0);
    const shadow = async (query = '') =>
      (await team.tenant.request('get', `/rule-packs/house/shadow${query}`).expect(200)).body as Shadow;
    const all = await shadow();
    expect(all).toMatchObject({
      evaluated: 3,
      rules: [{ ruleId: 'house.declared-events', wouldBlock: 3 }],
      page: { next: null },
    });
    expect(all.items.map(({ specId }) => specId)).toEqual(specs.map(({ specId }) => specId));
    expect(all.items[0]?.wouldBlock).toMatchObject([{ ruleId: 'house.declared-events', outcome: 'needs_attestation' }]);
    const page = await shadow('?limit=2');
    expect(page).toMatchObject({ evaluated: 2 });
    expect((await shadow(`?limit=2&cursor=${page.page.next}`)).items).toHaveLength(1);
  });

  test('is no rule in shadow once it is enforced, or only advises', async () => {
    await packOnSource({ mode: 'shadow', severity: 'advisory' });
    await SpecOf.begin(team);
    const shadow = async () =>
      (await team.tenant.request('get', '/rule-packs/house/shadow').expect(200)).body as Shadow;
    expect(await shadow()).toMatchObject({ evaluated: 1, items: [] });
    await packOnSource();
    expect(await shadow()).toMatchObject({ rules: [], items: [] });
    expectProblem(await team.tenant.request('get', '/rule-packs/nowhere/shadow'), 404, 'not_found');
    expectProblem(await team.tenant.request('get', '/rule-packs/house/shadow?limit=26'), 400, 'invalid_request');
  });
});
