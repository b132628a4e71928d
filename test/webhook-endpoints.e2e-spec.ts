import { describe, expect, test } from 'vitest';
import { problemOf, runOn, startService } from './support/service.js';
import { expectProblem } from './support/specs.js';
import { createEndpoint, onLoopback, readEndpoint, startReceiver, verifyReceived } from './support/webhooks.js';

const url = 'https://203.0.114.10/hook';

describe('endpoints', () => {
  const service = startService(() => ({ webhooks: onLoopback }));
  const receiver = startReceiver();
  const send = (method: 'post' | 'patch' | 'delete', path: string) =>
    service.organization.request(method, `/webhook-endpoints${path}`);

  test('are created with what is usual, and read again without any secret', async () => {
    const answer = await send('post', '')
      .send({ url, eventTypes: ['spec.*'] })
      .expect(201);
    const { endpointId, secret, status, version } = answer.body as Record<string, string>;
    expect(answer.headers.location).toMatch(new RegExp(`/webhook-endpoints/${endpointId}$`));
    expect({ status, version }).toEqual({ status: 'active', version: 1 });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const read = await service.organization.request('get', `/webhook-endpoints/${endpointId}`).expect(200);
    expect(read.body).toMatchObject({
      url,
      status: 'active',
      payload: 'thin',
      order: 'per_spec',
      onExhausted: 'halt',
      timeoutSeconds: 15,
      maxConcurrent: 10,
      perSecond: null,
      headers: [],
      filter: { specIds: [], labels: [], templates: [], lifecycles: [] },
    });
    expect(JSON.stringify(read.body)).not.toContain(String(secret));
  });

  test('are changed with If-Match, in what is named and nothing else', async () => {
    const { endpointId } = await createEndpoint(service.organization, url, { description: 'One', perSecond: 5 });
    expectProblem(await send('patch', `/${endpointId}`).send({ perSecond: 6 }), 428, 'precondition_required');
    const change = { perSecond: null, eventTypes: ['spec.vote.*'], headers: [{ name: 'X-Key', value: 'very secret' }] };
    await send('patch', `/${endpointId}`).set('if-match', '"1"').send(change).expect(200);
    expectProblem(await send('patch', `/${endpointId}`).set('if-match', '"1"').send(change), 412, 'stale_version');
    const endpoint = await service.organization.request('get', `/webhook-endpoints/${endpointId}`).expect(200);
    expect(endpoint.body).toMatchObject({ description: 'One', perSecond: null, headers: ['X-Key'], version: 2 });
    expect(JSON.stringify(endpoint.body)).not.toContain('very secret');
  });

  test('are paused, resumed and deleted; what is deleted is not there any more', async () => {
    const { endpointId } = await createEndpoint(service.organization, url);
    await send('post', `/${endpointId}/pause`).send({ reason: 'It moves.' }).expect(200);
    expect(await readEndpoint(service.organization, endpointId)).toMatchObject({
      status: 'paused',
      reason: 'It moves.',
    });
    await send('post', `/${endpointId}/resume`).expect(200);
    expect(await readEndpoint(service.organization, endpointId)).toMatchObject({ status: 'active', reason: null });
    await send('delete', `/${endpointId}`).set('if-match', '*').expect(200);
    expectProblem(await service.organization.request('get', `/webhook-endpoints/${endpointId}`), 404, 'not_found');
    expectProblem(await send('post', `/${endpointId}/resume`), 404, 'not_found');
  });

  test('are listed in pages', async () => {
    const tenant = await service.newOrganization();
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) ids.push((await createEndpoint(tenant, url)).endpointId);
    type Page = { items: { endpointId: string }[]; page: { next: string } };
    const first = (await tenant.request('get', '/webhook-endpoints?limit=2').expect(200)).body as Page;
    const more = await tenant.request('get', `/webhook-endpoints?limit=2&cursor=${first.page.next}`).expect(200);
    const all = [...first.items, ...(more.body as Page).items].map(({ endpointId }) => endpointId);
    expect(all).toEqual(ids);
  });

  test('are a hundred at most in an organization, however many are created at once', async () => {
    const tenant = await service.newOrganization();
    const create = () => tenant.request('post', '/webhook-endpoints').send({ url, eventTypes: ['*'] });
    await create().expect(201);
    // As if 97 more had been created: to create them takes long.
    await runOn(
      service.databaseUrl,
      `insert into specline.webhook_endpoint select organization_id, gen_random_uuid(), status, settings, verification,
        verified, secrets, reason, failing_since, version, created_at, updated_at
        from specline.webhook_endpoint, generate_series(1, 97) where organization_id = '${tenant.organizationId}'`,
    );
    const answers = await Promise.all(Array.from({ length: 5 }, create));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
    for (const answer of answers) if (answer.status !== 201) expectProblem(answer, 422, 'too_many_endpoints');
    const { endpointId } = answers.find(({ status }) => status === 201)?.body as { endpointId: string };
    await tenant.request('delete', `/webhook-endpoints/${endpointId}`).set('if-match', '*').expect(200);
    await create().expect(201);
  });

  test('have rules for each field', async () => {
    const refused: [object, string][] = [
      [{ url: 'nowhere' }, '/url'],
      [{ url: 'http://10.0.0.1/' }, '/url'],
      [{ url: 'http://[::7f00:1]/' }, '/url'],
      [{ url: 'http://169.254.169.254/latest/meta-data' }, '/url'],
      [{ eventTypes: [] }, '/eventTypes'],
      [{ eventTypes: ['spec'] }, '/eventTypes'],
      [{ eventTypes: ['*.created'] }, '/eventTypes'],
      [{ eventTypes: ['spec.*', 'spec.document.create'] }, '/eventTypes/1'],
      [{ eventTypes: ['specs.*'] }, '/eventTypes/0'],
      [{ order: 'random' }, '/order'],
      [{ timeoutSeconds: 31 }, '/timeoutSeconds'],
      [{ maxConcurrent: 0 }, '/maxConcurrent'],
      [{ perSecond: 0 }, '/perSecond'],
      [{ filter: { lifecycles: ['gone'] } }, '/filter/lifecycles'],
      [{ filter: { colour: 'red' } }, '/filter/colour'],
      [{ headers: [{ name: 'Host', value: 'a' }] }, '/headers/0/name'],
      [{ headers: [{ name: 'Webhook-Signature', value: 'a' }] }, '/headers/0/name'],
      [{ headers: ['X-Key', 'x-key'].map((name) => ({ name, value: 'a' })) }, '/headers'],
      [{ headers: [7, 7].map((name) => ({ name, value: 'a' })) }, '/headers/0/name'],
      [{ headers: [null, null] }, '/headers'],
      [{ headers: [{ name: 'X-A', value: 'a\r\nX-B: b' }] }, '/headers/0/value'],
      [{ secretId: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0ba1' }, '/secretId'],
      [{ headersId: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0ba1' }, '/headersId'],
    ];
    for (const [fields, pointer] of refused) {
      const answer = await send('post', '').send({ url, eventTypes: ['*'], ...fields });
      expect(answer.status, pointer).toBe(422);
      expect(
        problemOf(answer)
          .errors?.map((error) => error.pointer)
          .join(),
        JSON.stringify(fields),
      ).toContain(pointer);
    }
  });

  test('are used only after their address answered a challenge, where that was asked for', async () => {
    const { endpointId, secret } = await createEndpoint(service.organization, `${receiver.url}/verify`, {
      verification: true,
    });
    expect(await readEndpoint(service.organization, endpointId)).toMatchObject({ status: 'unverified' });
    expectProblem(await send('post', `/${endpointId}/verify`), 422, 'challenge_failed');
    receiver.respond = (_, response) => void response.end('{"challenge": "of my own"}');
    expectProblem(await send('post', `/${endpointId}/verify`), 422, 'challenge_failed');
    receiver.respond = (_, response, { body }) => void response.end(body);
    await send('post', `/${endpointId}/verify`).expect(200);
    expect(await readEndpoint(service.organization, endpointId)).toMatchObject({ status: 'active', verified: true });
    const [asked] = receiver.at('/verify');
    expect(asked && verifyReceived(asked, secret)).toMatchObject({ type: 'webhook.endpoint.challenge' });
    await send('patch', `/${endpointId}`)
      .set('if-match', '*')
      .send({ url: `${receiver.url}/elsewhere` })
      .expect(200);
    expect(await readEndpoint(service.organization, endpointId)).toMatchObject({ status: 'unverified' });
  });
});

describe('without anything allowed', () => {
  const service = startService();

  test('the machine itself and plain http are refused', async () => {
    for (const address of ['https://127.0.0.1/', 'https://localhost/', 'http://203.0.114.10/', 'https://[::1]/']) {
      const body = { url: address, eventTypes: ['*'] };
      expectProblem(
        await service.organization.request('post', '/webhook-endpoints').send(body),
        422,
        'validation_failed',
      );
    }
  });
});
