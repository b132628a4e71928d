import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { newId } from '../src/commands/ids.js';
import { complianceStream } from '../src/commands/spec-compliance.commands.js';
import type { ReportList } from '../src/modules/compliance/compliance-standing.view.js';
import { complianceDecider } from '../src/modules/compliance/compliance.decider.js';
import type { WaiverList } from '../src/modules/compliance/waiver.view.js';
import { EventStore } from '../src/modules/event-store/event-store.js';
import type { Team } from './support/reviews.js';
import { because, newTeam, SpecOf } from './support/reviews.js';
import { publishPack, putSource, rule, sourcePath } from './support/rules.js';
import { runOn, startService } from './support/service.js';
import {
  approveWaiver,
  attest,
  complianceOf,
  houseRule,
  issueReport,
  judgeByHouseRule,
  requestWaiver,
  waiverOf,
} from './support/spec-compliance.js';
import type { StandingJson } from './support/spec-compliance.js';
import { expectProblem } from './support/specs.js';

const service = startService();
let team: Team;
beforeAll(async () => {
  team = await newTeam(await service.newOrganization());
});

async function lastPosition(): Promise<number> {
  const { rows } = await runOn(service.databaseUrl, 'select max(seq) as last from specline.event');
  return Number(rows[0]?.last);
}

/** A time behind all that was written before, and before all that is written after. */
async function moment(): Promise<string> {
  await pause(3);
  const at = new Date().toISOString();
  await pause(3);
  return at;
}

test('the verdict of every moment is told later as it was told then', { timeout: 60_000 }, async () => {
  const before = await moment();
  const spec = await SpecOf.begin(team);
  const told: { at: string; seq: number; step: string; answer: StandingJson; why: string }[] = [];
  const look = async (step: string) => {
    const at = await moment();
    const answer = await complianceOf(spec);
    told.push({
      at,
      seq: await lastPosition(),
      step,
      answer,
      why: answer.why.map(({ code }) => code).join() || answer.freshness,
    });
  };
  const admin = (path: string, body: object) => team.tenant.request('post', path).send(body).expect(200);

  await look('nothing was reported');
  await judgeByHouseRule(team);
  await look('there are rules, and no report');
  await issueReport(spec).expect(201);
  await look('a report that a rule blocks');
  await attest(spec, team.cat);
  await look('an attestation');
  await issueReport(spec).expect(201);
  await look('a report that nothing blocks');
  await spec.edit(team.ann, 'Keep them for good.\n').expect(200);
  await look('another content');
  await spec.edit(team.ann, 'Keep them.\n\n').expect(200);
  await look('the content put back');
  await publishPack(team.tenant, 'more', { rules: [rule({ key: 'second' })] }).expect(200);
  await look('another pack');
  await admin('/rule-packs/more/retirement', because);
  await look('that pack retired');
  await putSource(team.tenant, '# Rules\n\n- Always log.\n').expect(200);
  await look('a rule file');
  await admin(`/rule-sources/${encodeURIComponent(sourcePath)}/retirement`, because);
  await look('that file retired');
  await spec
    .request('put', '/labels', team.ann)
    .set('if-match', '*')
    .send({ labels: ['new'] })
    .expect(200);
  await issueReport(spec).expect(201);
  await spec.edit(team.ben, 'Keep all of them.\n').expect(200);
  await issueReport(spec).expect(201);
  await look('an author more, and the attestation is of another content');
  const expiresAt = new Date(Date.now() + 1_500).toISOString();
  const { waiverId } = (await requestWaiver(spec, team.ann, { expiresAt }).expect(201)).body as { waiverId: string };
  await look('a waiver that nobody approved');
  await approveWaiver(spec, waiverId, team.dan).expect(200);
  await look('a waiver');
  await issueReport(spec).expect(201);
  await look('a report with a waiver');
  await pause(Math.max(0, Date.parse(expiresAt) - Date.now() + 5));
  await look('the waiver ran out');
  const second = await waiverOf(spec);
  await issueReport(spec).expect(201);
  await look('another waiver');
  await admin(`/compliance/waivers/${second}/withdraw`, because);
  await look('that one withdrawn');
  await spec.edit(team.dan, 'Keep every one.\n').expect(200);
  await look('who approved writes');

  expect(told.map(({ why }) => why)).toEqual([
    ...['none', 'none', 'fresh', 'rulings_changed', 'fresh', 'content_changed', 'fresh'],
    ...['rules_changed', 'fresh', 'rules_changed', 'fresh'],
    ...['fresh', 'fresh', 'waiver_approved', 'fresh', 'waiver_ended', 'fresh', 'waiver_ended'],
    'content_changed,waiver_ended,ruled_by_writer',
  ]);
  expect(new Set(told.map(({ answer }) => answer.verdict))).toEqual(
    new Set([null, 'non_compliant', 'compliant', 'compliant_with_waivers']),
  );
  const asOf = (query: string) => spec.request('get', `/compliance?${query}`, team.ben);
  for (const { at, seq, step, answer } of told) {
    expect({ step, answer: (await asOf(`at=${at}`).expect(200)).body as StandingJson }).toEqual({ step, answer });
    // What the clock alone ended has no position.
    if (step === 'the waiver ran out') continue;
    expect({ step, answer: (await asOf(`at=${seq}`).expect(200)).body as StandingJson }).toEqual({ step, answer });
  }
  expectProblem(await asOf(`at=${before}`), 404, 'not_found');
  expectProblem(await asOf('version=999'), 404, 'not_found');
  expectProblem(await asOf(`version=1&at=${before}`), 400, 'invalid_request');
  expectProblem(await asOf('at=yesterday'), 400, 'invalid_request');
});

