import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { keyOf } from './support/comments.js';
import { everythingStored } from './support/persons.js';
import { startService } from './support/service.js';
import { expectProblem } from './support/specs.js';
import { createEndpoint, onLoopback, startReceiver, verifyReceived } from './support/webhooks.js';

const url = 'https://203.0.114.10/hook';
const service = startService(() => ({ webhooks: onLoopback }));
const receiver = startReceiver();
const send = (method: 'post' | 'patch', path: string) =>
  service.organization.request(method, `/webhook-endpoints${path}`);

describe('endpoints', () => {
  test('tell their secrets to an admin who asks, to nobody else, and never in an answer that is repeated', async () => {
    const tenant = service.organization;
    const first = await send('post', '')
      .set('idempotency-key', 'once')
      .send({ url, eventTypes: ['*'] })
      .expect(201);
    const again = await send('post', '')
      .set('idempotency-key', 'once')
      .send({ url, eventTypes: ['*'] })
      .expect(201);
    const { endpointId, secret } = first.body as { endpointId: string; secret: string };
    expect(again.body).toMatchObject({ endpointId, secret: null });
    const shown = await tenant.request('get', `/webhook-endpoints/${endpointId}/secrets`).expect(200);
    expect((shown.body as { items: object[] }).items).toMatchObject([{ secret, signature: 'hmac', expiresAt: null }]);
    const { apiKey } = await keyOf(tenant, 'writer');
    expectProblem(
      await tenant.request('get', `/webhook-endpoints/${endpointId}/secrets`, apiKey),
      403,
      'not_permitted',
    );
    expectProblem(
      await tenant.request('post', '/webhook-endpoints', apiKey).send({ url, eventTypes: ['*'] }),
      403,
      'not_permitted',
    );
  });

  test('sign with a new secret and, for as long as was asked, with the earlier ones', async () => {
    const { endpointId, secret: first } = await createEndpoint(service.organization, `${receiver.url}/rotated`);
    receiver.respond = (_, response, { body }) => void response.end(body);
    const rotate = async (body: object) =>
      ((await send('post', `/${endpointId}/rotate-secret`).send(body).expect(200)).body as { secret: string }).secret;
    const second = await rotate({});
    await send('post', `/${endpointId}/verify`).expect(200);
    const third = await rotate({ overlapSeconds: 0 });
    await send('post', `/${endpointId}/verify`).send().expect(200);
    await send('patch', `/${endpointId}`)
      .set('if-match', '*')
      .send({ url: `${receiver.url}/rotated?again` })
      .expect(200);
    await send('post', `/${endpointId}/verify`).expect(200);
    const [overlapping] = receiver.at('/rotated');
    const [alone] = receiver.at('/rotated?again');
    if (!overlapping || !alone) throw new Error('nothing came');
    for (const secret of [first, second]) verifyReceived(overlapping, secret);
    expect(() => verifyReceived(overlapping, third)).toThrow();
    verifyReceived(alone, third);
    for (const secret of [first, second]) expect(() => verifyReceived(alone, secret)).toThrow();
    expectProblem(
      await send('post', `/${endpointId}/rotate-secret`).send({ overlapSeconds: 604_801 }),
      422,
      'validation_failed',
    );
  });

  test('with Ed25519 publish the key that receivers verify with', async () => {
    const { organizationId } = service.organization;
    const { endpointId, secret } = await createEndpoint(service.organization, `${receiver.url}/ed25519`, {
      signature: 'ed25519',
    });
    receiver.respond = (_, response, { body }) => void response.end(body);
    await send('post', `/${endpointId}/verify`).expect(200);
    const published = await service
      .anonymous()
      .get(`/.well-known/webhook-keys/${organizationId}/${endpointId}`)
      .expect(200);
    const [key] = (published.body as { keys: { x: string }[] }).keys;
    if (!key) throw new Error('no key is published');
    expect(secret).toBe(`whpk_${Buffer.from(key.x, 'base64url').toString('base64')}`);
    const [sent] = receiver.at('/ed25519');
    if (!sent) throw new Error('nothing came');
    const { headers, body } = sent;
    const [scheme, signature = ''] = String(headers['webhook-signature']).split(',');
    expect(scheme).toBe('v1a');
    const content = Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`);
    const publicKey = createPublicKey({ key: key as never, format: 'jwk' });
    expect(verify(null, content, publicKey, Buffer.from(signature, 'base64'))).toBe(true);
    const hmac = await createEndpoint(service.organization, url);
    const none = await service
      .anonymous()
      .get(`/.well-known/webhook-keys/${organizationId}/${hmac.endpointId}`)
      .expect(200);
    expect(none.body).toEqual({ keys: [] });
    expectProblem(await service.anonymous().get('/.well-known/webhook-keys/a/b'), 404, 'not_found');
  });
});

describe('secrets at rest', () => {
  test('stand in no event and no table as they are', async () => {
    const { secret } = await createEndpoint(service.organization, url, {
      headers: [{ name: 'Authorization', value: 'Bearer of-the-receiver' }],
    });
    const bytes = Buffer.from(secret.replace('whsec_', ''), 'base64').toString('hex');
    const stored = await everythingStored(service);
    for (const part of [secret, secret.slice(6), bytes, 'of-the-receiver']) expect(stored).not.toContain(part);
  });
});
