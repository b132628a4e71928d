import { beforeEach, describe, expect, test } from 'vitest';
import { complianceStream } from '../src/commands/spec-compliance.commands.js';
import { EventStore } from '../src/modules/event-store/event-store.js';
import type { Team } from './support/reviews.js';
import { newTeam, SpecOf } from './support/reviews.js';
import { startService } from './support/service.js';
import { attest, houseRule, issueReport, judgeByHouseRule, waiverOf } from './support/spec-compliance.js';
import { expectProblem } from './support/specs.js';

const service = startService();
let team: Team;
beforeEach(async () => {
  team = await newTeam(await service.newOrganization());
  await judgeByHouseRule(team);
});

/** Three sections of the built-in template that the rules have something to say about. */
const document = `# Kept searches

## TLDR
People keep a search.

## API Contracts

### POST /api/searches

- **Auth**: required

## Commands & Events

- **Command**: \`catalog.search.keep\`

## Risks & Impact Review

### Data Integrity Failures

#### Searches are lost
- **Scenario**: The disk fails.
- **Severity**: Sometimes
- **Affected area**: Searches
- **Mitigation**: Backups.
- **Residual risk**: A day.
`;

type Report = {
  reportId: string;
  number: number;
  verdict: string;
  rows: Row[];
  consistency: Row[];
  waiverIds: string[];
  issuedBy: { id: string; name: string };
};
type Row = {
  ruleId: string;
  outcome: string;
  statement: string;
  claim: unknown;
  finding: { outcome: string };
  ruling: { kind: string; by: string; sentence: string } | null;
  findings: { evidence: { sectionKey: string; start: number; end: number; hash: string; excerpt: string }[] }[];
};
const latest = async (spec: SpecOf): Promise<Report> =>
  (await spec.request('get', '/compliance-reports/latest', team.ann).expect(200)).body as Report;
const rowOf = ({ rows, consistency }: Report, ruleId: string): Row | undefined =>
  [...rows, ...consistency].find((row) => row.ruleId === ruleId);

