import { readFileSync } from 'node:fs';
import { CommandBus } from '@nestjs/cqrs';
import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Response } from 'supertest';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { system } from '../src/commands/command.js';
import { SuspectDependency } from '../src/commands/dependency.commands.js';
import { refusals } from '../src/commands/refusals.js';
import { Sealer } from '../src/modules/audit/sealer.js';
import type { JudgedExamples } from './support/judged-examples.js';
import { judgedExamples } from './support/judged-examples.js';
import { exported } from './support/exports.js';
import { join, putGroup } from './support/members.js';
import { putPolicy } from './support/policies.js';
import { draft, note } from './support/reviews.js';
import type { Tenant } from './support/service.js';
import { operatorKey, startService } from './support/service.js';
import type { Receipt } from './support/specs.js';
import { sendMarkdown } from './support/specs.js';
import { createEndpoint, onLoopback, startReceiver } from './support/webhooks.js';

type Media = { schema: object; example?: unknown; examples?: Record<string, { $ref: string }> };
type Parameter = { name: string; in: string; required: boolean; example?: unknown; schema: { example?: unknown } };
type Answer = { description: string; headers: Record<string, object>; content?: Record<string, Media> };
type Operation = {
  tags: [string];
  operationId: string;
  summary?: string;
  description?: string;
  parameters: Parameter[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, Answer>;
  security?: Record<string, []>[];
};
type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type Document = {
  tags: { name: string }[];
  paths: Record<string, Record<Method, Operation>>;
  components: {
    examples: Record<string, { value: object }>;
    schemas: Record<string, { properties?: object } | undefined>;
  };
};

const planned = `${draft}\n## Implementation Plan\n\n### Phase 1: Core inventory\n- Add the tables.\n`;

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

const text = readFileSync(new URL('../openapi/openapi.json', import.meta.url), 'utf8');
const document = JSON.parse(text) as Document;
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]): [string, { path: string; method: Method; operation: Operation }] => [
    operation.operationId,
    { path, method: method as Method, operation },
  ]),
);

const ajv = new Ajv2020({ strict: false });
(formats as unknown as (validator: Ajv2020) => void)(ajv);
// An answer with a member that is not described is one that nobody was told of: here, unlike for clients, it is wrong.
const closed = JSON.parse(text, (_, value: unknown) =>
  isSchemaOfMembers(value) ? { additionalProperties: false, ...value } : value,
) as object;
ajv.addSchema(closed, 'openapi');
const compiled = new Map<string, ValidateFunction>();

/** What is wrong with a value by its schema in the document; nothing where it fits. */
function faults(schema: object, value: unknown): unknown {
  const key = JSON.stringify(schema).replaceAll('"#/', '"openapi#/');
  const validate = compiled.get(key) ?? ajv.compile(JSON.parse(key) as object);
  compiled.set(key, validate);
  return validate(value) ? undefined : validate.errors;
}

function isSchemaOfMembers(value: unknown): value is object {
  return (
    typeof value === 'object' && value !== null && 'type' in value && value.type === 'object' && 'properties' in value
  );
}

