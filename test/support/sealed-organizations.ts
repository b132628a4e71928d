import { beforeAll, expect } from 'vitest';
import { Sealer } from '../../src/modules/audit/sealer.js';
import { textOf } from './evidence.js';
import type { Service, Tenant } from './service.js';
import type { EventJson } from './specs.js';
import { documentOf, importSpec, readEvents } from './specs.js';

const document = documentOf('Alerts', { Overview: 'Old \u{1F514} \u2028 "text".', Rollout: 'Slow.' });

export type SealedOrganization = { tenant: Tenant; specId: string; events: EventJson[] };

export const sealAll = (service: Service) => service.app.get(Sealer).sealNow(undefined, 20_000);

export const retitle = (tenant: Tenant, specId: string, version: number, title: string) =>
  tenant.request('put', `/specs/${specId}/title`).set('if-match', `"${version}"`).send({ title }).expect(200);

/** Organizations with a spec of five versions and another of one, sealed at least twice; each test takes its own. */
export function sealedOrganizations(service: Service, count: number): () => SealedOrganization {
  const opened: SealedOrganization[] = [];
  beforeAll(async () => {
    const started = await Promise.all(
      Array.from({ length: count }, async () => {
        const tenant = await service.newOrganization();
        const { specId } = await importSpec(tenant, document);
        for (const [at, title] of ['One', 'Two'].entries()) await retitle(tenant, specId, at + 1, title);
        return { tenant, specId };
      }),
    );
    await sealAll(service);
    for (const { tenant, specId } of started) {
      await importSpec(tenant, document);
      for (const [at, title] of ['Three', 'Four'].entries()) await retitle(tenant, specId, at + 3, title);
    }
    await sealAll(service);
    for (const one of started) opened.push({ ...one, events: await readEvents(one.tenant, one.specId) });
  });
  return () => opened.pop() ?? expect.fail('there are not enough organizations');
}

/** What an organization exports to prove its history, or that of one spec: `query` as in `?specId=...`. */
export async function evidenceOf(tenant: Tenant, query = ''): Promise<string> {
  const answer = await tenant.request('get', `/audit/evidence${query}`).buffer(true).parse(textOf).expect(200);
  expect(answer.headers['content-type']).toBe('application/x-ndjson');
  expect(answer.headers['content-disposition']).toMatch(/^attachment; filename="evidence-[0-9a-f-]{36}\.ndjson"$/);
  return answer.body as string;
}

/** The file of public keys, as anybody gets it. */
export const keyFileOf = async (service: Service): Promise<string> =>
  (await service.anonymous().get('/.well-known/specline-keys.json').expect(200)).text;
