import { beforeAll, describe, expect, test } from 'vitest';
import type { SpecStory } from '../src/modules/audit/story.view.js';
import { because, newTeam, SpecOf } from './support/reviews.js';
import type { Team } from './support/reviews.js';
import { startService } from './support/service.js';
import { expectProblem, sendMarkdown } from './support/specs.js';

const service = startService();
let team: Team;
beforeAll(async () => {
  team = await newTeam(service.organization);
});

const story = async (spec: SpecOf, query = '') =>
  (await spec.request('get', `/history${query}`, team.cat).expect(200)).body as SpecStory;

/** A spec that was written, reviewed and approved. */
async function approved(): Promise<SpecOf> {
  const spec = await SpecOf.begin(team);
  await spec.edit(team.ben, 'Keep them for a year.\n').expect(200);
  const whole = '# Kept searches\n\n## Risks\nNone.\n\n## Costs\nLow.\n';
  await sendMarkdown(spec.request('put', '', team.ann).set('if-match', '*'), whole).expect(200);
  await spec.request('put', '/owner', team.ann).set('if-match', '*').send({ owner: 'Zoe Quince' }).expect(200);
  await spec.go('defer', team.ann, because).expect(200);
  return spec;
}

describe('The history of a spec as a story', () => {
  test('has a line for each step, with who did it and why', async () => {
    const spec = await approved();
    const { number } = await spec.read();
    const { items, page } = await story(spec);
    expect(items.map(({ sentence }) => sentence)).toEqual([
      `Ann imported SPEC-${number} "Kept searches" with 2 sections.`,
      'Ben changed the section "tldr".',
      'Ann removed the section "tldr"; changed the section "risks"; added the section "costs".',
      'Ann made Zoe Quince its owner.',
      'Ann deferred it: It is time for it.',
    ]);
    expect(items[2]).toMatchObject({
      fromVersion: 3,
      toVersion: 5,
      command: 'spec.document.import',
      actor: { name: 'Ann' },
    });
    expect(items.at(-1)).toMatchObject({ reason: because.reason, types: ['spec.lifecycle.deferred'] });
    expect(page.next).toBeNull();
    expect((await story(spec, '?order=newest')).items).toEqual([...items].reverse());
  });

  test('tells votes and approvals', async () => {
    const spec = await SpecOf.inReview(team);
    const { contentHash } = await spec.read();
    await spec.vote(team.bot, { onBehalfOf: 'Zoe Quince' });
    await spec.vote(team.ben);
    const hash = contentHash.slice(0, 12);
    expect((await story(spec)).items.slice(1).map(({ sentence }) => sentence)).toEqual([
      `Ann submitted revision 1 (${hash}) for review.`,
      `Bot voted for revision 1 (${hash}) on behalf of Zoe Quince.`,
      `Ben voted for revision 1 (${hash}); approved revision 1 by the policy "default" version 1, with 1 vote.`,
    ]);
  });

  test('is read page by page in either order, and steps are never cut', async () => {
    const spec = await approved();
    for (const order of ['oldest', 'newest']) {
      const whole = (await story(spec, `?order=${order}`)).items;
      const paged = [];
      let cursor = '';
      do {
        const { items, page } = await story(spec, `?order=${order}&limit=1${cursor}`);
        paged.push(...items);
        cursor = page.next === null ? '' : `&cursor=${page.next}`;
      } while (cursor);
      expect(paged).toEqual(whole);
    }
  });

  test('is text too, a line for each step', async () => {
    const spec = await approved();
    const { text, headers } = await spec.request('get', '/history', team.cat).set('accept', 'text/plain').expect(200);
    expect(headers['content-type']).toBe('text/plain; charset=utf-8');
    const lines = text.trimEnd().split('\n');
    expect(lines).toHaveLength(5);
    expect(lines[2]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z v3-5 Ann removed the section "tldr"; /);
  });

  test('is of specs only', async () => {
    const { organizationId } = team.tenant;
    expectProblem(await team.tenant.request('get', `/specs/${organizationId}/history`), 404, 'not_found');
  });
});
