import pg from 'pg';
import type { Response } from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ChartDrawer } from '../src/modules/audit/chart-drawer.js';
import { stateAfter } from '../src/modules/audit/statistics-statements.js';
import type { AuditStatistics } from '../src/modules/audit/statistics.view.js';
import { transitions } from '../src/modules/specs/transitions.decider.js';
import { join } from './support/members.js';
import { erase } from './support/persons.js';
import { because, newTeam, SpecOf } from './support/reviews.js';
import type { Team } from './support/reviews.js';
import { startService } from './support/service.js';
import { expectProblem } from './support/specs.js';

const service = startService();
const september = '?from=2026-09-01T00:00:00Z&to=2026-09-30T00:00:00Z';
let client: pg.Client;
beforeAll(async () => {
  client = new pg.Client({ connectionString: service.databaseUrl });
  await client.connect();
  await client.query('set session_replication_role = replica');
});
afterAll(() => client.end());

/** Puts the events of a spec, in their order, to other times: as if it had all been done then. */
async function happened(spec: SpecOf, times: readonly string[]): Promise<void> {
  await view(spec.team, 'activity');
  for (const table of ['event', 'audit_entry']) {
    const moved = await client.query(
      `update specline.${table} e set recorded_at = t.at from unnest($2::timestamptz[]) with ordinality t (at, version)
        where e.stream_id = $1 and e.version = t.version`,
      [spec.specId, times],
    );
    expect(moved.rowCount).toBe(times.length);
  }
}

const ask = (team: Team, name: string, query = september) =>
  team.tenant.request('get', `/audit/views/${name}${query}`, team.ben.apiKey).set('prefer', 'wait=20');

async function view(team: Team, name: string, query = september): Promise<AuditStatistics> {
  const answer = await ask(team, name, query).expect(200);
  expect(answer.headers['preference-applied']).toBe('wait=20');
  return answer.body as AuditStatistics;
}

/** What is not nothing in the buckets of each series. */
const told = ({ buckets, series }: AuditStatistics) =>
  Object.fromEntries(
    series.map(({ key, counts, medians, ninetieths }) => [
      key,
      buckets.flatMap((bucket, at) =>
        counts[at] ? [[bucket.slice(5), counts[at], ...(medians ? [medians[at], ninetieths?.[at]] : [])]] : [],
      ),
    ]),
  );
const hours = (count: number) => count * 3600;

