import { beforeAll, describe, expect, test } from 'vitest';
import { Sealer } from '../src/modules/audit/sealer.js';
import { policyBody, putPolicy } from './support/policies.js';
import { packBody, publishPack, putSource, ruleFile, sourcePath } from './support/rules.js';
import type { Service, Tenant } from './support/service.js';
import { operatorKey, startService } from './support/service.js';
import type { Operation } from './support/specs.js';
import {
  documentOf,
  expectProblem,
  footprint,
  importSpec,
  operations,
  readEvents,
  sendMarkdown,
} from './support/specs.js';
import { createEndpoint } from './support/webhooks.js';

const secret = 'Zanzibar';
const document = documentOf(secret, { Overview: `About ${secret}.`, Rollout: 'Slow.' });

/** Operations that make what they do not find. */
const makesOne = /^(?:putGroup|putReviewPolicy|putRuleSource|publishRulePack|putConsumer)/;

/** A body that the operation would take, so that nothing but the organization stands in the way. */
const bodies: Record<string, object> = {
  issueApiKey: { name: 'mine', role: 'admin' },
  addMember: { name: 'mine', kind: 'human' },
  changeMember: { name: 'mine' },
  putGroup: { title: 'Mine', members: [] },
  confirmDependency: { revision: 2, conclusion: 'It is mine now.' },
  recordPhase: { status: 'in_progress' },
  useOverride: { contentHash: '0'.repeat(64), reason: 'It is mine now.', expiresInHours: 1 },
  reviewOverride: { upheld: true, conclusion: 'It is mine now.' },
  putReviewPolicy: policyBody(),
  putRuleSource: { markdown: ruleFile },
  retireRuleSource: { reason: 'It is mine.' },
  publishRulePack: packBody(),
  markFinding: { specId: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b22', position: 'wrong', reason: 'It is mine.' },
  reviewRule: { reason: 'It is mine.' },
  retireRulePack: { reason: 'It is mine.' },
  confirmPolicyChange: { hash: '0'.repeat(64) },
  discardPolicyChange: { reason: 'It is mine.' },
  retireReviewPolicy: { reason: 'It is mine.' },
  publishTemplate: { key: 'mine', title: 'Mine', markdown: '## One\n\nText.\n' },
  createSpec: { title: 'Mine' },
  replaceSpec: { sections: [] },
  retitleSpec: { title: 'Mine' },
  labelSpec: { labels: ['mine'] },
  assignOwner: { owner: 'me' },
  erasePerson: { person: 'Nobody' },
  commandSpec: { commands: [{ name: 'spec.section.remove', body: { sectionKey: 'overview' } }] },
  addSection: { heading: 'Mine', body: 'Mine.' },
  updateSection: { body: 'Mine.' },
  moveSection: { position: 1 },
  markNotApplicable: { reason: 'It is mine now.' },
  updatePreamble: { preamble: '# Mine\n\n' },
  submitSpec: {},
  returnSpec: { reason: 'It is mine.' },
  rejectSpec: { reason: 'It is mine.' },
  deferSpec: { reason: 'It is mine.' },
  withdrawSpec: { reason: 'It is mine.' },
  reopenSpec: { reason: 'It is mine.' },
  amendSpec: { reason: 'It is mine.' },
  startImplementation: {},
  completeImplementation: { evidence: [{ kind: 'link', reference: 'mine' }] },
  supersedeSpec: { successorId: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b22' },
  deprecateSpec: { reason: 'It is mine.' },
  archiveSpec: { reason: 'It is mine.' },
  placeLegalHold: { reason: 'It is mine now.' },
  releaseLegalHold: { reason: 'It is mine now.' },
  castVote: { position: 'approve', contentHash: '0'.repeat(64) },
  resolveConcern: { resolution: 'It is mine.' },
  openThread: { body: 'Mine.' },
  replyToThread: { body: 'Mine.' },
  resolveThread: {},
  editComment: { body: 'Mine.' },
  confirmLink: {
    kind: 'extension',
    element: { kind: 'route', key: 'GET /mine', hash: '0'.repeat(64) },
    reason: 'It is mine now.',
  },
  attestRule: { ruleId: 'mine', position: 'compliant', sentence: 'It is mine now.', contentHash: '0'.repeat(64) },
  requestWaiver: {
    ruleId: 'template.risks.complete',
    owner: 'me',
    reason: 'It is mine now.',
    compensatingControl: 'It is mine now.',
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
  },
  withdrawWaiver: { reason: 'It is mine.' },
  lintDocument: { markdown: '# Mine\n' },
  issueComplianceReport: {},
  putConsumer: {},
  commitConsumer: { position: 0 },
  createWebhookEndpoint: { url: 'https://203.0.114.10/', eventTypes: ['*'] },
  changeWebhookEndpoint: { description: 'Mine' },
  pauseWebhookEndpoint: {},
  rotateWebhookSecret: {},
  startWebhookReplay: {},
  startAuditExport: { format: 'csv' },
  createAuditShare: { since: '2026-01-01T00:00:00Z', until: '2026-02-01T00:00:00Z' },
};
const queries: Record<string, (specId: string) => string> = {
  unrelateSpec: (specId) => `?type=relates_to&relatedSpecId=${specId}`,
};

/** Whether the path names something that only its organization has. */
const isFound = (path: string): boolean =>
  /specId|keyId|eventId|templateKey|memberId|groupKey|policyKey|threadId|waiverId|consumerKey|endpointId|deliveryId|replayId|exportId|shareId/.test(
    path,
  );

describe('of another organization', () => {
  const service = startService();
  let victim: Tenant;
  let stranger: Tenant;
  let values: Record<string, string>;
  beforeAll(async () => {
    victim = service.organization;
    stranger = await service.newOrganization();
    const { specId } = await importSpec(victim, document);
    await importSpec(stranger, documentOf('Mine', { Overview: 'Mine.' }));
    const template = { key: 'house', title: secret, markdown: `## ${secret}\n\nText.\n` };
    await victim.request('post', '/templates').send(template).expect(201);
    const added = await victim.request('post', '/members').send({ name: secret, kind: 'human' }).expect(201);
    const { memberId } = added.body as { memberId: string };
    await victim
      .request('put', '/groups/house')
      .send({ title: secret, members: [memberId] })
      .expect(200);
    await putPolicy(victim, 'house', { title: secret }).expect(200);
    await putSource(victim, `# ${secret}\n`).expect(200);
    await publishPack(victim, 'house', { title: secret }).expect(200);
    bodies.relateSpec = { type: 'relates_to', relatedSpecId: specId };
    const { organizationId } = victim;
    await service.app.get(Sealer).sealNow();
    const eventId = String((await readEvents(victim, specId))[0]?.eventId);
    const opened = await victim.request('post', `/specs/${specId}/threads`).send({ body: secret }).expect(201);
    const { threadId } = opened.body as { threadId: string };
    const asked = { ...bodies.requestWaiver, specId, owner: secret };
    const waiver = await victim.request('post', '/compliance/waivers').send(asked).expect(201);
    const { waiverId } = waiver.body as { waiverId: string };
    const issued = await victim.request('post', `/specs/${specId}/compliance-reports`).expect(201);
    const { reportId } = issued.body as { reportId: string };
    await victim.request('put', '/consumers/house').send({}).expect(200);
    const { endpointId } = await createEndpoint(victim, 'https://203.0.114.10/', { description: secret });
    await victim.request('post', `/webhook-endpoints/${endpointId}/test`).expect(200);
    const replayed = await victim.request('post', `/webhook-endpoints/${endpointId}/replays`).send({}).expect(202);
    const deliveries = await victim.request('get', '/webhook-deliveries').set('prefer', 'wait=10').expect(200);
    const begun = await victim.request('post', '/audit/exports').send({ format: 'csv' }).expect(202);
    const { exportId } = begun.body as { exportId: string };
    const link = await victim.request('post', '/audit/shares').send({ specId, note: secret }).expect(201);
    const { shareId } = link.body as { shareId: string };
    values = {
      exportId,
      shareId,
      waiverId,
      reportId,
      linkId: reportId,
      attestationId: reportId,
      endpointId,
      replayId: (replayed.body as { replayId: string }).replayId,
      deliveryId: (deliveries.body as { items: { deliveryId: string }[] }).items[0]?.deliveryId ?? '',
      organizationId,
      specId,
      relatedSpecId: specId,
      threadId,
      commentId: threadId,
      voteId: threadId,
      concernId: threadId,
      overrideId: threadId,
      holdKey: 'house',
      memberId,
      groupKey: 'house',
      policyKey: 'house',
      revision: '1',
      eventId,
      phaseKey: 'phase-1',
      sectionKey: 'overview',
      keyId: organizationId,
      templateKey: 'house',
      path: encodeURIComponent(sourcePath),
      packKey: 'house',
      ruleKey: 'house.declared-events',
      consumerKey: 'house',
      view: 'activity',
    };
  });

  const call = ({ operationId, method, path, body }: Operation, key: string, organizationId: string) => {
    const query = queries[operationId]?.(values.specId ?? '') ?? '';
    const url = path.replace(/\{(\w+)\}/g, (_, name: string) =>
      name === 'organizationId' ? organizationId : (values[name] ?? ''),
    );
    const agent = service.anonymous();
    const request = agent[method](url + query).set('authorization', `Bearer ${key}`);
    return (method === 'get' ? request : request.set('if-match', '*')).send(body ? bodies[operationId] : undefined);
  };
  const all = operations()
    .filter(({ path }) => path.startsWith('/v1/') && path.includes('{organizationId}'))
    .map((operation): [string, Operation] => [operation.operationId, operation]);

  test('the operations of the document are all known here', () => {
    expect(all.filter(([id, { body }]) => body && !(id in bodies)).map(([id]) => id)).toEqual([]);
    expect(all.length).toBeGreaterThan(20);
  });

  test.each(all)('%s is not found, and nothing happens', async (_, operation) => {
    const before = await footprint(service);
    const answer = await call(operation, stranger.apiKey, victim.organizationId);
    expectProblem(answer, 404, 'not_found');
    expect(answer.text).not.toContain(secret);
    expect(await footprint(service)).toEqual(before);
  });

  test.each(all.filter(([id, { path }]) => isFound(path) && !makesOne.test(id)))(
    '%s finds none of its things under one’s own path',
    async (_, operation) => {
      const before = await footprint(service);
      const answer = await call(operation, stranger.apiKey, stranger.organizationId);
      expectProblem(answer, 404, 'not_found');
      expect(await footprint(service)).toEqual(before);
    },
  );

  test.each(all)('%s needs a key', async (_, operation) => {
    for (const key of ['', 'spk_wrong', operatorKey, 'é', `${victim.apiKey}x`]) {
      const answer = await call(operation, key, victim.organizationId);
      expectProblem(answer, 401, 'unauthenticated');
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
    }
  });

  test('lists, searches and relations show nothing', async () => {
    for (const path of [
      '/specs',
      `/specs?q=${secret}`,
      '/templates',
      '/templates?',
      '/api-keys',
      '/members',
      '/groups',
      '/review-policies',
      '/overrides',
      '/legal-holds',
      '/compliance/waivers',
    ]) {
      const answer = await stranger.request('get', path).expect(200);
      expect(answer.text).not.toContain(secret);
      expect(answer.text).not.toContain(victim.organizationId);
    }
    const { specId } = await importSpec(stranger, document.replaceAll(secret, 'Mine'));
    const relate = stranger.request('post', `/specs/${specId}/relations`).set('if-match', '*');
    expectProblem(await relate.send(bodies.relateSpec), 422, 'invalid_relation');
    const put = stranger.request('put', `/specs/${specId}`).set('if-match', '*');
    const relations = [{ type: 'relates_to', specId: values.specId }];
    expectProblem(await put.send({ sections: [], relations }), 422, 'invalid_relation');
    const importing = stranger.request('post', '/specs?template=house');
    expectProblem(await sendMarkdown(importing, document), 422, 'unknown_template');
  });

  test('the schemes of the Authorization header other than Bearer open nothing', async () => {
    for (const header of [victim.apiKey, `Basic ${victim.apiKey}`, `Bearer`, `Bearer  `, `Token ${victim.apiKey}`]) {
      const read = service.anonymous().get(`/v1/organizations/${victim.organizationId}/specs`);
      expectProblem(await read.set('authorization', header), 401, 'unauthenticated');
    }
  });
});

describe('a key', () => {
  const service = startService();
  const issue = async ({ organization }: Service, role: string) => {
    const answer = await organization.request('post', '/api-keys').send({ name: role, role }).expect(201);
    return answer.body as { keyId: string; apiKey: string };
  };

  test('of a reader reads and does not write', async () => {
    const { organization } = service;
    const { specId } = await importSpec(organization, document);
    const { apiKey } = await issue(service, 'reader');
    const before = await footprint(service);
    await organization.request('get', `/specs/${specId}`, apiKey).expect(200);
    expectProblem(await sendMarkdown(organization.request('post', '/specs', apiKey), document), 403, 'not_permitted');
    const path = `/specs/${specId}/sections/overview`;
    const change = organization.request('patch', path, apiKey).set('if-match', '*').send({ body: 'Mine.' });
    expectProblem(await change, 403, 'not_permitted');
    const remove = organization.request('delete', path, apiKey).set('if-match', '*');
    expectProblem(await remove, 403, 'not_permitted');
    expect(await footprint(service)).toEqual(before);
  });

  test('of an auditor reads the trail, evidence and who has keys, and can do nothing else', async () => {
    const { organization } = service;
    const { specId } = await importSpec(organization, document);
    const { apiKey } = await issue(service, 'auditor');
    await service.app.get(Sealer).sealNow();
    const before = await footprint(service);
    for (const path of ['/audit/events', '/audit/seals', '/audit/evidence', '/audit/views/actors', '/api-keys']) {
      await organization.request('get', path, apiKey).expect(200);
    }
    const { organizationId } = organization;
    const keys = { sectionKey: 'overview', templateKey: 'spec', revision: '1' };
    const values: Record<string, string> = { organizationId, specId, keyId: organizationId, memberId: specId, ...keys };
    // Who may read may have a text looked through, and an auditor takes the trail along: history is not written by it.
    const mayAudit = [
      'lintDocument',
      'startAuditExport',
      'withdrawAuditExport',
      'createAuditShare',
      'revokeAuditShare',
    ];
    const writes = operations().filter(
      ({ operationId, path, method }) =>
        path.includes('{organizationId}') && method !== 'get' && !mayAudit.includes(operationId),
    );
    expect(writes.length).toBeGreaterThan(40);
    for (const { operationId, method, path, body } of writes) {
      const url = path.replace(
        /\{(\w+)\}/g,
        (_, name: string) => values[name] ?? (name.endsWith('Id') ? specId : 'house'),
      );
      const write = service.anonymous()[method](url).set('authorization', `Bearer ${apiKey}`).set('if-match', '*');
      const answer = await write.send(body ? bodies[operationId] : undefined);
      expect([answer.status, (answer.body as { code: string }).code], operationId).toEqual([403, 'not_permitted']);
    }
    expect(await footprint(service)).toEqual(before);
  });

  test('of a writer writes and does not manage keys or templates', async () => {
    const { organization } = service;
    const { apiKey, keyId } = await issue(service, 'writer');
    await sendMarkdown(organization.request('post', '/specs', apiKey), document).expect(201);
    const before = await footprint(service);
    const keys = organization.request('post', '/api-keys', apiKey).send({ name: 'more', role: 'admin' });
    expectProblem(await keys, 403, 'not_permitted');
    expectProblem(await organization.request('get', '/api-keys', apiKey), 403, 'not_permitted');
    expectProblem(await organization.request('delete', `/api-keys/${keyId}`, apiKey), 403, 'not_permitted');
    const template = { key: 'mine', title: 'Mine', markdown: '## One\n' };
    expectProblem(await organization.request('post', '/templates', apiKey).send(template), 403, 'not_permitted');
    expect(await footprint(service)).toEqual(before);
  });

  test('of the operator opens organizations, and nothing else does', async () => {
    const open = (key: string) =>
      service.anonymous().post('/v1/organizations').set('authorization', `Bearer ${key}`).send({ name: 'New Ltd' });
    await open(operatorKey).expect(201);
    for (const key of [service.organization.apiKey, 'wrong', `${operatorKey}x`]) {
      expectProblem(await open(key), 401, 'unauthenticated');
    }
    expectProblem(await service.anonymous().post('/v1/organizations').send({ name: 'A' }), 401, 'unauthenticated');
  });

  test('that was revoked is dead at once', async () => {
    const { organization } = service;
    const { apiKey, keyId } = await issue(service, 'writer');
    await organization.request('get', '/specs', apiKey).expect(200);
    await organization.request('delete', `/api-keys/${keyId}`).expect(200);
    expectProblem(await organization.request('get', '/specs', apiKey), 401, 'unauthenticated');
  });
});
