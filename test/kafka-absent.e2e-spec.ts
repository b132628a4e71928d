import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Subscriptions } from '../src/modules/event-store/subscriptions.js';
import { KafkaPublisher } from '../src/modules/kafka/kafka-publisher.js';
import { kafkaAt } from './support/kafka/settings.js';
import { startService } from './support/service.js';
import { documentOf, importSpec } from './support/specs.js';

/** Where a broker could be, and is none: it accepts connections, and never says a word. */
class SilentServer {
  connections = 0;
  readonly open = new Set<Socket>();
  private readonly server = createServer((socket) => {
    this.connections++;
    this.open.add(socket);
    socket
      .resume()
      .on('error', () => undefined)
      .on('close', () => this.open.delete(socket));
  });

  async listen(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    for (const socket of this.open) socket.destroy();
    this.server.close();
  }
}

const passedBy = new SilentServer();
const asked = new SilentServer();
const abandoned = new SilentServer();
const servers = [passedBy, asked, abandoned];

beforeAll(() => Promise.all(servers.map((server) => server.listen())));
afterAll(() => servers.forEach((server) => server.close()));

const without = startService();
const withoutWorkers = startService(() => ({ kafka: kafkaAt(passedBy.address, 'history'), workers: false }));
const withKafka = startService(() => ({ kafka: kafkaAt(asked.address, 'history') }));

test('without KAFKA_BROKERS there is no relay', () => {
  expect(without.app.get(Subscriptions).all()).not.toContainEqual(expect.objectContaining({ name: 'kafka' }));
});

test('a process that does no background work asks no broker, and writes go on while a broker says nothing', async () => {
  for (const { organization } of [withoutWorkers, withKafka]) {
    await importSpec(organization, documentOf('A spec', { TLDR: 'Text.' }));
  }
  await vi.waitFor(() => expect(asked.connections).toBeGreaterThan(0), 20_000);
  await importSpec(withKafka.organization, documentOf('Another spec', { TLDR: 'Text.' }));
  expect(passedBy.connections).toBe(0);
});

test('what is given up opens no connection again, and leaves none open', async () => {
  const publisher = new KafkaPublisher(kafkaAt(abandoned.address, 'history'));
  const record = { key: 'a:b', value: '{}', headers: { ce_id: '1' }, timestamp: '1795423665373' };
  await expect(publisher.publish([record], AbortSignal.timeout(100))).rejects.toThrow(/timeout/);
  const { connections } = abandoned;
  await vi.waitFor(() => expect(abandoned.open.size).toBe(0));
  await setTimeout(500);
  expect(abandoned.connections).toBe(connections);
});
