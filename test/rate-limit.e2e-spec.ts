import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../src/app.js';
import { masterKey, startService } from './support/service.js';
import { expectProblem } from './support/specs.js';

const service = startService();
const quota = 5;

describe('a limit of requests a minute', () => {
  let app: NestFastifyApplication;
  const list = (organizationId: string, apiKey: string) =>
    supertest(app.getHttpServer())
      .get(`/v1/organizations/${organizationId}/specs`)
      .set('authorization', `Bearer ${apiKey}`);

  beforeAll(async () => {
    const options = { databaseUrl: service.databaseUrl, masterKey, operatorKey: undefined, databaseConnections: 2 };
    app = await createApp({ ...options, workers: false, requestsPerMinute: quota });
    await app.listen(0, '127.0.0.1');
  });
  afterAll(() => app.close());

  test('is told in every answer, and refuses what is over it until the minute is over', async () => {
    const { organizationId, apiKey } = service.organization;
    for (let left = quota - 1; left >= 0; left--) {
      const { headers } = await list(organizationId, apiKey).expect(200);
      expect(headers.ratelimit).toMatch(new RegExp(`^"key";r=${left};t=(?:[1-9]|[1-5]\\d|60)$`));
      expect(headers['ratelimit-policy']).toBe('"key";q=5;w=60');
    }
    const refused = await list(organizationId, apiKey);
    expectProblem(refused, 429, 'rate_limited');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
    expect(refused.headers.ratelimit).toMatch(/^"key";r=0;t=/);
  });

  test('is counted for each key by itself', async () => {
    const { organizationId, apiKey } = await service.newOrganization();
    expect((await list(organizationId, apiKey).expect(200)).headers.ratelimit).toMatch(/^"key";r=4;/);
  });

  test('also counts what is refused: a key cannot try organizations without end', async () => {
    const { apiKey } = await service.newOrganization();
    for (let tried = 0; tried < quota; tried++) {
      await list(service.organization.organizationId, apiKey).expect(404);
    }
    await list(service.organization.organizationId, apiKey).expect(429);
  });
});

test('without a limit nothing is counted', async () => {
  const { headers } = await service.organization.request('get', '/specs').expect(200);
  expect(headers).not.toHaveProperty('ratelimit');
});
