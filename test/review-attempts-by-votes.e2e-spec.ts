import { hash } from 'node:crypto';
import { expect } from 'vitest';
import { putPolicy } from './support/policies.js';
import { expectNoApprovalBy, normative, twoPeople } from './support/review-attempts.js';
import { because, draft, SpecOf } from './support/reviews.js';
import { startService } from './support/service.js';
import { expectProblem, sendMarkdown } from './support/specs.js';

expectNoApprovalBy(startService(), {
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
  'a vote that was taken back is followed by another': async (spec, { ben, cat, tenant }) => {
    await putPolicy(tenant, 'two', twoPeople).expect(200);
    const { voteId } = (await spec.vote(ben)).body as { voteId: string };
    await spec.request('post', `/votes/${voteId}/withdrawal`, ben).expect(200);
    expect((await spec.vote(cat)).status).toBe(201);
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
});