describe('a compliance report', () => {
  test('judges relative links by the files of the repository, where whoever asks for it tells them', async () => {
    const spec = await SpecOf.begin(team);
    await spec.edit(team.ann, 'As [the house](../AGENTS.md) and [the other](other.md) say.\n').expect(200);
    const issue = (body?: object) => spec.request('post', '/compliance-reports', team.ann).send(body);
    const broken = async () => rowOf(await latest(spec), 'template.links.resolve')?.findings.length;
    await issue().expect(201);
    expect(await broken()).toBe(0);
    const repository = { path: 'specs/kept.md', files: ['AGENTS.md', 'specs/kept.md'] };
    await issue({ repository }).expect(201);
    expect(await broken()).toBe(1);
    await issue({ repository: { ...repository, files: ['AGENTS.md', 'specs/kept.md', 'specs/other.md'] } }).expect(201);
    expect(await broken()).toBe(0);
    expectProblem(await issue({ repository: { path: 7 } }), 422, 'validation_failed');
    expectProblem(await issue({ reportId: 'x' }), 422, 'validation_failed');
  });

  test('is issued, read and listed', async () => {
    const spec = await SpecOf.begin(team);
    const issued = await issueReport(spec).expect(201);
    const { reportId } = issued.body as { reportId: string };
    expect(issued.body).toMatchObject({ specId: spec.specId, verdict: 'non_compliant', version: 2 });
    expect(issued.headers.location).toMatch(new RegExp(`/specs/${spec.specId}/compliance-reports/${reportId}$`));
    const report = await latest(spec);
    expect(report).toMatchObject({ reportId, number: 1, issuedBy: { id: team.ann.memberId, name: 'Ann' } });
    const one = await spec.request('get', `/compliance-reports/${reportId}`, team.ben).expect(200);
    expect(one.body).toEqual(report);
    expect(one.headers.etag).toBe('"1"');
    const list = await spec.request('get', '/compliance-reports', team.ann).expect(200);
    expect(list.body).toMatchObject({ items: [{ reportId, verdict: 'non_compliant' }], page: { next: null } });
  });

  test('is the last one where it comes to the same', async () => {
    const spec = await SpecOf.begin(team);
    const first = (await issueReport(spec).expect(201)).body as { reportId: string };
    const again = (await issueReport(spec, team.bot).expect(201)).body as { reportId: string };
    expect(again).toEqual(first);
    await attest(spec, team.cat);
    const third = (await issueReport(spec).expect(201)).body as { reportId: string; verdict: string };
    expect(third.reportId).not.toBe(first.reportId);
    expect(third.verdict).toBe('compliant');
    const page = await spec.request('get', '/compliance-reports?limit=1', team.ann).expect(200);
    const { items, page: at } = page.body as { items: Report[]; page: { next: string } };
    expect(items).toMatchObject([{ number: 2 }]);
    const rest = await spec.request('get', `/compliance-reports?limit=1&cursor=${at.next}`, team.ann).expect(200);
    expect(rest.body).toMatchObject({ items: [{ number: 1 }], page: { next: null } });
  });

  test('carries what the author claims, what was found on what text, and what was ruled', async () => {
    const spec = await SpecOf.begin(team, document);
    await attest(spec, team.cat, { position: 'non_compliant', sentence: 'One event is not declared.' });
    const waiverId = await waiverOf(spec);
    await issueReport(spec).expect(201);
    const report = await latest(spec);
    expect(report.waiverIds).toEqual([waiverId]);
    expect(rowOf(report, houseRule)).toMatchObject({
      statement: 'Every event is declared.',
      outcome: 'waived',
      claim: null,
      finding: { outcome: 'non_compliant' },
      ruling: { kind: 'waiver', by: team.dan.memberId, sentence: 'They are checked by hand.' },
    });
    const risks = rowOf(report, 'template.risks.complete');
    const [evidence] = risks?.findings[0]?.evidence ?? [];
    expect(risks?.outcome).toBe('non_compliant');
    const markdown = await spec.request('get', '', team.ann).set('accept', 'text/markdown').expect(200);
    const bytes = Buffer.from(markdown.text).subarray(evidence?.start, evidence?.end).toString();
    expect(bytes).toContain('Sometimes');
    expect(bytes.startsWith(evidence?.excerpt ?? '?')).toBe(true);
  });

  test('is Markdown as the template has it, which reads as the same rows when it is put into the spec', async () => {
    const spec = await SpecOf.begin(team, document);
    await issueReport(spec).expect(201);
    const { rows, consistency } = await latest(spec);
    const read = spec.request('get', '/compliance-reports/latest', team.ann).set('accept', 'text/markdown');
    const { text, headers } = await read.expect(200);
    expect(headers['content-type']).toBe('text/markdown; charset=utf-8');
    expect(text).toMatch(/^## Final Compliance Report — \d{4}-\d\d-\d\d\n/);
    const whole = spec.request('put', '', team.ann).set('if-match', '*').set('content-type', 'text/markdown');
    await whole.send(`${document}\n${text}`).expect(200);
    const answer = await spec.request('get', '/elements', team.ann).expect(200);
    const { complianceReports } = answer.body as { complianceReports: { matrix: { rule: string }[] }[] };
    expect(complianceReports).toMatchObject([
      { verdictClass: 'blocked', consistency: consistency.map(({ statement }) => ({ check: statement })) },
    ]);
    expect(complianceReports[0]?.matrix.map(({ rule }) => rule)).toEqual(rows.map(({ statement }) => statement));
  });

  test('says what was true when it was issued, whatever becomes of the spec', async () => {
    const spec = await SpecOf.begin(team);
    await issueReport(spec).expect(201);
    const before = await latest(spec);
    await spec.edit(team.ann, 'Keep none.\n').expect(200);
    expect(await latest(spec)).toEqual(before);
  });

  test('stands in history with its verdict, and the change of that', async () => {
    const spec = await SpecOf.begin(team);
    await issueReport(spec).expect(201);
    await attest(spec, team.cat);
    await issueReport(spec).expect(201);
    const { organizationId } = team.tenant;
    const stream = { organizationId, type: 'spec_compliance', id: complianceStream(spec.specId) };
    const events = await service.app.get(EventStore).read(stream);
    expect(events.map(({ type, payload }) => [type, (payload as { verdict?: string }).verdict])).toEqual([
      ['compliance.report.issued', 'non_compliant'],
      ['compliance.verdict.changed', 'non_compliant'],
      ['compliance.rule.attested', undefined],
      ['compliance.report.issued', 'compliant'],
      ['compliance.verdict.changed', 'compliant'],
    ]);
    expect(events.at(-1)?.payload).toMatchObject({ before: 'non_compliant', verdict: 'compliant' });
  });

  test('is there only once it was issued, and only on its own spec', async () => {
    const [spec, other] = [await SpecOf.begin(team), await SpecOf.begin(team)];
    expectProblem(await spec.request('get', '/compliance-reports/latest', team.ann), 404, 'not_found');
    const { reportId } = (await issueReport(spec).expect(201)).body as { reportId: string };
    expectProblem(await other.request('get', `/compliance-reports/${reportId}`, team.ann), 404, 'not_found');
    const nowhere = new SpecOf(team, reportId);
    expectProblem(await issueReport(nowhere), 404, 'not_found');
    expectProblem(await nowhere.request('get', '/compliance', team.ann), 404, 'not_found');
  });
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
    const spec = await SpecOf.begin(team, document);
    expect((await links(spec)).missing).toContainEqual(
      expect.objectContaining({ ruleId: commands, elements: [expect.objectContaining({ kind: 'route', key: route })] }),
    );
    const confirmed = await confirm(spec, await linked(spec), team.bot);
    expect(confirmed.status).toBe(201);
    const after = await links(spec);
    expect(after.items).toMatchObject([{ standing: 'confirmed', confirmedBy: { name: 'Bot' } }]);
    expect(after.missing.map(({ ruleId }) => ruleId)).not.toContain(commands);
    await issueReport(spec).expect(201);
    expect(rowOf(await latest(spec), commands)).toMatchObject({ outcome: 'compliant' });
  });

  test('outlives edits elsewhere, and is suspect once the text of either end changes', async () => {
    const spec = await SpecOf.begin(team, document);
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
    const spec = await SpecOf.begin(team, document);
    const element = await elementOf(spec, 'route');
    expectProblem(await confirm(spec, { kind: 'extension', element }), 422, 'validation_failed');
    const reason = 'The route is there since 2024.';
    await confirm(spec, { kind: 'extension', element, reason }).expect(201);
    await issueReport(spec).expect(201);
    expect(rowOf(await latest(spec), commands)).toMatchObject({ outcome: 'compliant' });
  });

  test('is between elements that are there, as they were read, and of the right kinds', async () => {
    const spec = await SpecOf.begin(team, document);
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
    const spec = await SpecOf.begin(team, document);
    const { linkId } = (await confirm(spec, await linked(spec)).expect(201)).body as { linkId: string };
    await spec.request('delete', `/compliance-links/${linkId}`, team.ben).expect(200);
    expect((await links(spec)).items).toEqual([]);
    expectProblem(await spec.request('delete', `/compliance-links/${linkId}`, team.ben), 404, 'not_found');
  });
});
