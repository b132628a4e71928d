import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Response } from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Operator } from './support/operations.js';
import { operatorKey, startService } from './support/service.js';
import { documentOf, expectProblem, importSpec } from './support/specs.js';

type OperationJson = { operationId: string; status: string; problem: string | null; progress: { phase: string } };

describe('an operation', () => {
  const service = startService();
  let operator: Operator;
  beforeAll(async () => {
    operator = new Operator(service.databaseUrl);
    for (let n = 0; n < 5; n++) await importSpec(service.organization, documentOf(`Spec ${n}`, { One: 'x' }));
  });
  afterAll(() => operator.close());

  const ask = (method: 'get' | 'post', path: string, key = operatorKey) =>
    service.anonymous()[method](`/v1/operations${path}`).set('authorization', `Bearer ${key}`);
  const start = (body: object, key?: string) => {
    const request = ask('post', '').send(body);
    return key ? request.set('idempotency-key', key) : request;
  };
  const bodyOf = (answer: Response) => answer.body as OperationJson;
  const ended = async (operationId: string): Promise<OperationJson> => {
    for (let waited = 0; waited < 200; waited++) {
      const found = bodyOf(await ask('get', `/${operationId}`).expect(200));
      if (!['waiting', 'running'].includes(found.status)) return found;
      await setTimeout(50);
    }
    throw new Error('the operation does not end');
  };
  const rebuild = { kind: 'projection.rebuild', projection: 'spec' };

  test('is taken on at once, worked off by the service, and tells how far it is', async () => {
    const taken = await start(rebuild).expect(202);
    const { operationId, status } = bodyOf(taken);
    expect(taken.headers.location).toBe(`/v1/operations/${operationId}`);
    expect(taken.headers.etag).toBeUndefined();
    expect(status).toBe('waiting');
    const done = await ended(operationId);
    expect(done).toMatchObject({ status: 'succeeded', problem: null, progress: { phase: 'swap' } });
    expect(done).toMatchObject({ ...rebuild, parameters: {}, result: { events: 5, swapped: true } });
    expect(done).not.toHaveProperty('requestHash');
  });

  test('is the same one for the same Idempotency-Key', async () => {
    const key = randomUUID();
    const body = { kind: 'projection.verify', projection: 'spec', sample: 50 };
    const first = await start(body, key).expect(202);
    await ended(bodyOf(first).operationId);
    const again = await start(body, key).expect(202);
    expect(bodyOf(again).operationId).toBe(bodyOf(first).operationId);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expectProblem(await start({ ...body, sample: 51 }, key), 422, 'idempotency_key_reused');
  });

  test('stands alone on its projection: a second one is told which is under way', async () => {
    // As if a process had it that takes its time.
    const held = randomUUID();
    await operator.database.query(
      `insert into specline.operation (operation_id, kind, projection, parameters, status, owner, lease_until)
        values ($1, 'projection.verify', 'template', '{}', 'running', $1, clock_timestamp() + interval '1 minute')`,
      [held],
    );
    const problem = expectProblem(
      await start({ kind: 'projection.rebuild', projection: 'template' }),
      409,
      'already_exists',
    );
    expect(problem.operationId).toBe(held);
    await start({ kind: 'projection.verify', projection: 'organization' }).expect(202);
  });

  test('that waits or runs can be cancelled, and one that has ended stays as it is', async () => {
    const { operationId } = bodyOf(await start(rebuild).expect(202));
    const asked = await ask('post', `/${operationId}/cancel`).expect(202);
    expect(bodyOf(asked).operationId).toBe(operationId);
    const done = await ended(operationId);
    expect(['cancelled', 'succeeded']).toContain(done.status);
    await ask('post', `/${operationId}/cancel`).expect(202);
    // It takes no key: one that is sent is passed over, whatever its form.
    await ask('post', `/${operationId}/cancel`).set('idempotency-key', 'a\tb').expect(202);
    expect(await ended(operationId)).toEqual(done);
    expect((await operator.leftovers()).filter((name) => name.includes('next'))).toEqual([]);
  });

  test('is listed, the newest first, page by page', async () => {
    const ids: string[] = [];
    let path = '?limit=2';
    for (let page = 0; page < 20 && path; page++) {
      const { items, page: end } = (await ask('get', path).expect(200)).body as {
        items: OperationJson[];
        page: { next: string | null };
      };
      ids.push(...items.map(({ operationId }) => operationId));
      path = end.next ? `?limit=2&cursor=${encodeURIComponent(end.next)}` : '';
    }
    const all = await operator.runner.operations.newest(100);
    expect(ids).toEqual(all.map(({ operationId }) => operationId));
    expect(ids.length).toBeGreaterThan(3);
    expectProblem(await ask('get', '?cursor=x.y'), 400, 'invalid_cursor');
    expectProblem(await ask('get', '?colour=red'), 400, 'unknown_query_parameter');
  });

  test('is refused where it makes no sense, with what would', async () => {
    const wrong: [object, string][] = [
      [{ ...rebuild, projection: 'nonsense' }, '/projection'],
      [{ ...rebuild, kind: 'projection.burn' }, '/kind'],
      [{ ...rebuild, sample: 0 }, '/sample'],
      [{ ...rebuild, swap: 'no' }, '/swap'],
      [{ kind: 'projection.rebuild' }, '/projection'],
      [{ ...rebuild, operationId: randomUUID() }, '/operationId'],
      [{ ...rebuild, colour: 'red' }, '/colour'],
    ];
    for (const [body, pointer] of wrong) {
      const problem = expectProblem(await start(body), 422, 'validation_failed');
      expect(problem.errors?.map((error) => error.pointer)).toContain(pointer);
    }
    expectProblem(await ask('get', `/${randomUUID()}`), 404, 'not_found');
    expectProblem(await ask('post', `/${randomUUID()}/cancel`), 404, 'not_found');
    expectProblem(await ask('get', '/nonsense'), 400, 'invalid_request');
  });

  test('is the operator’s only: no key of an organization opens it', async () => {
    for (const key of [service.organization.apiKey, 'wrong']) {
      expectProblem(await ask('get', '', key), 401, 'unauthenticated');
      expectProblem(await ask('post', '', key).send(rebuild), 401, 'unauthenticated');
    }
  });
});
