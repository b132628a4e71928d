import { expect } from 'vitest';
import type { Team } from './reviews.js';
import { because, SpecOf } from './reviews.js';
import type { Service } from './service.js';
import { runOn } from './service.js';
import { readEvents } from './specs.js';

/** Before when a spec has to be archived so that its history is moved now. */
export const soon = (): Date => new Date(Date.now() + 1000);

/** A spec with a life behind it. */
export async function archivedSpec(team: Team): Promise<SpecOf> {
  const spec = await SpecOf.inReview(team);
  await spec.edit(team.ann, 'Keep all of them.\n').expect(200);
  await spec.vote(team.ben);
  await spec.go('deprecate', team.dan, because).expect(200);
  await spec.go('archive', team.dan, because).expect(200);
  return spec;
}

/** How many events of a spec are in each part. */
export async function partsOf(service: Service, { specId }: SpecOf): Promise<{ hot: number; cold: number }> {
  const { rows } = await runOn(
    service.databaseUrl,
    `select count(*) filter (where not archived)::int as hot, count(*) filter (where archived)::int as cold
      from specline.event where stream_id = '${specId}'`,
  );
  return rows[0] as { hot: number; cold: number };
}

/** Everything that can be read of a spec, as it is answered. */
export async function allReads(spec: SpecOf): Promise<Record<string, string>> {
  const { tenant } = spec.team;
  const events = await readEvents(tenant, spec.specId);
  const answers: Record<string, string> = {};
  const read = async (path: string, accept = 'application/json') => {
    const answer = await tenant.request('get', path).set('accept', accept).set('prefer', 'wait=10');
    expect(answer.status, `${path} ${answer.text}`).toBe(200);
    answers[`${path} ${accept}`] = answer.text;
  };
  const paths = [
    '',
    '/sections',
    '/events?limit=100',
    '/history',
    '/blame',
    '/diff',
    '/votes',
    '/revisions',
    '/compliance',
  ];
  for (const path of paths) await read(`/specs/${spec.specId}${path}`);
  for (const { version } of events) await read(`/specs/${spec.specId}?version=${version}`, 'text/markdown');
  for (const { recordedAt } of events) await read(`/specs/${spec.specId}?at=${String(recordedAt)}`);
  await read(`/specs/${spec.specId}/history`, 'text/plain');
  await read(`/specs/${spec.specId}/diff?from=1&to=3`, 'text/x-diff');
  await read(`/specs/${spec.specId}/compliance?version=${events.length}`);
  await read(`/audit/events?spec=${spec.specId}&limit=100`);
  for (const { eventId } of events) {
    await read(`/audit/events/${String(eventId)}`);
    await read(`/audit/proofs/${String(eventId)}`);
  }
  await read('/events?limit=100');
  return answers;
}
