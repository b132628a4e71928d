import { beforeEach, describe, expect, test } from 'vitest';
import { complianceStream } from '../src/commands/spec-compliance.commands.js';
import { EventStore } from '../src/modules/event-store/event-store.js';
import type { ReportJson } from './support/compliance-reports.js';
import { latestReport, reportRowOf, searchesDocument } from './support/compliance-reports.js';
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

describe('a compliance report', () => {
  test('judges relative links by the files of the repository, where whoever asks for it tells them', async () => {
    const spec = await SpecOf.begin(team);
    await spec.edit(team.ann, 'As [the house](../AGENTS.md) and [the other](other.md) say.\n').expect(200);
    const issue = (body?: object) => spec.request('post', '/compliance-reports', team.ann).send(body);
    const broken = async () => reportRowOf(await latestReport(spec), 'template.links.resolve')?.findings.length;
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
    const report = await latestReport(spec);
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
    const { items, page: at } = page.body as { items: ReportJson[]; page: { next: string } };
    expect(items).toMatchObject([{ number: 2 }]);
    const rest = await spec.request('get', `/compliance-reports?limit=1&cursor=${at.next}`, team.ann).expect(200);
    expect(rest.body).toMatchObject({ items: [{ number: 1 }], page: { next: null } });
  });

  test('carries what the author claims, what was found on what text, and what was ruled', async () => {
    const spec = await SpecOf.begin(team, searchesDocument);
    await attest(spec, team.cat, { position: 'non_compliant', sentence: 'One event is not declared.' });
    const waiverId = await waiverOf(spec);
    await issueReport(spec).expect(201);
    const report = await latestReport(spec);
    expect(report.waiverIds).toEqual([waiverId]);
    expect(reportRowOf(report, houseRule)).toMatchObject({
      statement: 'Every event is declared.',
      outcome: 'waived',
      claim: null,
      finding: { outcome: 'non_compliant' },
      ruling: { kind: 'waiver', by: team.dan.memberId, sentence: 'They are checked by hand.' },
    });
    const risks = reportRowOf(report, 'template.risks.complete');
    const [evidence] = risks?.findings[0]?.evidence ?? [];
    expect(risks?.outcome).toBe('non_compliant');
    const markdown = await spec.request('get', '', team.ann).set('accept', 'text/markdown').expect(200);
    const bytes = Buffer.from(markdown.text).subarray(evidence?.start, evidence?.end).toString();
    expect(bytes).toContain('Sometimes');
    expect(bytes.startsWith(evidence?.excerpt ?? '?')).toBe(true);
  });

  test('is Markdown as the template has it, which reads as the same rows when it is put into the spec', async () => {
    const spec = await SpecOf.begin(team, searchesDocument);
    await issueReport(spec).expect(201);
    const { rows, consistency } = await latestReport(spec);
    const read = spec.request('get', '/compliance-reports/latest', team.ann).set('accept', 'text/markdown');
    const { text, headers } = await read.expect(200);
    expect(headers['content-type']).toBe('text/markdown; charset=utf-8');
    expect(text).toMatch(/^## Final Compliance Report — \d{4}-\d\d-\d\d\n/);
    const whole = spec.request('put', '', team.ann).set('if-match', '*').set('content-type', 'text/markdown');
    await whole.send(`${searchesDocument}\n${text}`).expect(200);
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
    const before = await latestReport(spec);
    await spec.edit(team.ann, 'Keep none.\n').expect(200);
    expect(await latestReport(spec)).toEqual(before);
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
