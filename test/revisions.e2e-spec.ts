import { beforeAll, describe, expect, test } from 'vitest';
import type { RevisionChanges, RevisionList } from '../src/modules/specs/revision.view.js';
import { because, draft, newTeam, SpecOf } from './support/reviews.js';
import type { Team } from './support/reviews.js';
import { startService } from './support/service.js';
import type { SpecJson } from './support/specs.js';
import { expectProblem } from './support/specs.js';

const service = startService();
let team: Team;
beforeAll(async () => {
  team = await newTeam(service.organization);
});

const approved = async () => {
  const spec = await SpecOf.inReview(team);
  await spec.vote(team.ben);
  return spec;
};
const get = (spec: SpecOf, path: string) => spec.request('get', path, team.cat);
const revisions = async (spec: SpecOf) => ((await get(spec, '/revisions').expect(200)).body as RevisionList).items;
const markdownOf = async (spec: SpecOf, query: string) =>
  (await get(spec, query).set('accept', 'text/markdown').expect(200)).text;

/** Amends, edits and has the amendment approved. */
async function amend(spec: SpecOf, edits: (spec: SpecOf) => Promise<unknown>): Promise<void> {
  await spec.go('amend', team.ann, because).expect(200);
  await edits(spec);
  await spec.go('submit', team.ann).expect(200);
  await spec.vote(team.cat);
}

describe('The revisions of a spec', () => {
  test('are numbered, and say what approved each, and which is in force', async () => {
    const spec = await SpecOf.begin(team);
    expect(await revisions(spec)).toMatchObject([{ revision: 1, standing: 'draft', version: null }]);
    await spec.go('submit', team.ann).expect(200);
    expect(await revisions(spec)).toMatchObject([{ revision: 1, standing: 'in_review', approvedAt: null }]);
    await spec.vote(team.ben);
    const first = await spec.read();
    const one = { revision: 1, version: first.version, contentHash: first.contentHash, policy: { key: 'default' } };
    expect(await revisions(spec)).toMatchObject([{ ...one, standing: 'approved' }]);

    await spec.go('start', team.ann).expect(200);
    await spec.go('amend', team.ann, because).expect(200);
    await spec.edit(team.ann, 'Keep them for a year.\n').expect(200);
    expect(await revisions(spec)).toMatchObject([
      { ...one, standing: 'in_implementation' },
      { revision: 2, standing: 'draft', contentHash: null },
    ]);
    await spec.go('withdraw', team.ann, because).expect(200);
    await amend(spec, () => spec.edit(team.ann, 'Keep them for a month.\n').expect(200));
    const last = await spec.read();
    expect(await revisions(spec)).toMatchObject([
      { ...one, standing: 'replaced' },
      { revision: 2, standing: 'withdrawn', version: null },
      { revision: 3, standing: 'approved', contentHash: last.contentHash, version: last.version },
    ]);
    expect((await get(spec, '/revisions/1').expect(200)).body).toMatchObject(one);
    for (const revision of ['4', '0', 'x', '1.0', '99999999999']) {
      expectProblem(await get(spec, `/revisions/${revision}`), 404, 'not_found');
    }
  });

  test('are read as they were approved, byte for byte, while the next is being written', async () => {
    const spec = await approved();
    await spec.go('amend', team.ann, because).expect(200);
    await spec.edit(team.ann, 'Keep them for a year.\n').expect(200);
    expect(await markdownOf(spec, '?revision=approved')).toBe(draft);
    expect(await markdownOf(spec, '?revision=1')).toBe(draft);
    expect(await markdownOf(spec, '')).toContain('for a year');
    const read = (await get(spec, '?revision=approved').expect(200)).body as SpecJson;
    expect(read.sections[0]?.body).toBe('Keep them.\n\n');
    const section = await get(spec, '/sections/tldr?revision=approved').expect(200);
    expect(section.body).toMatchObject({ body: 'Keep them.\n\n' });

    expectProblem(await get(spec, '?revision=2'), 404, 'not_found');
    expectProblem(await get(spec, '?revision=next'), 400, 'invalid_request');
    expectProblem(await get(spec, '?revision=1&version=1'), 400, 'invalid_request');
    expectProblem(await get(await SpecOf.begin(team), '?revision=approved'), 404, 'not_found');
  });

  test('say what each changed, section by section', async () => {
    const spec = await approved();
    await amend(spec, async () => {
      await spec.edit(team.ann, 'Keep them\nfor a year.\n').expect(200);
      const added = spec.request('post', '/sections', team.ann).set('if-match', '*');
      await added.send({ heading: 'Costs', body: 'None.\n' }).expect(201);
      const moved = spec.request('post', '/sections/risks/move', team.ann).set('if-match', '*');
      await moved.send({ position: 0 }).expect(200);
    });
    const { from, to, changes } = (await get(spec, '/revisions/2/changes').expect(200)).body as RevisionChanges;
    expect([from, to]).toEqual([1, 2]);
    expect(changes.map(({ section, change }) => [section, change])).toEqual([
      ['risks', 'moved'],
      ['tldr', 'changed'],
      ['costs', 'added'],
    ]);
    expect(changes.find(({ section }) => section === 'tldr')).toMatchObject({
      heading: 'TLDR',
      diff: expect.stringContaining('-Keep them.\n-\n+Keep them\n+for a year.\n') as string,
    });
  });
});
