import { beforeEach, describe, expect, test } from 'vitest';
import { RulesAtQueries } from '../src/modules/compliance/compliance-rules-at.queries.js';
import { RulesQueries } from '../src/modules/compliance/compliance-rules.queries.js';
import type { Member } from './support/members.js';
import { issueMemberKey, join } from './support/members.js';
import { publishPack, rule } from './support/rules.js';
import type { Tenant } from './support/service.js';
import { problemOf, runOn, startService } from './support/service.js';
import { documentOf, expectProblem, importSpec, sendMarkdown } from './support/specs.js';

type Quality = {
  findings: number;
  wrong: number;
  people: number;
  wrongPercent: number | null;
  isBelowThreshold: boolean;
};
type View = { ruleId: string; severity: string; statedSeverity: string; quality: Quality; marks: Mark[] };
type Mark = { specId: string; element: string | null; position: string; counts: boolean; markedBy: string };

const service = startService();
let tenant: Tenant;
let ann: Member;
let bob: Member;
/** Who writes the specs. */
let wil: Member;
beforeEach(async () => {
  tenant = await service.newOrganization();
  [ann, bob, wil] = [await join(tenant, 'Ann'), await join(tenant, 'Bob'), await join(tenant, 'Wil')];
});

const required = 'template.sections.required';
const incomplete = documentOf('Searches', { TLDR: 'A search is kept.' });

/** A spec that lacks most sections, and a report that says so: the keys of what it lacks. */
async function reported(): Promise<{ specId: string; elements: string[] }> {
  const imported = await sendMarkdown(tenant.request('post', '/specs', wil.apiKey), incomplete).expect(201);
  const { specId } = imported.body as { specId: string };
  await tenant.request('post', `/specs/${specId}/compliance-reports`).expect(201);
  const answer = await tenant.request('get', `/specs/${specId}/compliance-reports/latest`).expect(200);
  const { rows } = answer.body as { rows: { ruleId: string; findings: { elements: { key: string }[] }[] }[] };
  const found = rows.find(({ ruleId }) => ruleId === required)?.findings ?? [];
  return { specId, elements: found.map(({ elements }) => elements[0]?.key ?? '') };
}
const mark = (
  { apiKey }: { apiKey: string },
  specId: string,
  { element, position = 'wrong', ruleKey = required }: { element?: string; position?: string; ruleKey?: string } = {},
) =>
  tenant
    .request('post', `/rules/${ruleKey}/finding-marks`, apiKey)
    .send({ specId, element: element ?? null, position, reason: 'It is there under another name.' });
const ruleOf = async (ruleKey = required) =>
  (await tenant.request('get', `/rules/${ruleKey}`).set('prefer', 'wait=20').expect(200)).body as View;
const inForce = async () =>
  (await service.app.get(RulesQueries).forOrganization(tenant.organizationId)).rules.find(
    (one) => one.ruleId === required,
  );

describe('a finding', () => {
  test('is marked wrong with a reason by whoever read it, once a person, and right after all', async () => {
    const { specId, elements } = await reported();
    const [element = ''] = elements;
    expect((await mark(ann, specId, { element }).expect(200)).body).toMatchObject({ wrong: 1, people: 1, version: 1 });
    expect((await mark(ann, specId, { element }).expect(200)).body).toMatchObject({ version: 1 });
    expect((await mark(bob, specId, { element }).expect(200)).body).toMatchObject({ wrong: 1, people: 2 });
    expect((await mark(ann, specId, { element, position: 'right' }).expect(200)).body).toMatchObject({ people: 1 });
    const { quality, marks } = await ruleOf();
    expect(quality).toMatchObject({ findings: elements.length, wrong: 1, people: 1, isBelowThreshold: false });
    expect(quality.wrongPercent).toBe(Math.round(1000 / elements.length) / 10);
    expect(marks.map(({ position, markedBy }) => [position, markedBy])).toEqual([
      ['right', ann.memberId],
      ['wrong', bob.memberId],
    ]);
  });

  test('is one that the last report of the spec has', async () => {
    const { specId } = await reported();
    const nothing = await mark(ann, specId, { element: 'nowhere' });
    expectProblem(nothing, 422, 'validation_failed');
    expect(problemOf(nothing).errors?.[0]?.pointer).toBe('/element');
    expectProblem(await mark(ann, specId, { ruleKey: 'template.report.agrees' }), 422, 'validation_failed');
    expectProblem(await mark(ann, specId, { ruleKey: 'house.nothing' }), 404, 'not_found');
    const { specId: unreported } = await importSpec(tenant, incomplete);
    for (const id of [unreported, tenant.organizationId]) expectProblem(await mark(ann, id), 404, 'not_found');
  });

  test('is counted once, however often it is reported', async () => {
    const { specId, elements } = await reported();
    const edit = tenant.request('patch', `/specs/${specId}/sections/tldr`).set('if-match', '*');
    await edit.send({ body: 'A search is kept for long.\n' }).expect(200);
    await tenant.request('post', `/specs/${specId}/compliance-reports`).expect(201);
    expect((await ruleOf()).quality.findings).toBe(elements.length);
    // What cannot be handled is parked, and would not be counted either.
    const parked = await runOn(
      service.databaseUrl,
      `select from specline.dead_letter where subscription = 'rule-results'`,
    );
    expect(parked.rowCount).toBe(0);
  });
});