describe('the OpenAPI document', () => {
  const service = startService(() => ({ webhooks: onLoopback }));
  const receiver = startReceiver();

  test('is served as it is committed', async () => {
    expect((await service.anonymous().get('/openapi.json').expect(200)).body).toEqual(document);
  });

  test('is read at /docs, which loads nothing from elsewhere', async () => {
    const page = await service.anonymous().get('/docs').expect(200);
    const loaded = [...page.text.matchAll(/<(?:script|link)\b[^>]*?\b(?:src|href)=["']?([^"'\s>]+)/g)].map(
      ([, url = '']) => url,
    );
    expect(loaded.length).toBeGreaterThan(3);
    for (const url of loaded) {
      expect(url).toMatch(/^(?:\.\/|\/)(?!\/)/);
      await service.anonymous().get(new URL(url, 'http://host/').pathname).expect(200);
    }
  });

  test.each(operations)('describes %s in full', (operationId, { operation, path }) => {
    const { summary, description, responses, requestBody, security } = operation;
    expect([operationId, summary, description].every((said) => said !== undefined && said !== '')).toBe(true);
    // One of its tags and no other: generated clients declare an operation for each tag.
    expect(operation.tags).toHaveLength(1);
    expect(document.tags.map(({ name }) => name)).toContain(operation.tags[0]);
    const isPublic = /^\/(?:health\/|\.well-known\/|v1\/event-types$)/.test(path);
    const needed = isPublic ? ['400', '500', '503'] : ['400', '401', '500', '503'];
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(needed));
    const isOfTenants = path.includes('{organizationId}');
    const isShared = path.startsWith('/v1/shared');
    const needs = isShared ? [{ shareToken: [] }] : [{ operatorKey: [] }];
    expect(security).toEqual(isPublic ? [] : isOfTenants ? undefined : needs);
    const medias = [requestBody?.content, ...Object.values(responses).map(({ content }) => content)].flatMap(
      (content) => Object.values(content ?? {}),
    );
    for (const { schema, example, examples = {} } of medias) {
      const referred = Object.values(examples).map(
        ({ $ref }) => document.components.examples[$ref.split('/').at(-1) ?? ''],
      );
      const values = example === undefined ? referred.map((one) => one?.value) : [example];
      expect(values.length).toBeGreaterThan(0);
      for (const value of values) expect(faults(schema, value)).toBeUndefined();
    }
    expect(Object.values(responses).every(({ headers }) => 'X-Request-Id' in headers)).toBe(true);
  });

  test('asks in no body for what stands in the path', () => {
    const twice = operations.flatMap(([operationId, { path, operation }]) => {
      const { $ref = '' } = (operation.requestBody?.content['application/json']?.schema ?? {}) as { $ref?: string };
      const { properties = {} } = document.components.schemas[$ref.split('/').at(-1) ?? ''] ?? {};
      return Object.keys(properties)
        .filter((name) => path.includes(`{${name}}`))
        .map((name) => `${operationId}: ${name}`);
    });
    expect(twice).toEqual([]);
  });

  test('has an example for every code, but for the method that no operation has', () => {
    const { method_not_allowed: _, ...codes } = refusals;
    expect(Object.keys(document.components.examples).sort()).toEqual(Object.keys(codes).sort());
  });

  describe('has examples that work:', () => {
    let standIns: Record<string, string>;
    let specPath: string;
    let proposer: string;
    let shareToken: string;
    let second: string;
    /** Of a spec in review, with a vote that raises a concern. */
    let reviewPath: string;
    let overriddenPath: string;
    let judged: JudgedExamples;

    beforeAll(async () => {
      const { organization } = service;
      const { content } = document.paths['/v1/organizations/{organizationId}/specs']?.post.requestBody ?? {};
      const importExample = async () => {
        const request = organization.request('post', '/specs').set('content-type', 'text/markdown');
        const answer = await request.send(String(content?.['text/markdown']?.example)).expect(201);
        return (answer.body as { specId: string }).specId;
      };
      const key = await organization.request('post', '/api-keys').send({ name: 'ci', role: 'reader' }).expect(201);
      const added = await organization
        .request('post', '/members')
        .send({ name: 'Ada Lovelace', kind: 'human' })
        .expect(201);
      const { memberId } = added.body as { memberId: string };
      await organization.request('put', '/groups/security').send({ title: 'Security', members: [] }).expect(200);
      const ann = await join(organization, 'Ann', { role: 'admin' });
      proposer = ann.apiKey;
      second = (await join(organization, 'Bob', { role: 'admin' })).apiKey;
      await putPolicy(organization, 'security', { overrideGroups: ['on-call'] }).expect(200);
      await putGroup(organization, 'on-call', [ann.memberId]).expect(200);
      const [specId, relatedSpecId] = [await importExample(), await importExample()];
      specPath = `/specs/${specId}`;
      const review = await newReview(organization);
      reviewPath = `/specs/${review.specId}`;
      // Nobody whose key came from the author could override.
      const bob: Tenant = { ...organization, request: (method, path) => organization.request(method, path, second) };
      const { specId: overridden } = await newReview(bob, planned);
      overriddenPath = `/specs/${overridden}`;
      const { contentHash } = (await organization.request('get', overriddenPath)).body as { contentHash: string };
      const emergency = { contentHash, reason: 'Payments are down tonight.', expiresInHours: 24 };
      const used = organization.request('post', `${overriddenPath}/overrides`, proposer).send(emergency);
      const { overrideId } = (await used.expect(201)).body as { overrideId: string };
      await organization
        .request('post', `${overriddenPath}/transitions/start`)
        .set('if-match', '*')
        .send({})
        .expect(200);
      const body = 'Every team writes its own search page, and none of them can be shared.\n';
      const section = organization.request('patch', `${specPath}/sections/problem-statement`).set('if-match', '*');
      await section.send({ body }).expect(200);
      const threads = document.paths['/v1/organizations/{organizationId}/specs/{specId}/threads'];
      const opening = threads?.post.requestBody?.content['application/json']?.example as object;
      const thread = { ...opening, mentions: [], suggestion: 'list of searches' };
      const opened = await organization.request('post', `${specPath}/threads`).send(thread).expect(201);
      const { threadId } = opened.body as { threadId: string };
      const reply = organization.request('post', `/threads/${threadId}/comments`);
      const replied = await reply.send({ body: 'This one.', suggestion: 'list of searches' }).expect(201);
      judged = await judgedExamples(organization, second, proposer);
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
      receiver.respond = (_, response, { body: sent }) => void response.end(sent);
      const { endpointId } = await createEndpoint(organization, receiver.url);
      await organization.request('post', `/webhook-endpoints/${endpointId}/test`).expect(200);
      const replay = await organization
        .request('post', `/webhook-endpoints/${endpointId}/replays`)
        .send({})
        .expect(202);
      const log = await organization.request('get', '/webhook-deliveries').set('prefer', 'wait=10').expect(200);
      const { exportId } = await exported(organization, { format: 'csv' });
      const shared = await organization.request('post', '/audit/shares').send({ specId }).expect(201);
      const { token, shareId } = shared.body as { token: string; shareId: string };
      shareToken = token;
      await vi.waitFor(async () => {
        const about = await service.anonymous().get('/v1/shared').set('authorization', `Bearer ${token}`);
        expect(about.body).toMatchObject({ bundle: 'ready' });
      }, 20_000);
      standIns = {
        '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0d11': exportId,
        '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0d22': shareId,
        ...judged.standIns,
        '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0ba1': endpointId,
        '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0ba3': String(
          (log.body as { items: { deliveryId: string }[] }).items[0]?.deliveryId,
        ),
        '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0ba4': (replay.body as { replayId: string }).replayId,
        '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b01': organization.organizationId,
        '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b02': (key.body as { keyId: string }).keyId,
        '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b03': memberId,
        '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11': specId,
        '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b22': relatedSpecId,
        '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b55': review.voteId,
        '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b33': String(items[0]?.eventId),
        '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b66': threadId,
        '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b77': (replied.body as { commentId: string }).commentId,
        '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b88': overrideId,
        '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b51': (started.body as { operationId: string }).operationId,
      };
    });

    /** The example for a service of which the ids are not known in advance. */
    const adapted = (value: unknown): string =>
      Object.entries(standIns).reduce((said, [given, real]) => said.replaceAll(given, real), said(value));
    const said = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

    const send = async (
      { path, method, operation }: { path: string; method: Method; operation: Operation },
      { mediaType, headers = {} }: { mediaType?: string; headers?: Record<string, string> } = {},
    ): Promise<Response> => {
      const ask = operation.parameters.map((one) => ({ ...one, example: one.example ?? one.schema.example }));
      const plain = path.replace(/\{(\w+)\}/g, (_, name) => adapted(ask.find((one) => one.name === name)?.example));
      const asked = /\{(?:voteId|concernId)\}/.test(path) ? plain.replace(specPath, reviewPath) : plain;
      const isInForce = /\{(?:overrideId|phaseKey)\}|\/permit$/.test(path);
      const overridden = isInForce ? plain.replace(specPath, overriddenPath) : asked;
      const url = /\/compliance-/.test(path) ? plain.replace(specPath, judged.specPath) : overridden;
      const own = keys[operation.operationId]?.() ?? service.organization.apiKey;
      const ofNobody = path.startsWith('/v1/shared') ? shareToken : operatorKey;
      const key = operation.security ? ofNobody : own;
      const request = service.anonymous()[method](url).set('authorization', `Bearer ${key}`).set(headers);
      for (const { name, in: place, example } of ask) {
        if (place === 'query' && example !== undefined) void request.query({ [name]: adapted(example) });
        if (name === 'If-Match') void request.set(name, url.includes(specPath) ? await currentTag() : '*');
        if (name === 'Idempotency-Key') void request.set(name, `${operation.operationId} ${mediaType ?? ''}`);
      }
      const body = operation.requestBody?.content[mediaType ?? '']?.example ?? 'nonsense';
      return mediaType ? request.set('content-type', mediaType).send(adapted(body)) : request;
    };
    /** Whose key it takes. */
    const keys: Record<string, () => string> = {
      confirmPolicyChange: () => second,
      attestRule: () => judged.attester,
      withdrawAttestation: () => proposer,
      approveWaiver: () => proposer,
      releaseLegalHold: () => second,
    };
    const currentTag = async () => String((await service.organization.request('get', specPath)).headers.etag);

    const expectDocumented = (operation: Operation, answer: Response) => {
      const documented = operation.responses[answer.status];
      expect(documented, `${answer.status} ${answer.text}`).toBeDefined();
      const mediaType = answer.headers['content-type']?.split(';')[0];
      if (answer.status === 304) return;
      const media = documented?.content?.[mediaType ?? ''];
      expect(media, mediaType).toBeDefined();
      expect(
        faults(media?.schema ?? {}, /[/+]json$/.test(mediaType ?? '') ? JSON.parse(answer.text) : answer.text),
      ).toBeUndefined();
      // Problems name each of the codes that the operation answers.
      if (media?.examples) expect(Object.keys(media.examples)).toContain((answer.body as { code: string }).code);
      for (const name of [
        'etag',
        'location',
        'retry-after',
        'repr-digest',
        'idempotency-replayed',
        'www-authenticate',
      ]) {
        const names = Object.keys(documented?.headers ?? {}).map((one) => one.toLowerCase());
        if (answer.headers[name] !== undefined) expect(names).toContain(name);
      }
    };

    /** What has to be so that an example works. */
    const propose = async () => {
      await putPolicy(service.organization, 'security', { changesNeedSecondAdmin: true });
      const proposed = await putPolicy(service.organization, 'security', { title: 'Proposed' }, proposer).expect(200);
      const example = '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae';
      standIns[example] = (proposed.body as { hash: string }).hash;
    };
    const suspect = async () => {
      const [specId, relatedSpecId] = [specPath.split('/').at(-1), standIns['01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b22']];
      const relating = service.organization.request('post', `${specPath}/relations`).set('if-match', '*');
      await relating.send({ type: 'depends_on', relatedSpecId }).expect(200);
      const approved = { revision: 2, contentHash: '0'.repeat(64), approvedAt: new Date().toISOString() };
      const command = Object.assign(new SuspectDependency(), { specId, relatedSpecId, ...approved });
      const { organizationId } = service.organization;
      await service.app
        .get(CommandBus)
        .execute(command.from({ organizationId, actor: system, now: new Date(), requestId: 'a test' }));
    };
    /** A report on the spec, with a finding of the rule that the examples name, marked by somebody. */
    const mark = async () => {
      await service.organization.request('post', `${specPath}/compliance-reports`).expect(201);
      const wrong = { specId: specPath.split('/')[2], position: 'wrong', reason: 'It is there after all.' };
      const marking = service.organization.request('post', '/rules/template.sections.required/finding-marks', second);
      await marking.send(wrong).expect(200);
    };
    const before: Record<string, () => Promise<void>> = {
      markFinding: mark,
      reviewRule: mark,
      confirmPolicyChange: propose,
      discardPolicyChange: propose,
      confirmDependency: suspect,
    };

    // What takes away what other examples need comes last.
    const last = ['deleteComment', 'removeSection', 'revokeApiKey', 'removeMember', 'removeGroup', 'removeConsumer'];
    last.push('changeWebhookEndpoint', 'deleteWebhookEndpoint', 'withdrawAuditExport');
    last.push(...operations.map(([id]) => id).filter((id) => /Shared/.test(id)), 'revokeAuditShare');
    const inOrder = [...operations].sort(([a], [b]) => last.indexOf(a) - last.indexOf(b));

    test.each(inOrder)('%s', async (operationId, one) => {
      await before[operationId]?.();
      for (const mediaType of Object.keys(one.operation.requestBody?.content ?? { '': {} })) {
        const answer = await send(one, mediaType ? { mediaType } : {});
        expect(answer.status, answer.text).toBeLessThan(300);
        expectDocumented(one.operation, answer);
      }
      for (const mediaType of Object.keys(one.operation.responses['200']?.content ?? {})) {
        if (one.method === 'get') expectDocumented(one.operation, await send(one, { headers: { accept: mediaType } }));
      }
    });

    test.each(operations)('%s says no as it is documented', async (_, one) => {
      const { operation } = one;
      const mediaType = Object.keys(operation.requestBody?.content ?? {})[0];
      const refused = [
        await send(one, { mediaType, headers: { authorization: 'Bearer nonsense' } }),
        await send({ ...one, path: `${one.path}?nonsense=1` }, { mediaType }),
        await send(one, { mediaType: 'text/plain' }),
        await send(one, { headers: { accept: 'image/png' } }),
        await send({ ...one, path: one.path.replace('{specId}', service.organization.organizationId) }, { mediaType }),
      ];
      for (const answer of refused) expectDocumented(operation, answer);
    });
  });
});
