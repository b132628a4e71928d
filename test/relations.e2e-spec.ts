import { describe, expect, test } from 'vitest';
import type { RelationType } from '../src/commands/relation.commands.js';
import { startService } from './support/service.js';
import { documentOf, expectProblem, importSpec, readSpec } from './support/specs.js';

const service = startService();

const chain = async (length: number): Promise<string[]> => {
  const imported = Array.from({ length }, (_, at) =>
    importSpec(service.organization, documentOf(`Spec ${at}`, { One: 'x' })),
  );
  return (await Promise.all(imported)).map(({ specId }) => specId);
};
const relate = (from: string | undefined, type: RelationType, relatedSpecId: string | undefined) =>
  service.organization.request('post', `/specs/${from}/relations`).set('if-match', '*').send({ type, relatedSpecId });

describe('Relations', () => {
  test.each(['depends_on', 'supersedes'] as const)(
    'of the type %s never lead back to where they start',
    async (type) => {
      const specs = await chain(4);
      for (const [at, to] of specs.slice(1).entries()) await relate(specs[at], type, to).expect(200);
      const [first, second, , last] = specs;
      for (const to of [first, second]) {
        const refused = await relate(last, type, to);
        expectProblem(refused, 422, 'invalid_relation');
        expect(refused.body).toMatchObject({ detail: expect.stringContaining('close a circle') as string });
      }
      // The other types are no part of the way.
      await relate(last, type === 'supersedes' ? 'depends_on' : 'supersedes', first).expect(200);
      await relate(last, 'relates_to', first).expect(200);

      await service.organization
        .request('delete', `/specs/${second}/relations?type=${type}&relatedSpecId=${specs[2]}`)
        .set('if-match', '*')
        .expect(200);
      await relate(last, type, second).expect(200);
    },
  );

  test('that a whole new version brings are looked at as well, and what is there may stay', async () => {
    const [first, second] = await chain(2);
    await relate(first, 'depends_on', second).expect(200);
    const put = async (specId = '', relations: object[]) => {
      const { title, preamble, sections } = await readSpec(service.organization, specId);
      const kept = sections.map(({ key, heading, body }) => ({ key, heading, body }));
      return service.organization
        .request('put', `/specs/${specId}`)
        .set('if-match', '*')
        .send({ title, preamble, sections: kept, relations });
    };
    expectProblem(await put(second, [{ type: 'depends_on', specId: first }]), 422, 'invalid_relation');
    expect((await put(second, [{ type: 'relates_to', specId: first }])).status).toBe(200);
    expect((await put(first, [{ type: 'depends_on', specId: second }])).status).toBe(200);
  });
});
