import { CommandBus } from '@nestjs/cqrs';
import type { Response } from 'supertest';
import { system } from '../../src/commands/command.js';
import { SuspectDependency } from '../../src/commands/dependency.commands.js';
import type { ExampleGround } from './example-ground.js';
import type { Placed } from './openapi-document.js';
import { putPolicy } from './policies.js';
import type { Service } from './service.js';
import { operatorKey } from './service.js';

/** The example for a service of which the ids are not known in advance. */
function adapt({ standIns }: ExampleGround, value: unknown): string {
  const said = typeof value === 'string' ? value : JSON.stringify(value);
  return Object.entries(standIns).reduce((text, [given, real]) => text.replaceAll(given, real), said);
}

/** Whose key an operation takes, where it is not the organization's own. */
const keys: Record<string, (ground: ExampleGround) => string> = {
  confirmPolicyChange: ({ second }) => second,
  attestRule: ({ judged }) => judged.attester,
  withdrawAttestation: ({ proposer }) => proposer,
  approveWaiver: ({ proposer }) => proposer,
  releaseLegalHold: ({ second }) => second,
};

/** The path with what the example is about in it. */
function pathOf({ path, operation }: Placed, ground: ExampleGround): string {
  const { specPath, reviewPath, overriddenPath, judged } = ground;
  const exampleOf = (name: string) => {
    const parameter = operation.parameters.find((one) => one.name === name);
    return parameter?.example ?? parameter?.schema.example;
  };
  const plain = path.replace(/\{(\w+)\}/g, (_, name: string) => adapt(ground, exampleOf(name)));
  if (/\/compliance-/.test(path)) return plain.replace(specPath, judged.specPath);
  if (/\{(?:overrideId|phaseKey)\}|\/permit$/.test(path)) return plain.replace(specPath, overriddenPath);
  return /\{(?:voteId|concernId)\}/.test(path) ? plain.replace(specPath, reviewPath) : plain;
}

/** Sends the example of an operation, with the body of a media type where one is named. */
export async function sendExample(
  service: Service,
  ground: ExampleGround,
  placed: Placed,
  { mediaType, headers = {} }: { mediaType?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  const { path, method, operation } = placed;
  const { organization } = service;
  const url = pathOf(placed, ground);
  const currentTag = async () => String((await organization.request('get', ground.specPath)).headers.etag);
  const own = keys[operation.operationId]?.(ground) ?? organization.apiKey;
  const ofNobody = path.startsWith('/v1/shared') ? ground.shareToken : operatorKey;
  const key = operation.security ? ofNobody : own;
  const request = service.anonymous()[method](url).set('authorization', `Bearer ${key}`).set(headers);
  for (const { name, in: place, example, schema } of operation.parameters) {
    const value = example ?? schema.example;
    if (place === 'query' && value !== undefined) void request.query({ [name]: adapt(ground, value) });
    if (name === 'If-Match') void request.set(name, url.includes(ground.specPath) ? await currentTag() : '*');
    if (name === 'Idempotency-Key') void request.set(name, `${operation.operationId} ${mediaType ?? ''}`);
  }
  const body = operation.requestBody?.content[mediaType ?? '']?.example ?? 'nonsense';
  return mediaType ? request.set('content-type', mediaType).send(adapt(ground, body)) : request;
}

/** A change of the policy that waits for the second administrator. */
async function propose({ organization }: Service, { proposer, standIns }: ExampleGround): Promise<void> {
  await putPolicy(organization, 'security', { changesNeedSecondAdmin: true });
  const proposed = await putPolicy(organization, 'security', { title: 'Proposed' }, proposer).expect(200);
  const example = '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae';
  standIns[example] = (proposed.body as { hash: string }).hash;
}

/** A dependency on a spec that was approved anew. */
async function suspect({ app, organization }: Service, { specPath, standIns }: ExampleGround): Promise<void> {
  const [specId, relatedSpecId] = [specPath.split('/').at(-1), standIns['01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b22']];
  const relating = organization.request('post', `${specPath}/relations`).set('if-match', '*');
  await relating.send({ type: 'depends_on', relatedSpecId }).expect(200);
  const approved = { revision: 2, contentHash: '0'.repeat(64), approvedAt: new Date().toISOString() };
  const command = Object.assign(new SuspectDependency(), { specId, relatedSpecId, ...approved });
  const { organizationId } = organization;
  await app
    .get(CommandBus)
    .execute(command.from({ organizationId, actor: system, now: new Date(), requestId: 'a test' }));
}

/** A report on the spec, with a finding of the rule that the examples name, marked by somebody. */
async function mark({ organization }: Service, { specPath, second }: ExampleGround): Promise<void> {
  await organization.request('post', `${specPath}/compliance-reports`).expect(201);
  const wrong = { specId: specPath.split('/')[2], position: 'wrong', reason: 'It is there after all.' };
  const marking = organization.request('post', '/rules/template.sections.required/finding-marks', second);
  await marking.send(wrong).expect(200);
}

/** What has to be so that the example of an operation works. */
export const exampleNeeds: Record<string, (service: Service, ground: ExampleGround) => Promise<void>> = {
  markFinding: mark,
  reviewRule: mark,
  confirmPolicyChange: propose,
  discardPolicyChange: propose,
  confirmDependency: suspect,
};
