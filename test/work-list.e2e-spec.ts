import { beforeAll, describe, expect, test } from 'vitest';
import { openThread } from './support/comments.js';
import type { Member } from './support/members.js';
import { putGroup } from './support/members.js';
import { putPolicy } from './support/policies.js';
import type { Team } from './support/reviews.js';
import { newTeam, SpecOf } from './support/reviews.js';
import { startService } from './support/service.js';
import { expectProblem } from './support/specs.js';

type Item = {
  kind: string;
  specId: string;
  number: number;
  title: string;
  id: string | null;
  since: string;
  dueAt: string | null;
  missing: string[];
};
type List = { items: Item[]; page: { next: string | null } };

describe('The work list', () => {
  const service = startService();
  let team: Team;
  beforeAll(async () => {
    team = await newTeam(service.organization);
  });

  const ask = (who: Member, query = '') => team.tenant.request('get', `/reviews${query}`, who.apiKey);
  const list = async (who: Member, query = '?limit=100') => ((await ask(who, query).expect(200)).body as List).items;
  /** What a list says of one spec. */
  const of = async ({ specId }: SpecOf, who: Member, query?: string) =>
    (await list(who, query)).filter((item) => item.specId === specId).map(({ kind, id }) => [kind, id]);
  const voteIdOf = (answer: { body: unknown }) => (answer.body as { voteId: string }).voteId;

  test('asks whose vote the policy wants, and nobody else', async () => {
    const draft = await SpecOf.begin(team);
    expect(await of(draft, team.ben)).toEqual([]);
    const spec = await SpecOf.inReview(team);
    expect(await of(spec, team.ben)).toEqual([['vote', null]]);
    expect(await of(spec, team.cat)).toEqual([['vote', null]]);
    // Who wrote it, and an agent, cannot give what is missing.
    expect(await of(spec, team.ann)).toEqual([]);
    expect(await of(spec, team.bot)).toEqual([]);
    expect((await spec.vote(team.ben)).status).toBe(201);
    expect(await of(spec, team.cat)).toEqual([]);
  });

  test('keeps a concern before whoever raised it until it is resolved', async () => {
    const spec = await SpecOf.inReview(team);
    const concernId = voteIdOf(await spec.vote(team.ben, { position: 'concern', comment: 'Who pays for it?' }));
    expect(await of(spec, team.ben)).toContainEqual(['concern', concernId]);
    expect(await of(spec, team.cat)).toEqual([['vote', null]]);
    expect(await of(spec, team.ben, '?raisedBy=me')).toEqual([['concern', concernId]]);
    // Outside of a review nobody can resolve it: the authors have to submit it again.
    await spec.go('return', team.ben, { reason: 'It needs an answer first.' }).expect(200);
    expect(await of(spec, team.ben)).toEqual([]);
    expect(await of(spec, team.ben, '?raisedBy=me')).toEqual([['concern', concernId]]);
    await spec.go('submit', team.ann).expect(200);
    const resolving = spec.request('post', `/concerns/${concernId}/resolution`, team.ben);
    await resolving.send({ resolution: 'The house pays for it.' }).expect(200);
    expect(await of(spec, team.ben)).toEqual([['vote', null]]);
    expect(await of(spec, team.ben, '?raisedBy=me')).toEqual([]);
  });

  test('tells a voter that a vote has become outdated', async () => {
    const spec = await SpecOf.inReview(team);
    const voteId = voteIdOf(await spec.vote(team.ben, { position: 'abstain' }));
    await spec.edit(team.ann, 'It MUST be kept for ever.\n').expect(200);
    expect(await of(spec, team.ben)).toEqual([['outdated_vote', voteId]]);
    await spec.vote(team.ben, { position: 'abstain' });
    expect(await of(spec, team.ben)).not.toContainEqual(['outdated_vote', voteId]);
  });

  test('shows open threads to whom they mention, and to who began them', async () => {
    const spec = await SpecOf.begin(team);
    const threadId = await openThread(team.tenant, spec.specId, { mentions: ['@cat'] }, team.ben.apiKey);
    expect(await of(spec, team.cat)).toEqual([['mention', threadId]]);
    expect(await of(spec, team.ben)).toEqual([]);
    expect(await of(spec, team.ben, '?raisedBy=me')).toEqual([['thread', threadId]]);
    await team.tenant.request('post', `/threads/${threadId}/resolve`, team.ben.apiKey).send({}).expect(200);
    expect(await of(spec, team.cat)).toEqual([]);
    expect(await of(spec, team.ben, '?raisedBy=me')).toEqual([]);
  });

  test('tells an author what is missing', async () => {
    const spec = await SpecOf.inReview(team);
    const [item] = (await list(team.ann, '?raisedBy=me')).filter(({ specId }) => specId === spec.specId);
    expect(item).toMatchObject({ kind: 'review', title: 'Kept searches', id: null });
    expect(item?.missing).toEqual([expect.stringContaining('1 more approval')]);
    expect(await of(spec, team.ben, '?raisedBy=me')).toEqual([]);
  });

  test('puts what waits longest first, and goes on where a page ended', async () => {
    for (let count = 0; count < 3; count++) await SpecOf.inReview(team);
    const all = await list(team.cat);
    expect(all.length).toBeGreaterThan(3);
    expect(all.map(({ since }) => since)).toEqual(all.map(({ since }) => since).sort());
    const paged: Item[] = [];
    for (let next: string | null = ''; next !== null;) {
      const { items, page }: List = (await ask(team.cat, `?limit=2${next && `&cursor=${next}`}`).expect(200))
        .body as List;
      expect(items.length).toBeLessThanOrEqual(2);
      paged.push(...items);
      next = page.next;
    }
    expect(paged).toEqual(all);
    const { page } = (await ask(team.cat, '?limit=2')).body as List;
    expectProblem(await ask(team.ben, `?limit=2&cursor=${page.next}`), 400, 'invalid_cursor');
    expectProblem(await ask(team.cat, `?raisedBy=me&cursor=${page.next}`), 400, 'invalid_cursor');
  });

  test('asks one thing at a time, and only of oneself', async () => {
    expect(await list(team.ben, '?for=me&limit=100')).toEqual(await list(team.ben));
    expectProblem(await ask(team.ben, '?for=me&raisedBy=me'), 400, 'invalid_request');
    expect((await ask(team.ben, `?for=${team.cat.memberId}`)).status).toBe(400);
    expect((await ask(team.ben, '?of=me')).status).toBe(400);
  });

  test('of another organization is empty', async () => {
    const stranger = await service.newOrganization();
    const answer = await stranger.request('get', '/reviews').expect(200);
    expect(answer.body).toEqual({ items: [], page: { next: null } });
  });

  test('follows the policy that judges the spec', async () => {
    await putGroup(team.tenant, 'security', [team.cat.memberId]).expect(200);
    const requirements = [{ name: 'security', from: { groups: ['security'] }, count: 1 }];
    await putPolicy(team.tenant, 'house', { requirements, dueAfterDays: 3 }).expect(200);
    const spec = await SpecOf.inReview(team);
    expect(await of(spec, team.cat)).toEqual([['vote', null]]);
    expect(await of(spec, team.ben)).toEqual([]);
    const [item] = (await list(team.cat)).filter(({ specId }) => specId === spec.specId);
    expect(Date.parse(item?.dueAt ?? '') - Date.parse(item?.since ?? '')).toBe(3 * 86_400_000);
  });
});