describe('A view of the trail', () => {
  let team: Team;
  let spec: SpecOf;
  beforeAll(async () => {
    team = await newTeam(await service.newOrganization());
    // 1 imported, 2 submitted, 3 vote of an agent, 4 returned, 5 submitted, 6 vote, 7 approved, 8 amended.
    spec = await SpecOf.inReview(team);
    expect((await spec.vote(team.bot)).status).toBe(201);
    await spec.go('return', team.ann, because).expect(200);
    await spec.go('submit', team.ann).expect(200);
    expect((await spec.vote(team.ben)).status).toBe(201);
    await spec.go('amend', team.ann, because).expect(200);
    await happened(spec, [
      ...['2026-09-01T10:00:00Z', '2026-09-02T10:00:00Z', '2026-09-02T10:00:01Z', '2026-09-03T12:00:00Z'],
      ...['2026-09-03T12:30:00.250Z', '2026-09-05T12:30:00Z', '2026-09-05T12:30:00Z', '2026-09-09T12:30:00Z'],
    ]);
    const other = await SpecOf.inReview(team);
    await other.go('defer', team.ann, because).expect(200);
    await other.go('reopen', team.ann, because).expect(200);
    await happened(other, [
      ...['2026-09-02T04:00:00Z', '2026-09-02T10:00:00Z', '2026-09-05T10:00:00Z', '2026-09-05T20:00:00Z'],
    ]);
  });

  test('counts events by day and kind of actor, or by actor', async () => {
    const activity = await view(team, 'activity');
    expect(activity).toMatchObject({ view: 'activity', from: '2026-09-01T00:00:00.000Z', bucket: 'day' });
    expect(activity.buckets).toHaveLength(29);
    expect(told(activity)).toEqual({
      human: [
        ...[
          ['09-01', 1],
          ['09-02', 3],
          ['09-03', 2],
        ],
        ...[
          ['09-05', 4],
          ['09-09', 1],
        ],
      ],
      agent: [['09-02', 1]],
    });
    expect(activity.series.map(({ count, counts }) => [count, counts.length])).toEqual([
      [11, 29],
      [1, 29],
    ]);
    const { series } = await view(team, 'actors');
    expect(series.map(({ name, count }) => [name, count])).toEqual([
      ['Ann', 9],
      ['Ben', 2],
      ['Bot', 1],
    ]);
    expect(series[0]?.key).toBe(team.ann.memberId);
  });

  test('tells how long specs stood where they were taken from, amendments and all', async () => {
    expect(told(await view(team, 'cycle-time'))).toEqual({
      draft: [
        ['09-02', 2, hours(15), hours(22.2)],
        ['09-03', 1, 1800.25, 1800.25],
      ],
      in_review: [
        ['09-03', 1, hours(26), hours(26)],
        [
          '09-05',
          2,
          (hours(48) - 0.25 + hours(72)) / 2,
          expect.closeTo(hours(48) - 0.25 + 0.9 * (hours(24) + 0.25), 2),
        ],
      ],
      approved: [['09-09', 1, hours(96), hours(96)]],
      deferred: [['09-05', 1, hours(10), hours(10)]],
    });
    const monthly = await view(team, 'cycle-time', `${september}&bucket=month`);
    expect(monthly.buckets).toEqual(['2026-09-01']);
    expect(monthly.series.map(({ key, count, median }) => [key, count, median])).toEqual([
      ['draft', 3, hours(6)],
      ['in_review', 3, hours(48) - 0.25],
      ['approved', 1, hours(96)],
      ['deferred', 1, hours(10)],
    ]);
  });

  test('goes on from where a withdrawn amendment left what is in force', async () => {
    await spec.go('withdraw', team.ann, because).expect(200);
    await spec.go('start', team.ann).expect(200);
    const stored = await client.query<{ at: Date }>(
      `select recorded_at as at from specline.event where stream_id = $1 order by version`,
      [spec.specId],
    );
    const before = stored.rows.slice(0, 8).map(({ at }) => at.toISOString());
    await happened(spec, [...before, '2026-09-10T12:30:00Z', '2026-09-10T13:30:00Z']);
    const { draft, approved } = told(await view(team, 'cycle-time'));
    expect(draft?.at(-1)).toEqual(['09-10', 1, hours(24), hours(24)]);
    expect(approved?.at(-1)).toEqual(['09-10', 1, hours(1), hours(1)]);
  });

  test('tells how long a submission waited for the first person, in its own round', async () => {
    const first = await view(team, 'first-review');
    expect(told(first)).toEqual({
      reviewed: [['09-03', 1, hours(48) - 0.25, hours(48) - 0.25]],
      // What an agent voted on at once, and what was deferred, nobody has looked at.
      unreviewed: [['09-02', 2, null, null]],
    });
  });

  test('takes no vote of whoever submitted for a review', async () => {
    const own = await newTeam(await service.newOrganization());
    const submitted = await SpecOf.inReview(own);
    const counted = async () => (await view(own, 'first-review', '')).series.map(({ key, count }) => [key, count]);
    expect((await submitted.vote(own.ann, { position: 'abstain' })).status).toBe(201);
    expect(await counted()).toEqual([['unreviewed', 1]]);
    expect((await submitted.vote(own.ben, { position: 'abstain' })).status).toBe(201);
    expect(await counted()).toEqual([['reviewed', 1]]);
  });

  test('counts what went back', async () => {
    expect(told(await view(team, 'reopened'))).toEqual({
      reopened: [['09-05', 1]],
      returned: [['09-03', 1]],
      amended: [['09-09', 1]],
    });
    const weekly = await view(team, 'reopened', `${september}&bucket=week`);
    expect(weekly.buckets).toEqual(['2026-08-31', '2026-09-07', '2026-09-14', '2026-09-21', '2026-09-28']);
    expect(told(weekly)).toMatchObject({ returned: [['08-31', 1]] });
  });

  test('begins with its period and ends before it does', async () => {
    const exactly = '?from=2026-09-02T10:00:01Z&to=2026-09-03T12:00:00Z';
    expect(told(await view(team, 'activity', exactly))).toEqual({ agent: [['09-02', 1]] });
    const later = '?from=2026-09-02T10:00:01.001Z&to=2026-09-03T12:00:00.001Z';
    expect(told(await view(team, 'activity', later))).toEqual({ human: [['09-03', 1]] });
    const present = await view(team, 'activity', '');
    expect(present.buckets).toHaveLength(30);
    expect(present.series[0]?.counts.at(-1)).toBeGreaterThan(0);
  });

  test('shows nothing of another organization', async () => {
    const stranger = await newTeam(await service.newOrganization());
    for (const name of ['activity', 'actors', 'cycle-time', 'first-review', 'reopened']) {
      expect((await view(stranger, name)).series, name).toEqual([]);
    }
  });

  test.each([
    ['?from=2026-09-02T00:00:00Z&to=2026-09-02T00:00:00Z', 'before'],
    ['?from=2025-01-01T00:00:00Z&to=2026-09-02T00:00:00Z', '400 spans'],
    ['?from=0001-01-01T00:00:00Z', '400 spans'],
    ['?to=0001-01-05T00:00:00Z', 'year 0'],
    ['?bucket=year', ''],
    ['?from=yesterday', ''],
  ])('refuses %s', async (query, why) => {
    const answer = await ask(team, 'activity', query);
    expectProblem(answer, 400, 'invalid_request');
    expect((answer.body as { detail: string }).detail).toContain(why);
  });

  test('that there is not is not found, as a picture neither', async () => {
    for (const name of ['nothing', 'constructor', '__proto__', 'a%20b']) {
      expectProblem(await ask(team, name).set('accept', 'image/png'), 404, 'not_found');
    }
  });
});

