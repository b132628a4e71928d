import { describe, expect, test } from 'vitest';
import { refusals } from '../src/commands/refusals.js';
import { document, documentedOperations, faults } from './support/openapi-document.js';
import { startService } from './support/service.js';

describe('the OpenAPI document', () => {
  const service = startService();

  test('is served as it is committed', async () => {
    expect((await service.anonymous().get('/openapi.json').expect(200)).body).toEqual(document);
  });

  test('is read at /docs, which loads nothing from elsewhere', async () => {
    const page = await service.anonymous().get('/docs').expect(200);
    const loaded = [...page.text.matchAll(/<(?:script|link)\b[^>]*?\b(?:src|href)=["']?([^"'\s>]+)/g)].map(
      ([, url = '']) => url,
    );
    expect(loaded.length).toBeGreaterThan(3);
    for (const url of loaded) {
      expect(url).toMatch(/^(?:\.\/|\/)(?!\/)/);
      await service.anonymous().get(new URL(url, 'http://host/').pathname).expect(200);
    }
  });

  test.each(documentedOperations)('describes %s in full', (operationId, { operation, path }) => {
    const { summary, description, responses, requestBody, security } = operation;
    expect([operationId, summary, description].every((said) => said !== undefined && said !== '')).toBe(true);
    // One of its tags and no other: generated clients declare an operation for each tag.
    expect(operation.tags).toHaveLength(1);
    expect(document.tags.map(({ name }) => name)).toContain(operation.tags[0]);
    const isPublic = /^\/(?:health\/|\.well-known\/|v1\/event-types$)/.test(path);
    const needed = isPublic ? ['400', '500', '503'] : ['400', '401', '500', '503'];
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(needed));
    const isOfTenants = path.includes('{organizationId}');
    const isShared = path.startsWith('/v1/shared');
    const needs = isShared ? [{ shareToken: [] }] : [{ operatorKey: [] }];
    expect(security).toEqual(isPublic ? [] : isOfTenants ? undefined : needs);
    const medias = [requestBody?.content, ...Object.values(responses).map(({ content }) => content)].flatMap(
      (content) => Object.values(content ?? {}),
    );
    for (const { schema, example, examples = {} } of medias) {
      const referred = Object.values(examples).map(
        ({ $ref }) => document.components.examples[$ref.split('/').at(-1) ?? ''],
      );
      const values = example === undefined ? referred.map((one) => one?.value) : [example];
      expect(values.length).toBeGreaterThan(0);
      for (const value of values) expect(faults(schema, value)).toBeUndefined();
    }
    expect(Object.values(responses).every(({ headers }) => 'X-Request-Id' in headers)).toBe(true);
  });

  test('asks in no body for what stands in the path', () => {
    const twice = documentedOperations.flatMap(([operationId, { path, operation }]) => {
      const { $ref = '' } = (operation.requestBody?.content['application/json']?.schema ?? {}) as { $ref?: string };
      const { properties = {} } = document.components.schemas[$ref.split('/').at(-1) ?? ''] ?? {};
      return Object.keys(properties)
        .filter((name) => path.includes(`{${name}}`))
        .map((name) => `${operationId}: ${name}`);
    });
    expect(twice).toEqual([]);
  });

  test('has an example for every code, but for the method that no operation has', () => {
    const { method_not_allowed: _, ...codes } = refusals;
    expect(Object.keys(document.components.examples).sort()).toEqual(Object.keys(codes).sort());
  });
});
