import { randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import type { Response, Test } from 'supertest';
import supertest from 'supertest';
import { afterAll, beforeAll, inject } from 'vitest';
import type { AppOptions } from '../../src/app.js';
import { createApp } from '../../src/app.js';

export const operatorKey = 'operator-key-of-the-tests';
export const masterKey = Buffer.alloc(32, 'master key of the tests');

/** A running service on a database of its own, and an organization in it. */
export type Service = {
  app: NestFastifyApplication;
  databaseUrl: string;
  organization: Tenant;
  /** Opens another organization. */
  newOrganization(): Promise<Tenant>;
  /** A request without any key. */
  anonymous(): ReturnType<typeof supertest>;
};

/** An organization with a key, and requests in its name; paths are relative to the organization. */
export type Tenant = {
  organizationId: string;
  apiKey: string;
  request(method: 'get' | 'post' | 'put' | 'patch' | 'delete', path: string, apiKey?: string): Test;
};

/**
 * Starts the service before the tests of a file and stops it behind them.
 * @param more options of the app, asked for when it starts
 */
export function startService(more: () => Partial<AppOptions> = () => ({})): Service {
  const service = {} as Service;
  const database = `t_${randomUUID().replaceAll('-', '')}`;

  beforeAll(async () => {
    const server = inject('postgresUrl');
    await runOn(server, `create database ${database} template specline_template`);
    const url = new URL(server);
    url.pathname = `/${database}`;
    const options = { databaseUrl: url.href, masterKey, operatorKey, databaseConnections: 10 };
    const app = await createApp({ ...options, ...more() });
    await app.listen(0, '127.0.0.1');
    const anonymous = () => supertest(app.getHttpServer());
    const newOrganization = () => openOrganization(anonymous);
    Object.assign(service, {
      app,
      databaseUrl: url.href,
      anonymous,
      newOrganization,
      organization: await newOrganization(),
    });
  });

  afterAll(async () => {
    await service.app.close();
    await runOn(inject('postgresUrl'), `drop database ${database} with (force)`);
  });
  return service;
}

async function openOrganization(anonymous: Service['anonymous']): Promise<Tenant> {
  const opened = await anonymous()
    .post('/v1/organizations')
    .set('authorization', `Bearer ${operatorKey}`)
    .send({ name: 'Test Ltd' })
    .expect(201);
  const { organizationId, apiKey } = opened.body as { organizationId: string; apiKey: string };
  const request: Tenant['request'] = (method, path, key = apiKey) =>
    anonymous()[method](`/v1/organizations/${organizationId}${path}`).set('authorization', `Bearer ${key}`);
  return { organizationId, apiKey, request };
}

/** The problem document of an answer. */
export const problemOf = (response: Response) =>
  response.body as {
    code: string;
    status: number;
    detail: string;
    errors?: { pointer: string; code: string }[];
  } & Record<string, unknown>;

export async function runOn(url: string, statement: string): Promise<pg.QueryResult<Record<string, unknown>>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(statement);
  } finally {
    await client.end();
  }
}
