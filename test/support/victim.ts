import { Sealer } from '../../src/modules/audit/sealer.js';
import { operationBodies } from './operation-bodies.js';
import { putPolicy } from './policies.js';
import { publishPack, putSource, sourcePath } from './rules.js';
import type { Service, Tenant } from './service.js';
import { documentOf, importSpec, readEvents } from './specs.js';
import { createEndpoint } from './webhooks.js';

/** Stands in all that the victim has written. */
export const secret = 'Zanzibar';
export const secretDocument = documentOf(secret, { Overview: `About ${secret}.`, Rollout: 'Slow.' });

/** Gives an organization something of each kind. @returns what stands for it in the paths of operations */
export async function furnish(service: Service, victim: Tenant): Promise<Record<string, string>> {
  const { specId } = await importSpec(victim, secretDocument);
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
  const { organizationId } = victim;
  await service.app.get(Sealer).sealNow();
  const eventId = String((await readEvents(victim, specId))[0]?.eventId);
  const opened = await victim.request('post', `/specs/${specId}/threads`).send({ body: secret }).expect(201);
  const { threadId } = opened.body as { threadId: string };
  const asked = { ...operationBodies.requestWaiver, specId, owner: secret };
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
  return {
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
}
