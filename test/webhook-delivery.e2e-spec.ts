import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Subscriptions } from '../src/modules/event-store/subscriptions.js';
import { openThread } from './support/comments.js';
import type { Tenant } from './support/service.js';
import { startService } from './support/service.js';
import { documentOf, importSpec } from './support/specs.js';
import { createEndpoint, onLoopback, readEndpoint, startReceiver, verifyReceived } from './support/webhooks.js';

const document = documentOf('Alerts', { Overview: 'Old.', Rollout: 'Slow.' });
const service = startService(() => ({ webhooks: onLoopback }));
const receiver = startReceiver();
let tenant: Tenant;
let path: string;
let number = 0;

beforeEach(async () => {
  tenant = await service.newOrganization();
  path = `/${++number}`;
});
afterEach(() => {
  receiver.respond = (_, response) => void response.writeHead(204).end();
});

const hear = (more: object = {}) => createEndpoint(tenant, receiver.url + path, more);
const edit = (specId: string, body: string, section = 'overview') =>
  tenant.request('patch', `/specs/${specId}/sections/${section}`).set('if-match', '*').send({ body }).expect(200);

describe('an endpoint is told', () => {
  test('each event once, signed, as a CloudEvent with where its spec stands', async () => {
    const { secret } = await hear();
    const { specId } = await importSpec(tenant, document);
    await edit(specId, 'New.');
    const received = await receiver.until(2, path);
    expect(received.map(({ message }) => message.type)).toEqual(['spec.document.imported', 'spec.section.updated']);
    const [, updated] = received;
    if (!updated) throw new Error('nothing came');
    expect(verifyReceived(updated, secret)).toMatchObject({
      specversion: '1.0',
      id: updated.headers['webhook-id'],
      source: `/v1/organizations/${tenant.organizationId}`,
      subject: specId,
      data: { spec: { specId, number: 1, lifecycle: 'draft', revision: 1 }, about: { key: 'overview' }, version: 2 },
    });
    expect(updated.body).not.toContain('New.');
    expect(updated.headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8' });
    expect(updated.headers['accept-encoding']).toBe('identity');
  });

  test('the whole payload where it asked for it, with headers of its own', async () => {
    await hear({ payload: 'full', headers: [{ name: 'X-Key', value: 'of the receiver' }] });
    await importSpec(tenant, document);
    const [first] = await receiver.until(1, path);
    expect(first?.message.data.payload).toMatchObject({
      title: 'Alerts',
      sections: [{ key: 'overview' }, { key: 'rollout' }],
    });
    expect(first?.headers['x-key']).toBe('of the receiver');
  });

  test('what it asked for, of the specs that it asked for, and nothing that was before it', async () => {
    const early = await importSpec(tenant, document);
    await hear({ eventTypes: ['spec.section.*', 'comment.thread.opened'], filter: { labels: ['payments'] } });
    const { specId } = await importSpec(tenant, document);
    await edit(early.specId, 'Not labelled.');
    await edit(specId, 'Not labelled yet.');
    // What filters ask of a spec is as it is when the event is fanned out.
    await service.app.get(Subscriptions).catchUp('webhooks', 10_000);
    await tenant
      .request('put', `/specs/${specId}/labels`)
      .set('if-match', '*')
      .send({ labels: ['payments'] })
      .expect(200);
    await edit(specId, 'Labelled.');
    const threadId = await openThread(tenant, specId, {});
    const received = await receiver.until(2, path);
    expect(received.map(({ message: { type, subject } }) => [type, subject])).toEqual([
      ['spec.section.updated', specId],
      ['comment.thread.opened', threadId],
    ]);
    expect(received[1]?.message.data.spec).toMatchObject({ specId });
  });

  test('that it is tested, whatever it listens to, and nothing else of itself', async () => {
    const { endpointId } = await hear({ eventTypes: ['template.*'] });
    const other = await createEndpoint(tenant, `${receiver.url}${path}/other`, { eventTypes: ['webhook.*'] });
    await tenant.request('post', `/webhook-endpoints/${endpointId}/test`).expect(200);
    await receiver.until(1, path);
    await tenant.request('post', `/webhook-endpoints/${other.endpointId}/pause`).send({}).expect(200);
    expect(receiver.types(path)).toEqual(['webhook.endpoint.tested']);
    await receiver.until(1, `${path}/other`);
    expect(receiver.at(`${path}/other`).every(({ message }) => message.subject === endpointId)).toBe(true);
  });
});

describe('in order', () => {
  const edits = 12;

  test.each(['per_spec', 'strict'])('%s: nothing goes past a message that is not delivered yet', async (order) => {
    await hear({ order, eventTypes: ['spec.*'], maxConcurrent: 20 });
    const specs = [await importSpec(tenant, document), await importSpec(tenant, document)];
    // The second spec's first edit fails once: 5 seconds pass before it is tried again.
    let failures = 0;
    receiver.respond = (_, response, { message }) => {
      const fails = message.subject === specs[1]?.specId && message.data.version === 2 && failures++ === 0;
      response.writeHead(fails ? 500 : 204).end();
    };
    for (let n = 0; n < edits; n++) for (const { specId } of specs) await edit(specId, `Edit ${n}.`);
    const received = await receiver.until(2 * (edits + 1) + 1, path, 30_000);
    const versions = (specId?: string) =>
      received.flatMap(({ message }) => (message.subject === specId ? [message.data.version] : []));
    const all = Array.from({ length: edits + 1 }, (_, n) => n + 1);
    expect(versions(specs[0]?.specId)).toEqual(all);
    expect(versions(specs[1]?.specId)).toEqual([1, 2, ...all.slice(1)]);
    if (order !== 'strict') return;
    const sequences = received.map(({ message }) => message.sequence);
    expect(sequences).toEqual([...sequences].sort());
  });
});

describe('an endpoint that takes three messages at a time', () => {
  test('never has more of them under way, and is kept busy', async () => {
    const { endpointId } = await hear({ order: 'none', eventTypes: ['template.*'], maxConcurrent: 3 });
    const underWay = { now: 0, most: 0 };
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    receiver.respond = async (_, response) => {
      underWay.most = Math.max(underWay.most, ++underWay.now);
      await gate;
      await setTimeout(10);
      underWay.now--;
      response.writeHead(204).end();
    };
    for (let n = 0; n < 30; n++) await tenant.request('post', `/webhook-endpoints/${endpointId}/test`).expect(200);
    await receiver.until(3, path);
    open();
    await receiver.until(30, path);
    expect(underWay.most).toBe(3);
  });
});

describe('an endpoint that is paused', () => {
  test('is not sent to, and goes on with what waited when it is resumed', async () => {
    const { endpointId } = await hear({ order: 'none' });
    await tenant.request('post', `/webhook-endpoints/${endpointId}/pause`).send({}).expect(200);
    await importSpec(tenant, document);
    await tenant.request('post', `/webhook-endpoints/${endpointId}/resume`).expect(200);
    await importSpec(tenant, document);
    const [first] = await receiver.until(1, path);
    expect(first?.message.data.spec).toMatchObject({ number: 2 });
    expect(receiver.at(path)).toHaveLength(1);
  });
});

describe('an endpoint that says 410', () => {
  test('is disabled, which is an event of its own', async () => {
    const { endpointId } = await hear({ eventTypes: ['spec.*'] });
    const watcher = `${path}/watcher`;
    await createEndpoint(tenant, receiver.url + watcher, { eventTypes: ['webhook.endpoint.disabled'] });
    receiver.respond = ({ url }, response) => void response.writeHead(url === path ? 410 : 204).end();
    await importSpec(tenant, document);
    const [told] = await receiver.until(1, watcher);
    expect(told?.message).toMatchObject({ subject: endpointId, type: 'webhook.endpoint.disabled' });
    expect(await readEndpoint(tenant, endpointId)).toMatchObject({ status: 'disabled', reason: 'gone' });
    await importSpec(tenant, document);
    expect(receiver.at(path)).toHaveLength(1);
  });
});
