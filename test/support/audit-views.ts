import { expect } from 'vitest';
import type { Test } from 'supertest';
import type { AuditStatistics } from '../../src/modules/audit/statistics.view.js';
import type { Team } from './reviews.js';

export const september = '?from=2026-09-01T00:00:00Z&to=2026-09-30T00:00:00Z';

/** A view of the trail, or a chart of it, with all that was done before in it. */
export const askView = (team: Team, name: string, query = september): Test =>
  team.tenant.request('get', `/audit/views/${name}${query}`, team.ben.apiKey).set('prefer', 'wait=20');

export async function readView(team: Team, name: string, query = september): Promise<AuditStatistics> {
  const answer = await askView(team, name, query).expect(200);
  expect(answer.headers['preference-applied']).toBe('wait=20');
  return answer.body as AuditStatistics;
}

/** What is not nothing in the buckets of each series. */
export const told = ({ buckets, series }: AuditStatistics) =>
  Object.fromEntries(
    series.map(({ key, counts, medians, ninetieths }) => [
      key,
      buckets.flatMap((bucket, at) =>
        counts[at] ? [[bucket.slice(5), counts[at], ...(medians ? [medians[at], ninetieths?.[at]] : [])]] : [],
      ),
    ]),
  );
