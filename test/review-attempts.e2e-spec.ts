import { hash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Subscriptions } from '../src/modules/event-store/subscriptions.js';
import { issueMemberKey, join, putGroup } from './support/members.js';
import { putPolicy } from './support/policies.js';
import type { Team } from './support/reviews.js';
import { because, draft, newTeam, SpecOf } from './support/reviews.js';
import { startService } from './support/service.js';
import { expectProblem, readEvents, sendMarkdown, typesOf } from './support/specs.js';

const service = startService();
const twoPeople = { requirements: [{ name: 'peers', from: { anyone: true }, count: 2 }] };
const normative = 'Everything MUST be deleted.\n';

/** Ways to come by an approval that the policy does not give. Each leaves the spec as far as it got. */
const attempts: Record<string, (spec: SpecOf, team: Team) => Promise<void>> = {
  'the author votes': async (spec, { ann }) => {
    expect((await spec.vote(ann)).status).toBe(201);
  },
  'the author votes with a second key': async (spec, { ann, tenant }) => {
    expect((await spec.vote(await issueMemberKey(tenant, ann.memberId))).status).toBe(201);
  },
  'the author, an admin, votes by a member made up for it': async (spec, { ann, tenant }) => {
    const admin = await issueMemberKey(tenant, ann.memberId, 'admin');
    const body = { name: 'Nobody', kind: 'human' };
    const added = await tenant.request('post', '/members', admin.apiKey).send(body).expect(201);
    const { memberId } = added.body as { memberId: string };
    expect((await spec.vote(await issueMemberKey(tenant, memberId, 'writer', admin.apiKey))).status).toBe(201);
  },
  'the author votes with a key of no member': async (spec, { ann, tenant }) => {
    const admin = await issueMemberKey(tenant, ann.memberId, 'admin');
    const key = { name: 'another', role: 'writer', principal: 'human' };
    const issued = await tenant.request('post', '/api-keys', admin.apiKey).send(key).expect(201);
    const { apiKey, keyId } = issued.body as { apiKey: string; keyId: string };
    expect((await spec.vote({ memberId: keyId, keyId, apiKey })).status).toBe(201);
  },
  'somebody who wrote on it votes': async (spec, { ben }) => {
    await spec.edit(ben, normative).expect(200);
    expect((await spec.vote(ben)).status).toBe(201);
  },
  'the author edits between two votes': async (spec, { ann, ben, cat, tenant }) => {
    await putPolicy(tenant, 'two', twoPeople).expect(200);
    await spec.vote(ben);
    await spec.edit(ann, normative).expect(200);
    expect((await spec.vote(cat)).status).toBe(201);
  },
  'the author edits between two votes, and puts back what was there': async (spec, { ann, ben, cat, tenant }) => {
    await putPolicy(tenant, 'two', twoPeople).expect(200);
    await spec.vote(ben);
    await spec.edit(ann, normative).expect(200);
    await spec.edit(ann, 'Keep them.\n').expect(200);
    expect((await spec.vote(cat)).status).toBe(201);
  },
  'the author edits in a batch, forth and back, between two votes': async (spec, { ann, ben, cat, tenant }) => {
    await putPolicy(tenant, 'two', twoPeople).expect(200);
    await spec.vote(ben);
    const update = (body: string) => ({ name: 'spec.section.update', body: { sectionKey: 'tldr', body } });
    const batch = spec.request('post', '/commands', ann).set('if-match', '*');
    await batch.send({ commands: [update(normative), update('Keep them.\n')] }).expect(200);
    expect((await spec.vote(cat)).status).toBe(201);
  },
  'the author returns and submits it again between two votes': async (spec, { ann, ben, cat, tenant }) => {
    await putPolicy(tenant, 'two', twoPeople).expect(200);
    await spec.vote(ben);
    await spec.go('return', ann, because).expect(200);
    await spec.go('submit', ann).expect(200);
    expect((await spec.vote(cat)).status).toBe(201);
  },
  'a vote on what was there before the edit is sent': async (spec, { ann, ben }) => {
    const { contentHash } = await spec.read();
    await spec.edit(ann, normative).expect(200);
    expectProblem(await spec.vote(ben, { contentHash }), 409, 'content_changed');
  },
  'a vote on another spec is sent again for this one': async (spec, { ben }) => {
    const other = await SpecOf.inReview(spec.team, draft.replace('Keep', 'Lose'));
    const { contentHash } = await other.read();
    const body = { position: 'approve', contentHash };
    const vote = (one: SpecOf) => one.request('post', '/votes', ben).send(body);
    await vote(other).set('idempotency-key', 'replayed').expect(201);
    expectProblem(await vote(spec), 409, 'content_changed');
    expectProblem(await vote(spec).set('idempotency-key', 'replayed'), 422, 'idempotency_key_reused');
  },
  'a vote on an earlier revision is sent again for the amendment': async (spec, { ann, ben }) => {
    const { contentHash } = await spec.read();
    const vote = (key: string) =>
      spec.request('post', '/votes', ben).set('idempotency-key', key).send({ position: 'approve', contentHash });
    await vote('first').expect(201);
    await spec.go('amend', ann, because).expect(200);
    await spec.edit(ann, normative).expect(200);
    await spec.go('submit', ann).expect(200);
    expect((await vote('first')).headers['idempotency-replayed']).toBe('true');
    expectProblem(await vote('second'), 409, 'content_changed');
  },
  'the approval of an earlier round is sent again by its Idempotency-Key': async (spec, { ann, ben, cat, tenant }) => {
    await putPolicy(tenant, 'two', twoPeople).expect(200);
    const { contentHash } = await spec.read();
    const vote = () =>
      spec.request('post', '/votes', ben).set('idempotency-key', 'round-1').send({ position: 'approve', contentHash });
    await vote().expect(201);
    await spec.go('return', ann, because).expect(200);
    await spec.go('submit', ann).expect(200);
    await spec.vote(cat);
    expect((await vote()).headers['idempotency-replayed']).toBe('true');
  },
  'an agent votes, on behalf of a person': async (spec, { bot }) => {
    expect((await spec.vote(bot, { onBehalfOf: 'Ben' })).status).toBe(201);
  },
  'an agent with the key of an admin votes': async (spec, { bot, tenant }) => {
    expect((await spec.vote(await issueMemberKey(tenant, bot.memberId, 'admin'))).status).toBe(201);
  },
  'many agents and services vote': async (spec, { tenant }) => {
    for (const kind of ['agent', 'service', 'agent', 'service'] as const) {
      expect((await spec.vote(await join(tenant, `A ${kind}`, { kind }))).status).toBe(201);
    }
  },
  'anybody calls approve': async (spec, { ann, ben, bot, dan }) => {
    for (const who of [ann, ben, bot, dan]) {
      const approve = spec.request('post', '/transitions/approve', who).set('if-match', '*');
      expectProblem(await approve, 403, 'not_permitted');
    }
  },
  'a batch votes, submits and approves': async (spec, { ben }) => {
    const { contentHash } = await spec.read();
    for (const [name, body] of [
      ['spec.vote.cast', { position: 'approve', contentHash }],
      ['spec.lifecycle.approve', {}],
      ['spec.lifecycle.approved', {}],
      ['spec.lifecycle.amend', because],
    ] as const) {
      const batch = spec.request('post', '/commands', ben).set('if-match', '*');
      expectProblem(await batch.send({ commands: [{ name, body }] }), 422, 'unknown_command');
    }
  },
  'a vote names another principal': async (spec, { ann, ben, dan }) => {
    for (const forged of [
      { principalId: ben.memberId },
      { principalKind: 'human' },
      { caller: { actor: { id: dan.memberId, kind: 'human', name: 'Dan' } } },
      { facts: { policy: null } },
      { voteId: spec.specId },
      { simulate: 'false' },
    ]) {
      expectProblem(await spec.vote(ann, forged), 422, 'validation_failed');
    }
  },
  'the author is an admin and changes the policy': async (spec, { ann, tenant }) => {
    const admin = await issueMemberKey(tenant, ann.memberId, 'admin');
    const lax = { requirements: [{ name: 'me', from: { members: [ann.memberId] }, count: 1, distinctFrom: [] }] };
    await putPolicy(tenant, 'mine', lax, admin.apiKey).expect(200);
    expect((await spec.vote(ann)).status).toBe(201);
  },
  'the author is an admin and retires the strict policy, after a vote': async (spec, { ann, ben, tenant }) => {
    await putPolicy(tenant, 'two', twoPeople).expect(200);
    await spec.vote(ben);
    const admin = await issueMemberKey(tenant, ann.memberId, 'admin');
    await tenant.request('post', '/review-policies/two/retirement', admin.apiKey).send(because).expect(200);
  },
  'the author is an admin and turns the strict policy elsewhere, after a vote': async (spec, { ann, ben, tenant }) => {
    await putPolicy(tenant, 'two', twoPeople).expect(200);
    await spec.vote(ben);
    const admin = await issueMemberKey(tenant, ann.memberId, 'admin');
    const elsewhere = { ...twoPeople, applies: { labels: ['payments'] } };
    await putPolicy(tenant, 'two', elsewhere, admin.apiKey).expect(200);
  },
  'the author is an admin and puts a voter into the group that is asked': async (spec, { ann, ben, cat, tenant }) => {
    await putGroup(tenant, 'security', [cat.memberId]).expect(200);
    const requirements = [{ name: 'security', from: { groups: ['security'] }, count: 1 }];
    await putPolicy(tenant, 'security', { requirements }).expect(200);
    await spec.vote(ben);
    const admin = await issueMemberKey(tenant, ann.memberId, 'admin');
    const body = { title: 'Security', members: [ben.memberId] };
    await tenant.request('put', '/groups/security', admin.apiKey).send(body).expect(200);
    expect((await spec.vote(ben)).status).toBe(201);
  },
  'somebody asks for a key of the system': async (_spec, { dan, tenant }) => {
    for (const body of [
      { name: 'system', role: 'admin', principal: 'system' },
      { name: 'system', role: 'admin', memberId: 'system' },
    ]) {
      expectProblem(await tenant.request('post', '/api-keys', dan.apiKey).send(body), 422, 'validation_failed');
    }
  },
  'the author takes off the label that the strict policy is for': async (spec, { ann, ben, tenant }) => {
    await spec.go('return', ann, because).expect(200);
    const label = (labels: string[]) => spec.request('put', '/labels', ann).set('if-match', '*').send({ labels });
    await label(['payments']).expect(200);
    await putPolicy(tenant, 'payments', { ...twoPeople, applies: { labels: ['payments'] } }).expect(200);
    await spec.go('submit', ann).expect(200);
    expectProblem(await label([]), 409, 'content_locked');
    const read = await spec.read();
    const replaced = spec.request('put', '', ann).set('if-match', '*');
    expectProblem(await replaced.send({ sections: read.sections, labels: [] }), 409, 'content_locked');
    expect((await spec.vote(ben)).status).toBe(201);
  },
  'a vote covers a part only': async (spec, { ben }) => {
    const { sections } = await spec.read();
    const parts = sections.filter(({ key }) => key === 'risks');
    const hashed = parts.map(({ key, heading, contentHash }) => [key, `## ${heading}\n`, contentHash, null]);
    const contentHash = hash('sha256', JSON.stringify(hashed));
    expect((await spec.vote(ben, { sections: ['risks'], contentHash })).status).toBe(201);
  },
  'an approval has conditions': async (spec, { ben }) => {
    const fields = { position: 'approve_with_conditions', conditions: ['Name who pays.'] };
    expect((await spec.vote(ben, fields)).status).toBe(201);
  },
  'the author resolves the concern of another': async (spec, { ann, ben, cat }) => {
    await spec.vote(cat, { position: 'concern', comment: 'Who pays for it?' });
    await spec.vote(ben);
    const [concern] = (await spec.votes()).concerns;
    const resolve = spec.request('post', `/concerns/${concern?.concernId ?? ''}/resolution`, ann);
    expectProblem(await resolve.send({ resolution: 'The organization pays.' }), 403, 'not_permitted');
  },
  'the author takes back the concern of another': async (spec, { ann, ben, cat }) => {
    await spec.vote(cat, { position: 'concern', comment: 'Who pays for it?' });
    await spec.vote(ben);
    const [vote] = (await spec.votes()).items;
    expectProblem(await spec.request('post', `/votes/${vote?.voteId ?? ''}/withdrawal`, ann), 403, 'not_permitted');
  },
  'a vote that was taken back is followed by another': async (spec, { ben, cat, tenant }) => {
    await putPolicy(tenant, 'two', twoPeople).expect(200);
    const { voteId } = (await spec.vote(ben)).body as { voteId: string };
    await spec.request('post', `/votes/${voteId}/withdrawal`, ben).expect(200);
    expect((await spec.vote(cat)).status).toBe(201);
  },
  'one person votes as often as the policy wants votes': async (spec, { ben, tenant }) => {
    await putPolicy(tenant, 'two', twoPeople).expect(200);
    const second = await issueMemberKey(tenant, ben.memberId);
    for (const who of [ben, second, ben]) expect((await spec.vote(who)).status).toBe(201);
  },
  'a vote is only simulated': async (spec, { ben }) => {
    expect((await spec.vote(ben, {}, '?simulate=true')).status).toBe(200);
  },
  'the document says that it is approved': async (spec, { ann }) => {
    const text = `---\nstatus: approved\nlifecycle: approved\n---\n${draft.replace('\n\n', '\n\n**Status**: Approved\n\n')}`;
    await sendMarkdown(spec.request('put', '', ann).set('if-match', '*'), text).expect(200);
    const { sections } = await spec.read();
    const json = { sections, lifecycle: 'approved', revision: 2, inForce: { revision: 1 }, review: { votes: 9 } };
    await spec.request('put', '', ann).set('if-match', '*').send(json).expect(200);
  },
};

describe('no approval comes of it that', () => {
  test.concurrent.each(Object.entries(attempts))('%s', async (_, attempt) => {
    const team = await newTeam(await service.newOrganization());
    const spec = await SpecOf.inReview(team);
    await attempt(spec, team);
    // What the system makes of it comes a moment later.
    expect(await service.app.get(Subscriptions).catchUp('reviews', 30_000)).toBe(true);
    expect((await spec.read()).lifecycle).toBe('in_review');
    // Only what was approved before the attempt: the revision that the amendment is of.
    const types = typesOf(await readEvents(team.tenant, spec.specId));
    const amended = types.lastIndexOf('spec.lifecycle.amended');
    expect(types.slice(amended + 1)).not.toContain('spec.lifecycle.approved');
  });
});

test('an approval comes of what the policy asks for', async () => {
  const team = await newTeam(await service.newOrganization());
  const spec = await SpecOf.inReview(team);
  await spec.vote(team.ben);
  expect((await spec.read()).lifecycle).toBe('approved');
});
