import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../src/app.js';
import { policyBody } from './support/policies.js';
import type { Tenant } from './support/service.js';
import { masterKey, runOn, startService } from './support/service.js';
import { documentOf, importSpec } from './support/specs.js';

/** How often each race is run; what is not serialised is seen to go wrong in a few of them. */
const races = 100;

describe('Two writers of different streams, in two processes', () => {
  const service = startService();
  let other: NestFastifyApplication;
  beforeAll(async () => {
    const { databaseUrl } = service;
    other = await createApp({ databaseUrl, masterKey, operatorKey: undefined, databaseConnections: 10 });
    await other.listen(0, '127.0.0.1');
  });
  afterAll(() => other.close());

  const ask = async (
    app: NestFastifyApplication,
    { organizationId, apiKey }: Tenant,
    method: string,
    path: string,
    body: object,
    headers: Record<string, string> = {},
  ) => {
    const { port } = app.getHttpServer().address() as AddressInfo;
    return fetch(`http://127.0.0.1:${port}/v1/organizations/${organizationId}${path}`, {
      method,
      headers: {
        ...{ authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', 'if-match': '*' },
        ...headers,
      },
      body: JSON.stringify(body),
    });
  };
  const relate = (
    app: NestFastifyApplication,
    tenant: Tenant,
    from: string,
    relatedSpecId: string,
    headers?: Record<string, string>,
  ) => ask(app, tenant, 'POST', `/specs/${from}/relations`, { type: 'depends_on', relatedSpecId }, headers);
  const newSpec = async (tenant: Tenant) => (await importSpec(tenant, documentOf('One', { One: 'x' }))).specId;

  test('never close a circle together', async () => {
    const tenant = await service.newOrganization();
    for (let race = 0; race < races; race++) {
      const [one, two, three] = [await newSpec(tenant), await newSpec(tenant), await newSpec(tenant)];
      // Every second circle goes over a third spec.
      const end = race % 2 === 0 ? two : three;
      if (end === three) await relate(service.app, tenant, two, three);
      const answers = await Promise.all([relate(service.app, tenant, one, two), relate(other, tenant, end, one)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 422]);
      const refused = answers.find(({ status }) => status === 422);
      expect(await refused?.json()).toMatchObject({ code: 'invalid_relation' });
    }
  });

  test('make as many relations at once as they like where none closes a circle', async () => {
    const tenant = await service.newOrganization();
    const specs = await Promise.all(Array.from({ length: 40 }, () => newSpec(tenant)));
    const answers = await Promise.all(
      specs.slice(1).map((specId, at) => relate(at % 2 ? service.app : other, tenant, specId, specs[0] ?? '')),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  });

  test('get the first answer again to the same Idempotency-Key', async () => {
    const tenant = await service.newOrganization();
    const [one, two] = [await newSpec(tenant), await newSpec(tenant)];
    const once = () => relate(service.app, tenant, one, two, { 'idempotency-key': 'relate once' });
    const first = (await (await once()).json()) as { version: number };
    expect(await (await once()).json()).toEqual(first);
    expect(first.version).toBe(2);
  });

  test('change no policy alone once another one asks for two', async () => {
    const published = async ({ organizationId }: Tenant) => {
      const { rows } = await runOn(
        service.databaseUrl,
        `select payload ->> 'policyKey' as key, payload ->> 'confirmedBy' as "confirmedBy" from specline.event
          where organization_id = '${organizationId}' and type = 'review.policy.published' order by seq`,
      );
      return rows.map(({ key }) => key);
    };
    const put = (app: NestFastifyApplication, tenant: Tenant, key: string, changes: object) =>
      ask(app, tenant, 'PUT', `/review-policies/${key}`, policyBody(changes));
    for (let race = 0; race < races / 2; race++) {
      const tenant = await service.newOrganization();
      const answers = await Promise.all([
        put(service.app, tenant, 'careful', { changesNeedSecondAdmin: true }),
        put(other, tenant, 'lax', {}),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      const { standing } = (await answers[1]?.json()) as { standing: string };
      expect(await published(tenant)).toEqual(standing === 'proposed' ? ['careful'] : ['lax', 'careful']);
    }
  });
});
