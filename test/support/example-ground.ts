import { expect, vi } from 'vitest';
import { Sealer } from '../../src/modules/audit/sealer.js';
import { exported } from './exports.js';
import type { JudgedExamples } from './judged-examples.js';
import { judgedExamples } from './judged-examples.js';
import type { Member } from './members.js';
import { addMember, join, putGroup } from './members.js';
import { document } from './openapi-document.js';
import { putPolicy } from './policies.js';
import { draft, note } from './reviews.js';
import type { Service, Tenant } from './service.js';
import { operatorKey } from './service.js';
import type { Receipt } from './specs.js';
import { sendMarkdown } from './specs.js';
import type { Receiver } from './webhooks.js';
import { createEndpoint } from './webhooks.js';

/** By ids and hashes of the examples: those that they stand for. */
type StandIns = Record<string, string>;

/** What the examples of the OpenAPI document are about, in an organization. */
export type ExampleGround = {
  standIns: StandIns;
  specPath: string;
  /** Of a spec in review, with a vote that raises a concern. */
  reviewPath: string;
  overriddenPath: string;
  judged: JudgedExamples;
  /** Keys of two administrators, of whom the first proposes what the second confirms. */
  proposer: string;
  second: string;
  shareToken: string;
};

export async function makeExampleGround(service: Service, receiver: Receiver): Promise<ExampleGround> {
  const { organization } = service;
  const key = await organization.request('post', '/api-keys').send({ name: 'ci', role: 'reader' }).expect(201);
  const memberId = await addMember(organization, 'Ada Lovelace');
  await organization.request('put', '/groups/security').send({ title: 'Security', members: [] }).expect(200);
  const ann = await join(organization, 'Ann', { role: 'admin' });
  const second = (await join(organization, 'Bob', { role: 'admin' })).apiKey;
  await putPolicy(organization, 'security', { overrideGroups: ['on-call'] }).expect(200);
  await putGroup(organization, 'on-call', [ann.memberId]).expect(200);
  const [specId, relatedSpecId] = [await importExample(organization), await importExample(organization)];
  const specPath = `/specs/${specId}`;
  const review = await newReview(organization);
  // Nobody whose key came from the author could override.
  const request: Tenant['request'] = (method, path, key = second) => organization.request(method, path, key);
  const overridden = await newOverridden({ ...organization, apiKey: second, request }, ann);
  const body = 'Every team writes its own search page, and none of them can be shared.\n';
  const section = organization.request('patch', `${specPath}/sections/problem-statement`).set('if-match', '*');
  await section.send({ body }).expect(200);
  const thread = await newThread(organization, specPath);
  const judged = await judgedExamples(organization, second, ann.apiKey);
  await service.app.get(Sealer).sealNow();
  const { items } = (await organization.request('get', `${specPath}/events`)).body as {
    items: { eventId: string }[];
  };
  const operation = { kind: 'projection.verify', projection: 'template' };
  const started = await service
    .anonymous()
    .post('/v1/operations')
    .set('authorization', `Bearer ${operatorKey}`)
    .send(operation)
    .expect(202);
  const webhooks = await newWebhooks(organization, receiver);
  const { exportId } = await exported(organization, { format: 'csv' });
  const share = await newShare(service, specId);
  return {
    ...{ specPath, reviewPath: `/specs/${review.specId}`, overriddenPath: overridden.path, judged },
    ...{ proposer: ann.apiKey, second, shareToken: share.token },
    standIns: {
      ...judged.standIns,
      ...webhooks,
      ...thread,
      '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0d11': exportId,
      '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0d22': share.shareId,
      '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b01': organization.organizationId,
      '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b02': (key.body as { keyId: string }).keyId,
      '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b03': memberId,
      '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11': specId,
      '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b22': relatedSpecId,
      '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b55': review.voteId,
      '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b33': String(items[0]?.eventId),
      '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b88': overridden.overrideId,
      '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b51': (started.body as { operationId: string }).operationId,
    },
  };
}

