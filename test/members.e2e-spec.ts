import { beforeEach, describe, expect, test } from 'vitest';
import { addMember, issueMemberKey, join, putGroup } from './support/members.js';
import { erase, everythingStored } from './support/persons.js';
import type { Tenant } from './support/service.js';
import { problemOf, startService } from './support/service.js';
import { documentOf, expectProblem, importSpec, readEvents } from './support/specs.js';

const service = startService();
let tenant: Tenant;
beforeEach(async () => {
  tenant = await service.newOrganization();
});

const itemsOf = async <T>(path: string): Promise<T[]> =>
  ((await tenant.request('get', path).expect(200)).body as { items: T[] }).items;
const members = () => itemsOf<{ memberId: string; name: string; kind: string; removedAt: string | null }>('/members');
const keys = () =>
  itemsOf<{ keyId: string; memberId: string | null; issuedBy: string; principal: string; revokedAt: string | null }>(
    '/api-keys',
  );
const nobody = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0bff';

describe('a member', () => {
  test('is taken in, read, renamed and removed', async () => {
    const answer = await tenant.request('post', '/members').send({ name: 'Ada Lovelace', kind: 'human' }).expect(201);
    const { memberId } = answer.body as { memberId: string };
    expect(answer.headers.location).toBe(`/v1/organizations/${tenant.organizationId}/members/${memberId}`);
    await tenant.request('patch', `/members/${memberId}`).send({ name: 'Ada King' }).expect(200);
    const read = await tenant.request('get', `/members/${memberId}`).expect(200);
    expect(read.body).toMatchObject({ memberId, name: 'Ada King', kind: 'human', removedAt: null });
    await tenant.request('delete', `/members/${memberId}`).expect(200);
    expect((await members())[0]?.removedAt).toMatch(/^\d{4}-/);
    expectProblem(await tenant.request('patch', `/members/${memberId}`).send({ name: 'Ada' }), 404, 'not_found');
    expectProblem(await tenant.request('get', `/members/${nobody}`), 404, 'not_found');
  });

  test('is named by a token, which an erasure makes unreadable', async () => {
    const memberId = await addMember(tenant, 'Grace Hopper');
    await tenant.request('patch', `/members/${memberId}`).send({ name: 'Grace Murray' }).expect(200);
    expect(await everythingStored(service)).not.toMatch(/Hopper|Murray/);
    await erase(tenant, { person: 'Grace Murray' });
    expect((await members()).map(({ name }) => name)).toEqual(['[erased]']);
  });

  test('acts with each of its keys as the same one, by its own name', async () => {
    const ada = await join(tenant, 'Ada');
    const second = await issueMemberKey(tenant, ada.memberId);
    const { specId } = await importSpec(tenant, documentOf('Alerts', { Overview: 'Old.' }));
    for (const { apiKey } of [ada, second]) {
      const change = tenant.request('patch', `/specs/${specId}/sections/overview`, apiKey).set('if-match', '*');
      await change.send({ body: `By ${apiKey.slice(-4)}.` }).expect(200);
    }
    const actor = { id: ada.memberId, kind: 'human', name: 'Ada' };
    expect(await readEvents(tenant, specId, 1)).toMatchObject([{ actor }, { actor }]);
  });

  test('is called by a new name with the next request', async () => {
    const ada = await join(tenant, 'Ada');
    const { specId } = await importSpec(tenant, documentOf('Alerts', { Overview: 'Old.' }));
    await tenant.request('get', `/specs/${specId}`, ada.apiKey).expect(200);
    await tenant.request('patch', `/members/${ada.memberId}`).send({ name: 'Ada King' }).expect(200);
    const change = tenant.request('put', `/specs/${specId}/title`, ada.apiKey).set('if-match', '*');
    await change.send({ title: 'Alarms' }).expect(200);
    expect(await readEvents(tenant, specId, 1)).toMatchObject([{ actor: { name: 'Ada King' } }]);
  });

  test('loses its keys and its groups when it is removed', async () => {
    const [ada, bob] = [await join(tenant, 'Ada'), await join(tenant, 'Bob')];
    await issueMemberKey(tenant, ada.memberId);
    await putGroup(tenant, 'security', [ada.memberId, bob.memberId]).expect(200);
    await tenant.request('get', '/members', ada.apiKey).expect(200);
    await tenant.request('delete', `/members/${ada.memberId}`).expect(200);
    expectProblem(await tenant.request('get', '/members', ada.apiKey), 401, 'unauthenticated');
    expect((await keys()).filter(({ revokedAt }) => revokedAt !== null)).toHaveLength(2);
    expect(await itemsOf('/groups')).toMatchObject([{ groupKey: 'security', members: [bob.memberId] }]);
    await tenant.request('delete', `/members/${ada.memberId}`).expect(200);
    const key = { name: 'ghost', role: 'writer', memberId: ada.memberId };
    expectProblem(await tenant.request('post', '/api-keys').send(key), 422, 'unknown_member');
  });
});

