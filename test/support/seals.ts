import { expect } from 'vitest';
import type { ConsistencyProof, KeyList, SealList } from '../../src/modules/audit/audit.view.js';
import { isConsistent } from '../../src/modules/audit/merkle-proof.js';
import type { Seal } from '../../src/modules/audit/seal.js';
import type { Service, Tenant } from './service.js';
import { alerts, importSpec } from './specs.js';

export const bytesOf = (hex: string): Buffer => Buffer.from(hex, 'hex');

/** The keys that seals were signed with, the oldest first. */
export const publishedKeys = async (service: Service): Promise<KeyList['keys']> =>
  ((await service.anonymous().get('/.well-known/specline-keys.json').expect(200)).body as KeyList).keys;

/** All seals, oldest first, once all that was written is sealed. */
export async function sealsOf(tenant: Tenant): Promise<Seal[]> {
  const items: Seal[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const query = `?limit=2${cursor && `&cursor=${cursor}`}`;
    const answer = await tenant.request('get', `/audit/seals${query}`).set('prefer', 'wait=20').expect(200);
    expect(answer.headers['preference-applied']).toBe('wait=20');
    const list = answer.body as SealList;
    items.push(...list.items);
    cursor = list.page.next;
  }
  return items.reverse();
}

/** An organization with a spec of five versions, sealed three times at least. */
export async function sealedHistory(service: Service): Promise<{ tenant: Tenant; specId: string; seals: Seal[] }> {
  const tenant = await service.newOrganization();
  await sealsOf(tenant);
  const { specId } = await importSpec(tenant, alerts);
  await sealsOf(tenant);
  for (const [at, title] of ['One', 'Two', 'Three', 'Four'].entries()) {
    const request = tenant.request('put', `/specs/${specId}/title`).set('if-match', `"${at + 1}"`);
    await request.send({ title }).expect(200);
  }
  return { tenant, specId, seals: await sealsOf(tenant) };
}

/** Whether a proof shows that nothing which the earlier seal covers was changed up to the later one. */
export function provesConsistency({ from, to, proof }: ConsistencyProof): boolean {
  const sized = ({ size, root }: Seal) => ({ size, root: bytesOf(root) });
  return isConsistent(sized(from), sized(to), proof.map(bytesOf));
}
