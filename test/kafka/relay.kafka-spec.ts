import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { beforeAll, expect, test, vi } from 'vitest';
import { Subscriptions } from '../../src/modules/event-store/subscriptions.js';
import { KafkaPublisher } from '../../src/modules/kafka/kafka-publisher.js';
import { startBroker } from '../support/kafka/broker.js';
import { kafkaAt } from '../support/kafka/settings.js';
import { expectPublished, kcat, readHistory, readTopic } from '../support/kafka/topic.js';
import type { SeenRecord } from '../support/kafka/topic.js';
import { startService } from '../support/service.js';
import { documentOf, importSpec } from '../support/specs.js';

const kafka = startBroker();
const service = startService(() => ({ kafka: kafkaAt(kafka.broker.address, 'history') }));
let records: SeenRecord[];

beforeAll(async () => {
  const tenants = [service.organization, await service.newOrganization()];
  // Streams grow side by side, so that their events lie between each other in history.
  await Promise.all(
    tenants.flatMap((tenant) =>
      [1, 2, 3, 4, 5].map(async (number) => {
        const { specId } = await importSpec(tenant, documentOf(`Spec ${number}`, { TLDR: 'Ünïcödé "quoted" \u2028' }));
        for (let edit = 1; edit <= 20; edit++) {
          await tenant
            .request('patch', `/specs/${specId}/sections/tldr`)
            .set('if-match', '*')
            .set('traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01')
            .send({ body: `Edit ${edit}\n` })
            .expect(200);
        }
      }),
    ),
  );
  await service.organization.request('post', '/specs').send({ title: 'Owned', owner: 'Ada Lovelace' }).expect(201);
  expect(await service.app.get(Subscriptions).catchUp('kafka', 30_000)).toBe(true);
  records = await readTopic(kafka.broker.address, 'history');
});

test('every event is in the topic once, whole, under the key of its stream and in its order', async () => {
  const history = await readHistory(service.databaseUrl);
  expect(history.length).toBeGreaterThan(200);
  expect(expectPublished(records, history)).toBe(0);
  expect(records).toHaveLength(history.length);
});

test('a topic that was missing has the partitions that were asked for, and the streams are spread over them', async () => {
  expect(await kcat(kafka.broker.address, '-L', '-t', 'history')).toContain('topic "history" with 5 partitions');
  expect(new Set(records.map(({ partition }) => partition)).size).toBeGreaterThan(1);
});

test('kcat prints the events of a spec as anybody would read them', async () => {
  const { specId, organizationId } = await specOf();
  const format = '%k %s\n';
  const printed = await kcat(kafka.broker.address, '-C', '-t', 'history', '-e', '-q', '-f', format);
  const lines = printed.split('\n').filter((line) => line.startsWith(`${organizationId}:${specId} `));
  const stored = await readHistory(service.databaseUrl);
  const wanted = stored.filter(({ streamId }) => streamId === specId).map(({ payload }) => JSON.stringify(payload));
  expect(lines).toEqual(wanted.map((payload) => `${organizationId}:${specId} ${payload}`));
  expect(lines).toHaveLength(21);
});

test('the API names an event as the topic does', async () => {
  const { specId } = await specOf();
  const answer = await service.organization.request('get', `/specs/${specId}/events?limit=100`).expect(200);
  const { items } = answer.body as { items: Record<string, unknown>[] };
  const seen = records.filter(({ headers }) => headers.ce_subject === specId);
  expect(
    seen.map(({ headers, value }) => [headers.ce_id, headers.ce_hash, headers.ce_type, JSON.parse(value) as object]),
  ).toEqual(items.map(({ eventId, hash, type, data }) => [eventId, hash, type, data]));
});

test('who is named in an event is a token in the topic', async () => {
  const list = await service.organization.request('get', '/specs?owner=Ada%20Lovelace').expect(200);
  const [owned] = (list.body as { items: { specId: string; owner: string }[] }).items;
  expect(owned?.owner).toBe('Ada Lovelace');
  const [created] = records.filter(({ headers }) => headers.ce_subject === owned?.specId);
  expect(JSON.parse(created?.value ?? '')).toMatchObject({
    title: 'Owned',
    owner: expect.stringMatching(/^pd1:/) as string,
  });
  expect(JSON.stringify(records)).not.toContain('Lovelace');
});

test('every record is what the AsyncAPI document describes', () => {
  const document = JSON.parse(readFileSync('openapi/asyncapi.json', 'utf8')) as {
    channels: { history: { messages: Record<string, object> } };
    components: { messages: Record<string, { payload: object }>; schemas: { EventHeaders: object } };
  };
  const ajv = new Ajv2020({ strict: false });
  (formats as unknown as (validator: Ajv2020) => void)(ajv);
  const { schemas } = document.components;
  const ofHistory = Object.entries(document.components.messages).filter(
    ([name]) => name in document.channels.history.messages,
  );
  const messages = Object.fromEntries(ofHistory);
  // A header that is not described is one that nobody was told of.
  const headersFit = ajv.compile({ ...schemas.EventHeaders, additionalProperties: false });
  for (const { payload } of Object.values(messages)) ajv.addSchema(payload);
  for (const { headers, value } of records) {
    expect(headersFit(headers), JSON.stringify(headersFit.errors)).toBe(true);
    expect(ajv.validate(headers.ce_dataschema ?? '', JSON.parse(value)), JSON.stringify(ajv.errors)).toBe(true);
    expect(messages).toHaveProperty([headers.ce_type ?? '']);
  }
});

async function specOf(): Promise<{ specId: string; organizationId: string }> {
  const answer = await service.organization.request('get', '/specs?q=Edit&limit=1').expect(200);
  const [spec] = (answer.body as { items: { specId: string }[] }).items;
  return { specId: spec?.specId ?? '', organizationId: service.organization.organizationId };
}

test('no timer is set for a time that has passed: Node would warn of it', async () => {
  const setTimer = vi.spyOn(globalThis, 'setTimeout');
  const publisher = new KafkaPublisher(kafkaAt(kafka.broker.address, 'timers'));
  try {
    const record = { key: 'a:b', value: '{}', headers: { ce_id: '1' }, timestamp: '1795423665373' };
    for (let sent = 0; sent < 5; sent++) await publisher.publish([record], AbortSignal.timeout(20_000));
    expect(setTimer.mock.calls.length).toBeGreaterThan(0);
    for (const [, delay] of setTimer.mock.calls) expect(delay).toBeGreaterThanOrEqual(0);
  } finally {
    setTimer.mockRestore();
    await publisher.close();
  }
});
