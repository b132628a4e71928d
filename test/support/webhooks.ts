import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { afterAll, beforeAll, expect, vi } from 'vitest';
import { Webhook } from 'standardwebhooks';
import type { WebhookSettings } from '../../src/modules/webhooks/webhook-settings.js';
import type { Tenant } from './service.js';

/** As whoever runs the service sets it where receivers are on the same machine. */
export const onLoopback: WebhookSettings = {
  allowedNetworks: ['127.0.0.1/32'],
  allowHttp: true,
  retentionDays: 30,
};

const ajv = new Ajv2020({ allErrors: true, strict: false });
formats.default(ajv);
const { items: eventTypes } = JSON.parse(readFileSync('openapi/event-types.json', 'utf8')) as {
  items: { type: string; schema: object }[];
};
const validators = new Map(eventTypes.map(({ type, schema }) => [type, ajv.compile(schema)]));

/** Every body that is sent in a test is held against the published schema of its type. */
function faultOf(message: object, type: string): string | undefined {
  if (type === 'webhook.endpoint.challenge') return undefined;
  const validate = validators.get(type);
  if (!validate) return `there is no type ${type}`;
  return validate(message) ? undefined : `${type}: ${ajv.errorsText(validate.errors)}`;
}

/** What came to a receiver. */
export type Received = {
  path: string;
  headers: Record<string, string>;
  body: string;
  at: number;
  message: { id: string; type: string; subject: string; sequence: string; data: Record<string, unknown> };
};

export type Respond = (request: IncomingMessage, response: ServerResponse, received: Received) => void | Promise<void>;

/** A receiver on the loopback address: it keeps what it is sent, and answers 204 unless it is told otherwise. */
export class Receiver {
  readonly received: Received[] = [];
  respond: Respond = (_, response) => void response.writeHead(204).end();
  private readonly server: Server = createServer((request, response) => void this.take(request, response));

  async listen(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  /** What came to a path, by the types of the messages. */
  types(path = '/'): string[] {
    return this.at(path).map(({ message }) => message.type);
  }

  at(path = '/'): Received[] {
    return this.received.filter((one) => one.path === path);
  }

  /** Waits until so many messages came to a path. */
  async until(count: number, path = '/', milliseconds = 20_000): Promise<Received[]> {
    await vi.waitFor(() => expect(this.at(path).length).toBeGreaterThanOrEqual(count), milliseconds);
    return this.at(path);
  }

  /** What was sent that is not as the catalogue of event types says. */
  readonly faults: string[] = [];

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await buffer(request)).toString();
    const headers = request.headers as Record<string, string>;
    const message = JSON.parse(body) as Received['message'];
    const received = { path: request.url ?? '', headers, body, at: Date.now(), message };
    this.received.push(received);
    const fault = faultOf(message, message.type);
    if (fault) this.faults.push(fault);
    await this.respond(request, response, received);
  }
}

/** A receiver for the tests of a file. */
export function startReceiver(): Receiver {
  const receiver = new Receiver();
  beforeAll(() => receiver.listen());
  afterAll(() => {
    receiver.close();
    expect(receiver.faults).toEqual([]);
  });
  return receiver;
}

export type EndpointJson = {
  endpointId: string;
  status: string;
  reason: string | null;
  url: string;
  eventTypes: string[];
  headers: string[];
  order: string;
  verified: boolean;
  secrets: { secretId: string; signature: string; expiresAt: string | null }[];
  version: number;
};

/** Creates an endpoint; its id, and what it is verified with. */
export async function createEndpoint(
  tenant: Tenant,
  url: string,
  more: object = {},
): Promise<{ endpointId: string; secret: string }> {
  const answer = await tenant.request('post', '/webhook-endpoints').send({ url, eventTypes: ['*'], ...more });
  expect(answer.body, JSON.stringify(answer.body)).toMatchObject({ endpointId: expect.any(String) as string });
  expect(answer.status).toBe(201);
  return answer.body as { endpointId: string; secret: string };
}

export async function readEndpoint(tenant: Tenant, endpointId: string): Promise<EndpointJson> {
  return (await tenant.request('get', `/webhook-endpoints/${endpointId}`).expect(200)).body as EndpointJson;
}

/** Verifies a message as a receiver does, with the public package. */
export const verifyReceived = ({ headers, body }: Received, secret: string): unknown =>
  new Webhook(secret).verify(body, headers);
