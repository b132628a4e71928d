import { expect } from 'vitest';
import { AccessRecorder } from '../../src/modules/audit/access-recorder.js';
import { Sealer } from '../../src/modules/audit/sealer.js';
import { Subscriptions } from '../../src/modules/event-store/subscriptions.js';
import { openThread } from './comments.js';
import { exported } from './exports.js';
import { addMember, putGroup } from './members.js';
import { putPolicy } from './policies.js';
import { publishPack, putSource, ruleFile } from './rules.js';
import type { Service, Tenant } from './service.js';
import { requestHouseWaiver } from './spec-compliance.js';
import { alerts, importSpec } from './specs.js';
import { createEndpoint } from './webhooks.js';

/** Puts rows of two organizations into every table that has rows of organizations. @param ask asks as the database's owner */
export async function fillTables(
  service: Service,
  tenants: readonly [Tenant, Tenant],
  ask: (statement: string) => Promise<unknown>,
): Promise<void> {
  for (const tenant of tenants) await fillByUse(tenant);
  for (const tenant of tenants) {
    const { endpointId } = await createEndpoint(tenant, 'https://203.0.114.10/');
    await tenant.request('post', `/webhook-endpoints/${endpointId}/test`).expect(200);
    await tenant.request('post', `/webhook-endpoints/${endpointId}/replays`).send({}).expect(202);
  }
  for (const tenant of tenants) {
    await tenant
      .request('post', '/audit/shares')
      .send({ since: '2026-01-01T00:00:00Z', until: '2126-01-01T00:00:00Z' })
      .expect(201);
    await exported(tenant, { format: 'csv' });
  }
  await service.app.get(Sealer).sealNow();
  await service.app.get(AccessRecorder).settled();
  expect(await service.app.get(Subscriptions).catchUp('audit', 20_000)).toBe(true);
  // A ledger has its first inner node with its 64th event.
  await ask(`insert into specline.ledger_node
    select organization_id, 6, 0, hash from specline.ledger_entry where position = 1`);
  // An attempt is written when it has ended, and a queue is there while something waits in it.
  await service.app.get(Subscriptions).catchUp('webhooks', 10_000);
  await ask(`insert into specline.webhook_attempt (organization_id, delivery_id, number, started_at, outcome, total_ms)
    select organization_id, delivery_id, 0, now(), 'failed', 1 from specline.webhook_delivery`);
  await ask(`insert into specline.webhook_queue
    select organization_id, endpoint_id, gen_random_uuid(), null from specline.webhook_delivery`);
  // Which events go into a bundle is forgotten when it is made.
  await ask(`insert into specline.audit_export_event
    select organization_id, gen_random_uuid(), stream_id, version, 1, null from specline.stream`);
  // And a stream its first snapshot with its 100th.
  await ask(`insert into specline.snapshot
    select organization_id, stream_id, stream_type, 'some code', version, 1, last_hash, now(), '{}' from specline.stream`);
}

async function fillByUse(tenant: Tenant): Promise<void> {
  const { specId } = await importSpec(tenant, alerts);
  const template = { key: 'house', title: 'House', markdown: '## One\n\nText.\n' };
  await tenant.request('post', '/templates').send(template).expect(201);
  await putPolicy(tenant, 'house', { reason: 'It is our house.' }).expect(200);
  await putSource(tenant, ruleFile).expect(200);
  await publishPack(tenant, 'house').expect(200);
  await requestHouseWaiver(tenant).expect(201);
  await tenant.request('put', '/consumers/ci').send({}).expect(200);
  await putGroup(tenant, 'security', [await addMember(tenant, 'Ada')]).expect(200);
  const owned = tenant.request('post', '/specs').send({ title: 'Owned', owner: 'Ada Lovelace' });
  const { specId: ownedId } = (await owned.expect(201)).body as { specId: string };
  await openThread(tenant, ownedId, {});
  for (const key of ['audit', 'court']) {
    const hold = tenant.request('put', `/specs/${ownedId}/legal-holds/${key}`);
    await hold.send({ reason: 'It is asked for.' }).expect(200);
  }
  await tenant.request('post', `/specs/${ownedId}/compliance-reports`).expect(201);
  await tenant.request('get', '/specs?q=old').expect(200);
  await fillTablesOfRules(tenant);
  await tenant.request('get', `/specs/${specId}`).expect(200);
}

/** A row at least in each table of rules: what is reported, marked and read out of specs. */
async function fillTablesOfRules(tenant: Tenant): Promise<void> {
  const { specId } = await importSpec(tenant, `${alerts}\n## API Contracts\n\n- \`GET /api/searches\`\n`);
  await tenant.request('post', `/specs/${specId}/compliance-reports`).expect(201);
  const mark = { specId, position: 'wrong', reason: 'It is all there.' };
  await tenant.request('post', '/rules/template.sections.required/finding-marks').send(mark).expect(200);
  await tenant.request('get', '/rules').set('prefer', 'wait=20').expect(200);
  await tenant.request('get', '/contracts').expect(200);
}