describe('a key', () => {
  test('is what its member is, and says who issued it', async () => {
    const bot = await addMember(tenant, 'Bot', 'agent');
    const admin = await join(tenant, 'Root', { role: 'admin' });
    const { keyId } = await issueMemberKey(tenant, bot, 'writer', admin.apiKey);
    const issued = (await keys()).find((key) => key.keyId === keyId);
    expect(issued).toMatchObject({ memberId: bot, principal: 'agent', issuedBy: admin.memberId });
    const passing = { name: 'bot', role: 'writer', memberId: bot, principal: 'human' };
    const refused = await tenant.request('post', '/api-keys').send(passing);
    expectProblem(refused, 422, 'validation_failed');
    expect(problemOf(refused).errors).toMatchObject([{ pointer: '/principal' }]);
  });

  test('of nobody is refused, and of another organization’s member too', async () => {
    const other = await service.newOrganization();
    for (const memberId of [nobody, await addMember(other, 'Eve')]) {
      const body = { name: 'eve', role: 'writer', memberId };
      expectProblem(await tenant.request('post', '/api-keys').send(body), 422, 'unknown_member');
    }
  });

  test('without a member stands for itself, as the first one does', async () => {
    const body = { name: 'ci', role: 'writer' };
    const { keyId } = (await tenant.request('post', '/api-keys').send(body).expect(201)).body as { keyId: string };
    expect(await keys()).toMatchObject([
      { keyId: tenant.organizationId, memberId: null, issuedBy: 'operator', principal: 'service' },
      { keyId, memberId: null, issuedBy: tenant.organizationId, principal: 'service' },
    ]);
  });
});

describe('a group', () => {
  test('is made, replaced, read and ended', async () => {
    const [ada, bob] = [await addMember(tenant, 'Ada'), await addMember(tenant, 'Bob')];
    const first = await putGroup(tenant, 'security', [ada]).expect(200);
    await putGroup(tenant, 'security', [bob, ada]).expect(200);
    const again = await putGroup(tenant, 'security', [bob, ada]).expect(200);
    expect((again.body as { version: number }).version).toBe((first.body as { version: number }).version + 1);
    const read = await tenant.request('get', '/groups/security').expect(200);
    expect(read.body).toEqual({ groupKey: 'security', title: 'The security', members: [bob, ada] });
    await tenant.request('delete', '/groups/security').expect(200);
    expectProblem(await tenant.request('get', '/groups/security'), 404, 'not_found');
    expectProblem(await tenant.request('delete', '/groups/security'), 404, 'not_found');
  });

  test('has only members of the organization', async () => {
    const other = await service.newOrganization();
    const [ada, eve] = [await addMember(tenant, 'Ada'), await addMember(other, 'Eve')];
    const refused = await putGroup(tenant, 'security', [ada, eve]);
    expectProblem(refused, 422, 'unknown_member');
    expect(problemOf(refused).errors).toMatchObject([{ pointer: '/members/1' }]);
  });
});

describe('who may', () => {
  test('only an administrator changes members and groups; everybody reads them', async () => {
    const ada = await join(tenant, 'Ada');
    await putGroup(tenant, 'security', [ada.memberId]).expect(200);
    const refused = [
      tenant.request('post', '/members', ada.apiKey).send({ name: 'Eve', kind: 'human' }),
      tenant.request('patch', `/members/${ada.memberId}`, ada.apiKey).send({ name: 'Eve' }),
      tenant.request('delete', `/members/${ada.memberId}`, ada.apiKey),
      tenant.request('put', '/groups/security', ada.apiKey).send({ title: 'Mine', members: [] }),
      tenant.request('delete', '/groups/security', ada.apiKey),
    ];
    for (const answer of refused) expectProblem(await answer, 403, 'not_permitted');
    const reader = await issueMemberKey(tenant, ada.memberId, 'reader');
    for (const path of ['/members', `/members/${ada.memberId}`, '/groups', '/groups/security']) {
      await tenant.request('get', path, reader.apiKey).expect(200);
    }
  });

  test('an agent says of nobody who they are, whatever the role of its key', async () => {
    const bot = await join(tenant, 'Bot', { kind: 'agent', role: 'admin' });
    const ada = await addMember(tenant, 'Ada');
    const ofAda = await issueMemberKey(tenant, ada, 'writer');
    const refused = [
      tenant.request('delete', `/api-keys/${ofAda.keyId}`, bot.apiKey),
      tenant.request('post', '/members', bot.apiKey).send({ name: 'Eve', kind: 'human' }),
      tenant.request('delete', `/members/${ada}`, bot.apiKey),
      tenant.request('put', '/groups/security', bot.apiKey).send({ title: 'Mine', members: [bot.memberId] }),
      tenant.request('post', '/api-keys', bot.apiKey).send({ name: 'me', role: 'admin', principal: 'human' }),
      tenant.request('post', '/api-keys', bot.apiKey).send({ name: 'me', role: 'admin', memberId: ada }),
      tenant.request('post', '/api-keys', bot.apiKey).send({ name: 'me', role: 'admin' }),
    ];
    for (const answer of refused) expectProblem(await answer, 403, 'not_permitted');
    const helper = { name: 'helper', role: 'writer', principal: 'agent' };
    const issued = await tenant.request('post', '/api-keys', bot.apiKey).send(helper).expect(201);
    const { keyId } = issued.body as { keyId: string };
    await tenant.request('delete', `/api-keys/${keyId}`, bot.apiKey).expect(200);
  });
});
