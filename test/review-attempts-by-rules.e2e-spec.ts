import { expect, test } from 'vitest';
import { issueMemberKey, putGroup } from './support/members.js';
import { putPolicy } from './support/policies.js';
import { expectNoApprovalBy, twoPeople } from './support/review-attempts.js';
import { because, newTeam, SpecOf } from './support/reviews.js';
import { startService } from './support/service.js';
import { expectProblem } from './support/specs.js';

const service = startService();

expectNoApprovalBy(service, {
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
});

test('an approval comes of what the policy asks for', async () => {
  const team = await newTeam(await service.newOrganization());
  const spec = await SpecOf.inReview(team);
  await spec.vote(team.ben);
  expect((await spec.read()).lifecycle).toBe('approved');
});
