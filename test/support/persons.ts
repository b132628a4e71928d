import type { Service, Tenant } from './service.js';
import { runOn } from './service.js';
import { readSpec } from './specs.js';

/** A spec of an owner; its id. */
export async function createOwned(tenant: Tenant, owner: string | null): Promise<string> {
  const answer = await tenant.request('post', '/specs').send({ title: 'Owned', owner }).expect(201);
  return (answer.body as { specId: string }).specId;
}

export const assignOwner = (tenant: Tenant, specId: string, owner: string | null) =>
  tenant.request('put', `/specs/${specId}/owner`).set('if-match', '*').send({ owner }).expect(200);

/** A writer's API key of this name. */
export async function issueKey(tenant: Tenant, name: string): Promise<string> {
  const body = { name, role: 'writer', principal: 'human' };
  const answer = await tenant.request('post', '/api-keys').send(body).expect(201);
  return (answer.body as { apiKey: string }).apiKey;
}

export type Erasure = { subject?: string; erasedAt?: string; version: number };

export async function erase(tenant: Tenant, body: { person?: string; subject?: string }): Promise<Erasure> {
  return (await tenant.request('post', '/erasures').send(body).expect(200)).body as Erasure;
}

/** The owners of the tenant's specs, oldest spec first; `query` as in `owner=ada`. */
export async function ownersListed(tenant: Tenant, query = ''): Promise<(string | null)[]> {
  const answer = await tenant.request('get', `/specs?sort=number&${query}`).expect(200);
  return (answer.body as { items: { owner: string | null }[] }).items.map(({ owner }) => owner);
}

export async function keyNames(tenant: Tenant): Promise<string[]> {
  const answer = await tenant.request('get', '/api-keys').expect(200);
  return (answer.body as { items: { name: string }[] }).items.map(({ name }) => name);
}

/** Replaces a spec by what was read of it. */
export async function sendBack(tenant: Tenant, specId: string): Promise<void> {
  const { specId: _specId, ...body } = await readSpec(tenant, specId);
  await tenant.request('put', `/specs/${specId}`).set('if-match', '*').send(body).expect(200);
}

export async function ownerStored({ databaseUrl }: Service, specId: string): Promise<string> {
  const { rows } = await runOn(databaseUrl, `select owner from specline.spec where spec_id = '${specId}'`);
  return String(rows[0]?.owner);
}

/** Everything that stands in the database, as text. */
export async function everythingStored({ databaseUrl }: Service): Promise<string> {
  const tables = await runOn(databaseUrl, `select tablename as name from pg_tables where schemaname = 'specline'`);
  const texts = tables.rows.map(async ({ name }) => {
    const { rows } = await runOn(databaseUrl, `select t::text as row from specline."${String(name)}" t`);
    return rows.map(({ row }) => String(row)).join('\n');
  });
  return (await Promise.all(texts)).join('\n');
}
