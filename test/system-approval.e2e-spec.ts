import { beforeAll, describe, expect, test } from 'vitest';
import { EventStore } from '../src/modules/event-store/event-store.js';
import { Subscriptions } from '../src/modules/event-store/subscriptions.js';
import { ReviewSubscription } from '../src/modules/specs/review.subscription.js';
import { openThread } from './support/comments.js';
import { putGroup } from './support/members.js';
import { putPolicy } from './support/policies.js';
import type { Team } from './support/reviews.js';
import { newTeam, SpecOf } from './support/reviews.js';
import { startService } from './support/service.js';
import { footprint, readEvents } from './support/specs.js';
import { eventually } from './support/workers.js';

describe('The system approves', () => {
  const service = startService();
  let team: Team;
  beforeAll(async () => {
    team = await newTeam(service.organization);
    const anyone = { from: { anyone: true }, count: 1 };
    await putPolicy(team.tenant, 'house', { requirements: [{ name: 'peer', ...anyone }], dependenciesApproved: true });
  });

  /** When the subscription has passed all that was written so far. */
  const settled = async () => expect(await service.app.get(Subscriptions).catchUp('reviews', 20_000)).toBe(true);
  const approvedBySystem = async (spec: SpecOf) => {
    await eventually(
      () => spec.read(),
      ({ lifecycle }) => lifecycle === 'approved',
    );
    const events = await readEvents(team.tenant, spec.specId);
    const approvals = events.filter(({ type }) => type === 'spec.lifecycle.approved');
    expect(approvals).toHaveLength(1);
    expect(approvals[0]).toMatchObject({
      actor: { id: 'system', kind: 'system' },
      command: 'spec.lifecycle.approve',
      data: { contentHash: (await spec.read()).contentHash, policy: { key: 'house' }, overrideId: null },
    });
    return approvals[0];
  };
  const resolve = (threadId: string, apiKey: string) =>
    team.tenant.request('post', `/threads/${threadId}/resolve`, apiKey).send({});

  test('what waited only for its last blocking thread, and says by which request', async () => {
    const spec = await SpecOf.inReview(team);
    const [first, last] = [
      await openThread(team.tenant, spec.specId, { blocking: true }, team.ben.apiKey),
      await openThread(team.tenant, spec.specId, { blocking: true }, team.ben.apiKey),
    ];
    expect((await spec.vote(team.cat)).status).toBe(201);
    await resolve(first, team.ben.apiKey).expect(200);
    await settled();
    expect((await spec.read()).lifecycle).toBe('in_review');
    const resolved = await resolve(last, team.ben.apiKey).expect(200);
    expect(await approvedBySystem(spec)).toMatchObject({ correlationId: resolved.headers['x-request-id'] });
  });

  test('what waited only for a spec it depends on', async () => {
    const [dependency, spec] = [await SpecOf.inReview(team), await SpecOf.begin(team)];
    const relation = { type: 'depends_on', relatedSpecId: dependency.specId };
    await spec.request('post', '/relations', team.ann).set('if-match', '*').send(relation).expect(200);
    await spec.go('submit', team.ann).expect(200);
    expect((await spec.vote(team.cat)).body).toMatchObject({ lifecycle: 'in_review' });
    expect((await dependency.vote(team.ben)).body).toMatchObject({ lifecycle: 'approved' });
    await approvedBySystem(spec);
  });

  test('what a group, and then a laxer policy, lets through', async () => {
    const requirements = [{ name: 'security', from: { groups: ['security'] }, count: 1 }];
    await putPolicy(team.tenant, 'house', { requirements }).expect(200);
    const [spec, other] = [await SpecOf.inReview(team), await SpecOf.inReview(team)];
    expect((await spec.vote(team.cat)).body).toMatchObject({ lifecycle: 'in_review' });
    expect((await other.vote(team.ben)).body).toMatchObject({ lifecycle: 'in_review' });
    await putGroup(team.tenant, 'security', [team.cat.memberId]).expect(200);
    await approvedBySystem(spec);
    await putPolicy(team.tenant, 'house').expect(200);
    await approvedBySystem(other);
  });

  test('nothing of which anything is missing, and then writes nothing', async () => {
    const spec = await SpecOf.inReview(team);
    const threadId = await openThread(team.tenant, spec.specId, { blocking: true }, team.ben.apiKey);
    await resolve(threadId, team.ben.apiKey).expect(200);
    const before = await footprint(service);
    await settled();
    expect(await footprint(service)).toEqual(before);
    expect((await spec.read()).lifecycle).toBe('in_review');
  });

  test('once, however often it is told', async () => {
    const spec = await SpecOf.inReview(team);
    const threadId = await openThread(team.tenant, spec.specId, { blocking: true }, team.ben.apiKey);
    await spec.vote(team.cat);
    await resolve(threadId, team.ben.apiKey).expect(200);
    await approvedBySystem(spec);
    const stream = { organizationId: team.tenant.organizationId, type: 'thread', id: threadId };
    const events = await service.app.get(EventStore).read(stream);
    expect(events.map(({ type }) => type)).toContain('comment.thread.resolved');
    await service.app.get(ReviewSubscription).send(events, new AbortController().signal);
    await approvedBySystem(spec);
  });
});