describe('A chart', () => {
  let team: Team;
  beforeAll(async () => {
    team = await newTeam(await service.newOrganization());
    const hostile = await join(team.tenant, '<script>alert("1")</script> & "co"');
    await SpecOf.begin({ ...team, ann: hostile });
    const spec = await SpecOf.inReview(team);
    await spec.vote(team.ben);
  });
  const bytesOf = (answer: Response) => answer.body as Buffer;
  const chart = (name: string, mediaType: string) => ask(team, name, '').set('accept', mediaType).expect(200);

  test.each(['activity', 'actors', 'cycle-time', 'first-review', 'reopened'])(
    'of %s comes as SVG and as PNG',
    async (name) => {
      const svg = await chart(name, 'image/svg+xml');
      expect(svg.headers).toMatchObject({ 'content-type': 'image/svg+xml', vary: 'Accept' });
      const text = bytesOf(svg).toString();
      expect(text).toMatch(/^<svg width="960" height="440" [^]*<\/svg>\s*$/);
      expect(text.includes('there is nothing to show')).toBe(name === 'reopened');
      const png = await chart(name, 'image/png');
      expect(png.headers['content-type']).toBe('image/png');
      expect(bytesOf(png).subarray(0, 8)).toEqual(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'));
      expect([bytesOf(png).readUInt32BE(16), bytesOf(png).readUInt32BE(20)]).toEqual([960, 440]);
    },
  );

  test('shows names as text, and lets nothing run', async () => {
    const answer = await chart('actors', 'image/svg+xml');
    const text = bytesOf(answer).toString();
    expect(text).toContain('&lt;script&gt;');
    expect(text).not.toContain('<script');
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
  });

  test('tells actors of one name apart', async () => {
    for (let one = 0; one < 2; one++) await SpecOf.begin({ ...team, ann: await join(team.tenant, 'Jo Smith') });
    const text = bytesOf(await chart('actors', 'image/svg+xml')).toString();
    expect(text).toMatch(/>Jo Smith<[^]*>Jo Smith \(2\)</);
  });

  test('does not name who was erased', async () => {
    const zoe = await join(team.tenant, 'Zoe Quince');
    await SpecOf.begin({ ...team, ann: zoe });
    expect(bytesOf(await chart('actors', 'image/svg+xml')).toString()).toContain('Zoe Quince');
    await erase(team.tenant, { person: 'Zoe Quince' });
    const answer = await chart('actors', 'image/svg+xml');
    expect(bytesOf(answer).toString()).not.toContain('Zoe');
  });

  test('is JSON where nothing else is asked for, and nothing that it is not', async () => {
    expect((await ask(team, 'actors', '').set('accept', 'image/*;q=0.1, */*')).type).toBe('application/json');
    expect((await ask(team, 'actors', '').set('accept', 'image/*')).type).toBe('image/svg+xml');
    expectProblem(await ask(team, 'actors', '').set('accept', 'image/gif'), 406, 'not_acceptable');
  });

  test('that is one too many at once is refused, and the others are drawn', async () => {
    const drawer = service.app.get(ChartDrawer);
    const size = { width: 100, height: 100 };
    const asked = Array.from({ length: 20 }, () => drawer.draw({}, size, 'image/svg+xml'));
    expect(() => drawer.draw({}, size, 'image/svg+xml')).toThrow('Too many charts');
    expect(new Set((await Promise.all(asked)).map((picture) => picture.subarray(0, 4).toString()))).toEqual(
      new Set(['<svg']),
    );
  });

  test('that waits when the thread ends is told so, and the next one is drawn', async () => {
    const drawer = service.app.get(ChartDrawer);
    const size = { width: 100, height: 100 };
    const asked = expect(drawer.draw({}, size, 'image/svg+xml')).rejects.toThrow('has ended');
    await drawer.onModuleDestroy();
    await asked;
    expect((await drawer.draw({}, size, 'image/png')).subarray(1, 4).toString()).toBe('PNG');
  });

  test('that cannot be drawn fails alone', async () => {
    const drawer = service.app.get(ChartDrawer);
    const size = { width: 100, height: 100 };
    await expect(drawer.draw({ series: [{ type: 'bar', data: [1] }] }, size, 'image/svg+xml')).rejects.toThrow();
    expect((await drawer.draw({}, size, 'image/svg+xml')).subarray(0, 4).toString()).toBe('<svg');
  });
});

test('The states that cycle times are told by are those that transitions lead to', () => {
  expect(stateAfter).toEqual(Object.fromEntries(transitions.map(({ event, to }) => [event, to])));
});