describe('a rule of which too many findings are wrong', () => {
  const doubt = async (people: Member[]) => {
    const { specId, elements } = await reported();
    for (const [index, element] of elements.slice(0, 5).entries()) {
      const by = people[index % people.length] ?? ann;
      await mark(by, specId, { element }).expect(200);
    }
  };

  test('is advisory until an administrator has looked at it, and the rules are other ones meanwhile', async () => {
    const { packHash } = await service.app.get(RulesQueries).forOrganization(tenant.organizationId);
    const begun = new Date().toISOString();
    await doubt([ann, bob]);
    expect(await ruleOf()).toMatchObject({
      severity: 'advisory',
      statedSeverity: 'blocking',
      quality: { wrong: 5, people: 2, isBelowThreshold: true },
    });
    const rules = await service.app.get(RulesQueries).forOrganization(tenant.organizationId);
    expect(rules.packHash).not.toBe(packHash);
    const doubted = new Date().toISOString();
    const review = (apiKey: string) =>
      tenant.request('post', `/rules/${required}/review`, apiKey).send({ reason: 'The check was corrected.' });
    const bot = await join(tenant, 'Bot', { kind: 'agent', role: 'admin' });
    for (const { apiKey } of [ann, bot]) expectProblem(await review(apiKey), 403, 'not_permitted');
    expect((await review(tenant.apiKey).expect(200)).body).toMatchObject({ wrong: 0, people: 0 });
    expect(await ruleOf()).toMatchObject({ severity: 'blocking', quality: { wrong: 0, isBelowThreshold: false } });
    expect((await inForce())?.severity).toBe('blocking');
    expect((await review(tenant.apiKey).expect(200)).body).toMatchObject({ version: 6 });
    const earlier = service.app.get(RulesAtQueries);
    const hashes = [begun, doubted, new Date().toISOString()].map(async (at) => {
      return (await earlier.forOrganization(tenant.organizationId, at)).packHash;
    });
    expect(await Promise.all(hashes)).toEqual([packHash, rules.packHash, packHash]);
  });

  test('is not so by what one person says, nor by what agents say', async () => {
    await doubt([ann]);
    const bots = [await join(tenant, 'Bot', { kind: 'agent' }), await join(tenant, 'Robot', { kind: 'agent' })];
    await doubt(bots);
    expect(await ruleOf()).toMatchObject({
      severity: 'blocking',
      quality: { wrong: 5, people: 1, isBelowThreshold: false },
    });
  });

  test('is not so by what the author of the specs says, by whatever key, nor by keys that came from them', async () => {
    const admin = await join(tenant, 'Adm', { role: 'admin' });
    wil = admin;
    const second = await issueMemberKey(tenant, admin.memberId, 'writer');
    const planted = await issueMemberKey(tenant, bob.memberId, 'writer', admin.apiKey);
    await doubt([admin, second, planted]);
    const { severity, quality, marks } = await ruleOf();
    expect([severity, quality.wrong, quality.people]).toEqual(['blocking', 0, 0]);
    expect(marks.map(({ counts }) => counts)).toEqual([false, false, false, false, false]);
  });

  test('is not so where most of its findings are right', async () => {
    for (let count = 0; count < 6; count++) await reported();
    await doubt([ann, bob]);
    expect(await ruleOf()).toMatchObject({ severity: 'blocking', quality: { wrong: 5, people: 2 } });
  });
});

test('the rules in force are listed, all of them or those of one pack', async () => {
  await publishPack(tenant, 'house', { rules: [rule({ owner: 'security', mode: 'shadow' })] }).expect(200);
  const list = async (query = '') =>
    ((await tenant.request('get', `/rules${query}`).expect(200)).body as { items: View[] }).items;
  const all = await list();
  expect(all.length).toBeGreaterThan(20);
  expect(await list('?pack=house')).toMatchObject([
    {
      ruleId: 'house.declared-events',
      owner: 'security',
      mode: 'shadow',
      quality: { findings: 0, wrongPercent: null },
    },
  ]);
  expect(await list('?pack=nowhere')).toEqual([]);
  expectProblem(await tenant.request('get', '/rules/house.nothing'), 404, 'not_found');
});