async function importExample(tenant: Tenant): Promise<string> {
  const { content } = document.paths['/v1/organizations/{organizationId}/specs']?.post.requestBody ?? {};
  const request = tenant.request('post', '/specs').set('content-type', 'text/markdown');
  const answer = await request.send(String(content?.['text/markdown']?.example)).expect(201);
  return (answer.body as { specId: string }).specId;
}

/** A spec in review, and a vote that raises a concern. */
async function newReview(tenant: Tenant, markdown = draft): Promise<{ specId: string; voteId: string }> {
  const request: Tenant['request'] = (method, path) => tenant.request(method, path);
  await request('post', '/templates').send({ key: 'note', title: 'Note', markdown: note }).expect(201);
  const imported = await sendMarkdown(request('post', '/specs?template=note'), markdown).expect(201);
  const { specId, contentHash } = imported.body as Receipt;
  await request('post', `/specs/${specId}/transitions/submit`).set('if-match', '*').send({}).expect(200);
  const vote = { position: 'concern', contentHash, comment: 'Who pays for it?' };
  const cast = await request('post', `/specs/${specId}/votes`).send(vote).expect(201);
  return { specId, voteId: (cast.body as { voteId: string }).voteId };
}

const planned = `${draft}\n## Implementation Plan\n\n### Phase 1: Core inventory\n- Add the tables.\n`;

/** A spec of `author`'s that `who` let past its review, and that is being implemented. */
async function newOverridden(author: Tenant, who: Member): Promise<{ path: string; overrideId: string }> {
  const { specId } = await newReview(author, planned);
  const path = `/specs/${specId}`;
  const { contentHash } = (await author.request('get', path)).body as { contentHash: string };
  const emergency = { contentHash, reason: 'Payments are down tonight.', expiresInHours: 24 };
  const used = author.request('post', `${path}/overrides`, who.apiKey).send(emergency);
  const { overrideId } = (await used.expect(201)).body as { overrideId: string };
  await author.request('post', `${path}/transitions/start`, who.apiKey).set('if-match', '*').send({}).expect(200);
  return { path, overrideId };
}

async function newThread(tenant: Tenant, specPath: string): Promise<StandIns> {
  const threads = document.paths['/v1/organizations/{organizationId}/specs/{specId}/threads'];
  const opening = threads?.post.requestBody?.content['application/json']?.example as object;
  const thread = { ...opening, mentions: [], suggestion: 'list of searches' };
  const opened = await tenant.request('post', `${specPath}/threads`).send(thread).expect(201);
  const { threadId } = opened.body as { threadId: string };
  const reply = tenant.request('post', `/threads/${threadId}/comments`);
  const replied = await reply.send({ body: 'This one.', suggestion: 'list of searches' }).expect(201);
  return {
    '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b66': threadId,
    '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b77': (replied.body as { commentId: string }).commentId,
  };
}

async function newWebhooks(tenant: Tenant, receiver: Receiver): Promise<StandIns> {
  receiver.respond = (_, response, { body: sent }) => void response.end(sent);
  const { endpointId } = await createEndpoint(tenant, receiver.url);
  await tenant.request('post', `/webhook-endpoints/${endpointId}/test`).expect(200);
  const replay = await tenant.request('post', `/webhook-endpoints/${endpointId}/replays`).send({}).expect(202);
  const log = await tenant.request('get', '/webhook-deliveries').set('prefer', 'wait=10').expect(200);
  return {
    '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0ba1': endpointId,
    '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0ba3': String(
      (log.body as { items: { deliveryId: string }[] }).items[0]?.deliveryId,
    ),
    '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0ba4': (replay.body as { replayId: string }).replayId,
  };
}

/** A link to a bundle that is ready. */
async function newShare(service: Service, specId: string): Promise<{ token: string; shareId: string }> {
  const shared = await service.organization.request('post', '/audit/shares').send({ specId }).expect(201);
  const share = shared.body as { token: string; shareId: string };
  await vi.waitFor(async () => {
    const about = await service.anonymous().get('/v1/shared').set('authorization', `Bearer ${share.token}`);
    expect(about.body).toMatchObject({ bundle: 'ready' });
  }, 20_000);
  return share;
}