test('at the version of an approval stands the verdict that it rested on', async () => {
  const spec = await SpecOf.inReview(team);
  const unread = (await spec.read()) as { version: number };
  await attest(spec, team.cat);
  await issueReport(spec).expect(201);
  expect((await spec.vote(team.ben)).status).toBe(201);
  const approved = (await spec.read()) as { lifecycle: string; version: number };
  expect(approved.lifecycle).toBe('approved');
  const { reportId } = await complianceOf(spec);
  await publishPack(team.tenant, 'later', { rules: [rule({ key: 'later' })] }).expect(200);
  await issueReport(spec).expect(201);

  const at = async (query: string) =>
    (await spec.request('get', `/compliance${query}`, team.ann).expect(200)).body as StandingJson;
  expect(await at('')).toMatchObject({ verdict: 'non_compliant' });
  expect(await at(`?version=${unread.version}`)).toMatchObject({ freshness: 'none', reportId: null, passes: false });
  expect(await at(`?version=${approved.version}`)).toMatchObject({ passes: true, verdict: 'compliant', reportId });
});

test('the last report of a time is the one that there was then', async () => {
  const spec = await SpecOf.begin(team);
  const before = await moment();
  await issueReport(spec).expect(201);
  const first = await moment();
  await attest(spec, team.cat);
  await issueReport(spec).expect(201);
  const { items } = (await spec.request('get', '/compliance-reports', team.ann).expect(200)).body as ReportList;
  const latest = (query: string) => spec.request('get', `/compliance-reports/latest${query}`, team.ann);
  expect((await latest('').expect(200)).body).toMatchObject({ reportId: items[0]?.reportId, number: 2 });
  expect((await latest(`?at=${first}`).expect(200)).body).toMatchObject({ reportId: items[1]?.reportId, number: 1 });
  expectProblem(await latest(`?at=${before}`), 404, 'not_found');
  expectProblem(await latest('?version=1'), 404, 'not_found');
});

test('a report of an earlier program is not stale by the built-in rules of this one', async () => {
  const { organizationId } = team.tenant;
  const spec = await SpecOf.begin(team);
  await issueReport(spec).expect(201);
  const store = service.app.get(EventStore);
  const stream = { organizationId, type: complianceDecider.streamType, id: complianceStream(spec.specId) };
  const [issued] = await store.read(stream, 0, 1);
  if (!issued) throw new Error('there is a report');
  const { type, schemaVersion, metadata } = issued;
  const payload = { ...issued.payload, number: 2, reportId: newId(), packHash: 'ab'.repeat(32) };
  const events = [{ type, schemaVersion, metadata, payload }];
  const now = new Date();
  await store.append(stream, 'exists', { commandId: newId(), now, events });
  await runOn(
    service.databaseUrl,
    `insert into specline.compliance_report select (jsonb_populate_record(r, jsonb_build_object('number', 2,
       'report_id', '${payload.reportId}', 'pack_hash', '${payload.packHash}', 'version', version + 2,
       'issued_at', '${now.toISOString()}'))).* from specline.compliance_report r where spec_id = '${spec.specId}'`,
  );
  const issuedThen = await moment();
  const at = async (time: string) =>
    (await spec.request('get', `/compliance?at=${time}`, team.ann).expect(200)).body as StandingJson;
  expect(await at(issuedThen)).toMatchObject({
    freshness: 'fresh',
    reportId: payload.reportId,
    packHash: payload.packHash,
  });
  await publishPack(team.tenant, 'another', { rules: [rule({ key: 'another' })] }).expect(200);
  expect(await at(await moment())).toMatchObject({ freshness: 'stale', why: [{ code: 'rules_changed' }] });
  expect(await at(issuedThen)).toMatchObject({ freshness: 'fresh' });
});

test('waivers are listed as they were at a time', async () => {
  const { tenant } = team;
  const spec = await SpecOf.begin(team);
  const list = async (query: string) => {
    const { items } = (await tenant.request('get', `/compliance/waivers?specId=${spec.specId}${query}`).expect(200))
      .body as WaiverList;
    return items;
  };
  const before = await moment();
  const { waiverId } = (await requestWaiver(spec, team.ben).expect(201)).body as { waiverId: string };
  const times = [await moment()];
  const told = [await list('')];
  await approveWaiver(spec, waiverId, team.dan).expect(200);
  times.push(await moment());
  told.push(await list(''));
  await tenant.request('post', `/compliance/waivers/${waiverId}/withdraw`).send(because).expect(200);
  times.push(await moment());
  told.push(await list(''));

  expect(told.map(([waiver]) => waiver?.standing)).toEqual(['requested', 'approved', 'withdrawn']);
  for (const [index, at] of times.entries()) expect(await list(`&at=${at}`)).toEqual(told[index]);
  expect(await list(`&at=${before}`)).toEqual([]);
  expect(await list(`&at=${times[0]}&standing=approved`)).toEqual([]);
  expect(await list(`&at=${times[1]}&standing=approved&ruleId=${houseRule}`)).toMatchObject([{ waiverId }]);
});
