import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stateAfter } from '../src/modules/audit/statistics-statements.js';
import { transitions } from '../src/modules/specs/transitions.decider.js';
import { askView, readView, september, told } from './support/audit-views.js';
import { because, newTeam, SpecOf } from './support/reviews.js';
import type { Team } from './support/reviews.js';
import { startService } from './support/service.js';
import { expectProblem } from './support/specs.js';

const service = startService();
let client: pg.Client;
beforeAll(async () => {
  client = new pg.Client({ connectionString: service.databaseUrl });
  await client.connect();
  await client.query('set session_replication_role = replica');
});
afterAll(() => client.end());

/** Puts the events of a spec, in their order, to other times: as if it had all been done then. */
async function happened(spec: SpecOf, times: readonly string[]): Promise<void> {
  await readView(spec.team, 'activity');
  for (const table of ['event', 'audit_entry']) {
    const moved = await client.query(
      `update specline.${table} e set recorded_at = t.at from unnest($2::timestamptz[]) with ordinality t (at, version)
        where e.stream_id = $1 and e.version = t.version`,
      [spec.specId, times],
    );
    expect(moved.rowCount).toBe(times.length);
  }
}

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
    const activity = await readView(team, 'activity');
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
    const { series } = await readView(team, 'actors');
    expect(series.map(({ name, count }) => [name, count])).toEqual([
      ['Ann', 9],
      ['Ben', 2],
      ['Bot', 1],
    ]);
    expect(series[0]?.key).toBe(team.ann.memberId);
  });

  test('tells how long specs stood where they were taken from, amendments and all', async () => {
    expect(told(await readView(team, 'cycle-time'))).toEqual({
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
    const monthly = await readView(team, 'cycle-time', `${september}&bucket=month`);
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
    const { draft, approved } = told(await readView(team, 'cycle-time'));
    expect(draft?.at(-1)).toEqual(['09-10', 1, hours(24), hours(24)]);
    expect(approved?.at(-1)).toEqual(['09-10', 1, hours(1), hours(1)]);
  });

  test('tells how long a submission waited for the first person, in its own round', async () => {
    const first = await readView(team, 'first-review');
    expect(told(first)).toEqual({
      reviewed: [['09-03', 1, hours(48) - 0.25, hours(48) - 0.25]],
      // What an agent voted on at once, and what was deferred, nobody has looked at.
      unreviewed: [['09-02', 2, null, null]],
    });
  });

  test('takes no vote of whoever submitted for a review', async () => {
    const own = await newTeam(await service.newOrganization());
    const submitted = await SpecOf.inReview(own);
    const counted = async () => (await readView(own, 'first-review', '')).series.map(({ key, count }) => [key, count]);
    expect((await submitted.vote(own.ann, { position: 'abstain' })).status).toBe(201);
    expect(await counted()).toEqual([['unreviewed', 1]]);
    expect((await submitted.vote(own.ben, { position: 'abstain' })).status).toBe(201);
    expect(await counted()).toEqual([['reviewed', 1]]);
  });

  test('counts what went back', async () => {
    expect(told(await readView(team, 'reopened'))).toEqual({
      reopened: [['09-05', 1]],
      returned: [['09-03', 1]],
      amended: [['09-09', 1]],
    });
    const weekly = await readView(team, 'reopened', `${september}&bucket=week`);
    expect(weekly.buckets).toEqual(['2026-08-31', '2026-09-07', '2026-09-14', '2026-09-21', '2026-09-28']);
    expect(told(weekly)).toMatchObject({ returned: [['08-31', 1]] });
  });

  test('begins with its period and ends before it does', async () => {
    const exactly = '?from=2026-09-02T10:00:01Z&to=2026-09-03T12:00:00Z';
    expect(told(await readView(team, 'activity', exactly))).toEqual({ agent: [['09-02', 1]] });
    const later = '?from=2026-09-02T10:00:01.001Z&to=2026-09-03T12:00:00.001Z';
    expect(told(await readView(team, 'activity', later))).toEqual({ human: [['09-03', 1]] });
    const present = await readView(team, 'activity', '');
    expect(present.buckets).toHaveLength(30);
    expect(present.series[0]?.counts.at(-1)).toBeGreaterThan(0);
  });

  test('shows nothing of another organization', async () => {
    const stranger = await newTeam(await service.newOrganization());
    for (const name of ['activity', 'actors', 'cycle-time', 'first-review', 'reopened']) {
      expect((await readView(stranger, name)).series, name).toEqual([]);
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
    const answer = await askView(team, 'activity', query);
    expectProblem(answer, 400, 'invalid_request');
    expect((answer.body as { detail: string }).detail).toContain(why);
  });

  test('that there is not is not found, as a picture neither', async () => {
    for (const name of ['nothing', 'constructor', '__proto__', 'a%20b']) {
      expectProblem(await askView(team, name).set('accept', 'image/png'), 404, 'not_found');
    }
  });
});

test('The states that cycle times are told by are those that transitions lead to', () => {
  expect(stateAfter).toEqual(Object.fromEntries(transitions.map(({ event, to }) => [event, to])));
});
