import { beforeEach, describe, expect, test } from 'vitest';
import { latestReport, reportRowOf, searchesDocument } from './support/compliance-reports.js';
import type { Team } from './support/reviews.js';
import { newTeam, SpecOf } from './support/reviews.js';
import { startService } from './support/service.js';
import { issueReport, judgeByHouseRule } from './support/spec-compliance.js';
import { expectProblem } from './support/specs.js';

const service = startService();
let team: Team;
beforeEach(async () => {
  team = await newTeam(await service.newOrganization());
  await judgeByHouseRule(team);
});

describe('a link', () => {
  const route = 'POST /api/searches';
  type Element = { kind: string; key: string; hash: string };
  const links = async (spec: SpecOf) =>
    (await spec.request('get', '/compliance-links', team.ann).expect(200)).body as {
      items: { linkId: string; standing: string; confirmedBy: { name: string } }[];
      missing: { ruleId: string; elements: Element[] }[];
      elements: Element[];
    };
  const elementOf = async (spec: SpecOf, kind: string): Promise<Element> => {
    const found = (await links(spec)).elements.find((one) => one.kind === kind);
    if (!found) throw new Error(`there is no ${kind}`);
    return found;
  };
  const commands = 'template.consistency.commands_mutations';
  const confirm = (spec: SpecOf, body: object, who = team.ann) =>
    spec.request('post', '/compliance-links', who).send(body);
  const linked = async (spec: SpecOf) => ({
    kind: 'route_command',
    element: await elementOf(spec, 'route'),
    counterpart: await elementOf(spec, 'command'),
  });

  test('is missing, with the exact elements, until it is confirmed', async () => {
    const spec = await SpecOf.begin(team, searchesDocument);
    expect((await links(spec)).missing).toContainEqual(
      expect.objectContaining({ ruleId: commands, elements: [expect.objectContaining({ kind: 'route', key: route })] }),
    );
    const confirmed = await confirm(spec, await linked(spec), team.bot);
    expect(confirmed.status).toBe(201);
    const after = await links(spec);
    expect(after.items).toMatchObject([{ standing: 'confirmed', confirmedBy: { name: 'Bot' } }]);
    expect(after.missing.map(({ ruleId }) => ruleId)).not.toContain(commands);
    await issueReport(spec).expect(201);
    expect(reportRowOf(await latestReport(spec), commands)).toMatchObject({ outcome: 'compliant' });
  });

  test('outlives edits elsewhere, and is suspect once the text of either end changes', async () => {
    const spec = await SpecOf.begin(team, searchesDocument);
    await confirm(spec, await linked(spec)).expect(201);
    await spec.edit(team.ann, 'People keep many searches.\n').expect(200);
    expect((await links(spec)).items).toMatchObject([{ standing: 'confirmed' }]);
    const contracts = '\n### POST /api/searches\n\n- **Auth**: nobody needs any\n\n';
    await spec.edit(team.ann, contracts, 'api-contracts').expect(200);
    const after = await links(spec);
    expect(after.items).toMatchObject([{ standing: 'suspect' }]);
    expect(after.missing.map(({ ruleId }) => ruleId)).toContain(commands);
    await confirm(spec, await linked(spec)).expect(201);
    expect((await links(spec)).items).toMatchObject([{ standing: 'confirmed' }]);
  });

  test('says of an extension what it extends', async () => {
    const spec = await SpecOf.begin(team, searchesDocument);
    const element = await elementOf(spec, 'route');
    expectProblem(await confirm(spec, { kind: 'extension', element }), 422, 'validation_failed');
    const reason = 'The route is there since 2024.';
    await confirm(spec, { kind: 'extension', element, reason }).expect(201);
    await issueReport(spec).expect(201);
    expect(reportRowOf(await latestReport(spec), commands)).toMatchObject({ outcome: 'compliant' });
  });

  test('is between elements that are there, as they were read, and of the right kinds', async () => {
    const spec = await SpecOf.begin(team, searchesDocument);
    const good = await linked(spec);
    const other = { ...good.element, key: 'POST /api/others' };
    expectProblem(await confirm(spec, { ...good, element: other }), 422, 'validation_failed');
    const unread = { ...good.element, hash: '0'.repeat(64) };
    expectProblem(await confirm(spec, { ...good, element: unread }), 409, 'content_changed');
    expectProblem(await confirm(spec, { ...good, kind: 'risk_route' }), 422, 'validation_failed');
    expectProblem(await confirm(spec, { ...good, counterpart: null }), 422, 'validation_failed');
    expect((await links(spec)).items).toEqual([]);
  });

  test('is taken back', async () => {
    const spec = await SpecOf.begin(team, searchesDocument);
    const { linkId } = (await confirm(spec, await linked(spec)).expect(201)).body as { linkId: string };
    await spec.request('delete', `/compliance-links/${linkId}`, team.ben).expect(200);
    expect((await links(spec)).items).toEqual([]);
    expectProblem(await spec.request('delete', `/compliance-links/${linkId}`, team.ben), 404, 'not_found');
  });
});
