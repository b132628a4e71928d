import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { EarlierHistory } from '../src/modules/audit/earlier-history.js';
import { readEarlierEvidence, verifyEvidence } from '../src/modules/audit/evidence-reader.js';
import { Sealer } from '../src/modules/audit/sealer.js';
import { SigningKeys } from '../src/modules/audit/signing-keys.js';
import { readPublicKeys } from '../src/modules/audit/trusted-keys.js';
import { textOf } from './support/evidence.js';
import { Operator } from './support/operations.js';
import { assignOwner, createOwned, erase } from './support/persons.js';
import type { Tenant } from './support/service.js';
import { startService } from './support/service.js';
import { documentOf, importSpec } from './support/specs.js';

/** One thing that is rightly done to a service; `pick` chooses which of the specs it is done to. */
type Deed = (life: Life, pick: number) => Promise<unknown>;
type Life = { tenant: Tenant; specs: string[]; operator: Operator; keys: SigningKeys };

const on = (change: (tenant: Tenant, specId: string) => Promise<unknown>): Deed => {
  return async ({ tenant, specs }, pick) => {
    const specId = specs[pick % specs.length];
    // What the life of a spec does not allow is refused, and leaves nothing behind.
    if (specId !== undefined) await change(tenant, specId);
  };
};
const write = (tenant: Tenant, method: 'put' | 'post' | 'patch', path: string, body: object) =>
  tenant.request(method, path).set('if-match', '*').send(body);

const deeds: Record<string, Deed> = {
  imports: async ({ tenant, specs }) => {
    const document = documentOf('Alerts \u{1F514}', { Overview: 'Old \u2028 "text".', Rollout: 'Slow.' });
    specs.push((await importSpec(tenant, document)).specId);
  },
  retitles: on((tenant, specId) => write(tenant, 'put', `/specs/${specId}/title`, { title: `Title ${Math.random()}` })),
  edits: on((tenant, specId) =>
    write(tenant, 'patch', `/specs/${specId}/sections/overview`, { body: `Text ${Math.random()}.` }),
  ),
  discusses: on((tenant, specId) => write(tenant, 'post', `/specs/${specId}/threads`, { body: 'Why?' })),
  submits: on((tenant, specId) => write(tenant, 'post', `/specs/${specId}/transitions/submit`, {})),
  withdraws: on((tenant, specId) =>
    write(tenant, 'post', `/specs/${specId}/transitions/withdraw`, { reason: 'Not now, later.' }),
  ),
  archives: on((tenant, specId) =>
    write(tenant, 'post', `/specs/${specId}/transitions/archive`, { reason: 'It is over and done.' }),
  ),
  judges: on((tenant, specId) => write(tenant, 'post', `/specs/${specId}/compliance-reports`, {})),
  owns: on((tenant, specId) => assignOwner(tenant, specId, 'Ada Lovelace')),
  erases: async ({ tenant, specs }) => {
    specs.push(await createOwned(tenant, 'Ada Lovelace'));
    await erase(tenant, { person: 'Ada Lovelace' });
  },
  'replaces the key': ({ keys }) => keys.rotate(),
  rebuilds: ({ operator }) => operator.succeed('projection.rebuild', 'spec'),
  batches: on((tenant, specId) =>
    write(tenant, 'post', `/specs/${specId}/commands`, {
      commands: [1, 2, 3].map((n) => ({ name: 'spec.section.update', body: { sectionKey: 'rollout', body: `${n}.` } })),
    }),
  ),
};

describe('a history that nobody tampered with', () => {
  const service = startService();
  let operator: Operator;
  beforeAll(() => {
    operator = new Operator(service.databaseUrl);
  });

  const published = async () =>
    readPublicKeys((await service.anonymous().get('/.well-known/specline-keys.json').expect(200)).text);
  async function exported(tenant: Tenant, query = ''): Promise<Buffer> {
    const request = tenant.request('get', `/audit/evidence${query}`).set('prefer', 'wait=20');
    return Buffer.from((await request.buffer(true).parse(textOf).expect(200)).body as string);
  }

  test('is always verified, begins with each of its earlier files, and so is every spec of it', async () => {
    const names = fc.constantFrom(...Object.keys(deeds));
    const stretch = fc.array(fc.tuple(names, fc.nat(20)), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.array(stretch, { minLength: 1, maxLength: 4 }), async (stretches) => {
        const tenant = await service.newOrganization();
        const life: Life = { tenant, specs: [], operator, keys: service.app.get(SigningKeys) };
        await service.app.get(Sealer).sealNow(undefined, 20_000);
        // Whom somebody believes who took the key down once.
        const keys = (await published()).slice(-1);
        let earlier: EarlierHistory | undefined;
        for (const stretch of [[['imports', 0] as const], ...stretches]) {
          for (const [name, pick] of stretch) await deeds[name]?.(life, pick);
          const whole = await exported(tenant);
          expect((await verifyEvidence([whole], keys, { earlier })).problems).toEqual([]);
          earlier = await readEarlierEvidence([whole], keys);
          for (const specId of life.specs.slice(-3)) {
            const file = await exported(tenant, `?specId=${specId}`);
            expect((await verifyEvidence([file], keys, { earlier })).problems).toEqual([]);
          }
        }
      }),
      { numRuns: 8, endOnFailure: true },
    );
    await operator.succeed('projection.verify', 'spec');
  });
});
