import { describe, expect, test } from 'vitest';
import { startService } from './support/service.js';
import { documentOf, expectProblem, importSpec, readMarkdown, readSpec, sendMarkdown } from './support/specs.js';

const document = documentOf('Alerts', { Overview: 'Old.', Rollout: 'Slow.' });

/** Texts that mean something to Markdown, or look as if they did. */
const texts = [
  'A #',
  'A \\#',
  '# A',
  '*A*',
  '_A_',
  '[A](b)',
  '[A]',
  '![A](b)',
  '`A',
  '`A`',
  'A\\',
  '<b>A</b>',
  '<!-- A',
  '1. A',
]
  .concat([
    '- A',
    '> A',
    '&amp;',
    '&',
    '_',
    '~~~',
    '---',
    '===',
    'A | B',
    '| A |',
    '😀',
    'https://a.b',
    '[^1]: A',
    'Ünï',
    ' A  B ',
  ])
  .concat(['{#id}', '$A$', '~~A~~', '[x] A', ':::', '\\', '#', '##']);

describe('a heading', () => {
  const service = startService();
  const start = async (markdown = document) => (await importSpec(service.organization, markdown)).specId;
  /** What another reader of the exported Markdown would see. */
  const readBack = async (specId: string) =>
    readSpec(service.organization, await start(await readMarkdown(service.organization, specId)));

  test.each(texts)('of the document can be %j, and the Markdown says the same, or it is refused', async (title) => {
    const specId = await start();
    const set = service.organization.request('put', `/specs/${specId}/title`).set('if-match', '*').send({ title });
    const answer = await set;
    if (answer.status !== 200) expectProblem(answer, 422, 'invalid_heading');
    const spec = await readSpec(service.organization, specId);
    expect((await readBack(specId)).title).toBe(spec.title);
    expect(spec.title.trim()).toBe(answer.status === 200 ? title.trim() : 'Alerts');
    expect(spec.sections.map(({ heading }) => heading)).toEqual(['Overview', 'Rollout']);
  });

  test.each(texts)('of a section can be %j, and the Markdown says the same, or it is refused', async (heading) => {
    const specId = await start();
    const path = `/specs/${specId}/sections`;
    const renamed = await service.organization
      .request('patch', `${path}/overview`)
      .set('if-match', '*')
      .send({ heading });
    const added = await service.organization.request('post', path).send({ heading, body: 'More.' });
    const put = service.organization.request('put', `/specs/${specId}`).set('if-match', '*');
    const { sections } = await readSpec(service.organization, specId);
    const next = [
      ...sections.map(({ key, ...text }) => ({ key, heading: text.heading, body: text.body })),
      { heading, body: '' },
    ];
    const replaced = await put.send({ sections: next });
    for (const answer of [renamed, added, replaced]) {
      if (answer.status >= 300) expectProblem(answer, 422, 'invalid_heading');
    }
    expect([renamed.status, added.status, replaced.status]).toEqual(
      renamed.status === 200 ? [200, 201, 200] : [422, 422, 422],
    );
    const spec = await readSpec(service.organization, specId);
    expect((await readBack(specId)).sections.map((one) => one.heading)).toEqual(
      spec.sections.map((one) => one.heading),
    );
    if (renamed.status === 200) expect(spec.sections[0]?.heading.trim()).toBe(heading.trim());
  });

  test('may be a very long title, cut between characters', async () => {
    const specId = await start(`# ${'a'.repeat(299)}😀😀\n\n## B\n`);
    expect((await readSpec(service.organization, specId)).title).toMatch(/^a{299}(😀)?$/u);
    const put = service.organization.request('put', `/specs/${specId}`).set('if-match', '*');
    await sendMarkdown(put, `# ${'b'.repeat(400)}\n\n## B\n`).expect(200);
    expect((await readSpec(service.organization, specId)).title.length).toBeLessThanOrEqual(300);
  });

  test('of a section in a document may be longer than one that is set, and can be edited beside', async () => {
    const specId = await start(`# A\n\n## ${'b'.repeat(5000)}\nText.\n\n## C\nText.\n`);
    const { sections } = await readSpec(service.organization, specId);
    const keys = sections.map(({ key }) => key);
    expect(keys.every((key) => key.length <= 100)).toBe(true);
    for (const key of keys) {
      const edit = service.organization.request('patch', `/specs/${specId}/sections/${key}`).set('if-match', '*');
      await edit.send({ body: 'New.' }).expect(200);
    }
  });
});
