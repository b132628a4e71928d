import { beforeAll, describe, expect, test } from 'vitest';
import type { ConsistencyProof, InclusionProof } from '../src/modules/audit/audit.view.js';
import { rootOfInclusion } from '../src/modules/audit/merkle-proof.js';
import { leafHash } from '../src/modules/audit/merkle-tree.js';
import type { Seal } from '../src/modules/audit/seal.js';
import { bytesOf, provesConsistency, sealedHistory } from './support/seals.js';
import type { Tenant } from './support/service.js';
import { startService } from './support/service.js';
import { expectProblem, readEvents } from './support/specs.js';

describe('the ledger of an organization', () => {
  const service = startService();
  let tenant: Tenant;
  let specId: string;
  let seals: Seal[];
  beforeAll(async () => {
    ({ tenant, specId, seals } = await sealedHistory(service));
  });

  test('proves of every event that each seal behind it covers it', async () => {
    for (const { eventId, hash, version } of await readEvents(tenant, specId)) {
      for (const seal of seals) {
        const answer = await tenant.request('get', `/audit/proofs/${String(eventId)}?seal=${seal.number}`);
        const proof = answer.body as InclusionProof;
        if (answer.status === 404) {
          expectProblem(answer, 404, 'not_found');
          continue;
        }
        expect(proof).toMatchObject({ eventId, hash, version, streamId: specId, seal });
        const path = proof.proof.map(bytesOf);
        const root = rootOfInclusion(leafHash(bytesOf(proof.hash)), proof.position - 1, seal.size, path);
        expect(root?.toString('hex')).toBe(seal.root);
      }
      const newest = await tenant.request('get', `/audit/proofs/${String(eventId)}`).expect(200);
      expect((newest.body as InclusionProof).seal).toEqual(seals.at(-1));
    }
  });

  test('proves of any two seals that the later one changed nothing', async () => {
    for (const from of seals) {
      for (const to of seals.slice(from.number - 1)) {
        const query = `?from=${from.number}&to=${to.number}`;
        const answer = await tenant.request('get', `/audit/consistency${query}`).expect(200);
        const proof = answer.body as ConsistencyProof;
        expect(proof).toMatchObject({ from, to });
        expect(provesConsistency(proof)).toBe(true);
      }
    }
    const whole = await tenant.request('get', '/audit/consistency').expect(200);
    expect(whole.body).toMatchObject({ from: seals[0], to: seals.at(-1) });
  });

  test('says no to what it cannot prove, and to those who may not ask', async () => {
    const other = await service.newOrganization();
    const [event] = await readEvents(tenant, specId);
    const unknown = '01994f6e-6c1c-7a8e-9d1e-000000000000';
    const from = async (path: string, asker = tenant) => asker.request('get', `/audit${path}`);
    expectProblem(await from(`/proofs/${unknown}`), 404, 'not_found');
    expectProblem(await from(`/proofs/${String(event?.eventId)}`, other), 404, 'not_found');
    expectProblem(await from(`/proofs/${String(event?.eventId)}?seal=1`), 404, 'not_found');
    expectProblem(await from('/proofs/none'), 400, 'invalid_request');
    expectProblem(await from(`/consistency?to=${seals.length + 1}`), 404, 'not_found');
    expectProblem(await from('/consistency?from=2&to=1'), 400, 'invalid_request');
    expectProblem(await from('/consistency?from=0'), 400, 'invalid_request');
    expectProblem(await from('/seals?limit=0'), 400, 'invalid_request');
    expectProblem(await from('/seals?cursor=x'), 400, 'invalid_cursor');
    expectProblem(await from(`/evidence?specId=${unknown}`), 404, 'not_found');
    expectProblem(await from(`/evidence?specId=${tenant.organizationId}`), 404, 'not_found');
    expectProblem(await from(`/evidence?specId=${specId}`, other), 404, 'not_found');
    expectProblem(await from('/evidence?specId=none'), 400, 'invalid_request');
    for (const path of ['/seals', '/evidence', '/consistency', `/proofs/${unknown}`]) {
      const url = `/v1/organizations/${tenant.organizationId}/audit${path}`;
      expectProblem(await service.anonymous().get(url), 401, 'unauthenticated');
      expectProblem(await tenant.request('get', `/audit${path}`, other.apiKey), 404, 'not_found');
    }
    expectProblem(await service.anonymous().post('/.well-known/specline-keys.json'), 405, 'method_not_allowed');
  });
});
