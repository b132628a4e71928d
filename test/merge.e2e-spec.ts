import { describe, expect, test } from 'vitest';
import { documentedOperations, expectDocumented } from './support/openapi-document.js';
import { startService } from './support/service.js';
import { documentOf, expectProblem, importSpec, readEvents, readMarkdown, readSpec } from './support/specs.js';
import { sendMarkdown, typesOf } from './support/specs.js';

describe('a whole document put over somebody else’s edit', () => {
  const service = startService();
  const base = documentOf('Alerts', { Overview: 'Old.', Rollout: 'Slow.', Limits: 'None.', Costs: 'Few.' });
  const put = (specId: string, version: number, markdown: string, query = '?merge=three-way') =>
    sendMarkdown(
      service.organization.request('put', `/specs/${specId}${query}`).set('if-match', `"${version}"`),
      markdown,
    );
  const change = (specId: string, method: 'patch' | 'delete' | 'post', path: string, body?: object) =>
    service.organization.request(method, `/specs/${specId}/sections/${path}`).set('if-match', '*').send(body);
  const headings = async (specId: string) =>
    (await readSpec(service.organization, specId)).sections.map(({ heading }) => heading);

  /** A spec at version 2: somebody changed its section "Overview" since version 1. */
  async function editedElsewhere(): Promise<string> {
    const { specId } = await importSpec(service.organization, base);
    await change(specId, 'patch', 'overview', { body: 'Theirs.' }).expect(200);
    return specId;
  }

  test('is refused without a merge, with what changed since', async () => {
    const specId = await editedElsewhere();
    const refused = await put(specId, 1, base.replace('Slow.', 'Mine.'), '');
    expect(expectProblem(refused, 412, 'stale_version')).toMatchObject({
      currentETag: '"2"',
      changes: [{ version: 2, type: 'spec.section.updated' }],
    });
    expect(await readMarkdown(service.organization, specId)).toBe(base.replace('Old.', 'Theirs.'));
  });

  test('merges by section: both changes are kept, and only mine becomes an event', async () => {
    const specId = await editedElsewhere();
    const merged = await put(specId, 1, base.replace('Slow.', 'Mine.')).expect(200);
    expect(merged.headers.etag).toBe('"3"');
    expect(await readMarkdown(service.organization, specId)).toBe(
      base.replace('Old.', 'Theirs.').replace('Slow.', 'Mine.'),
    );
    expect(await readEvents(service.organization, specId, 2)).toMatchObject([
      { type: 'spec.section.updated', data: { key: 'rollout' } },
    ]);
  });

  test('that changes nothing itself leaves the other edit alone', async () => {
    const specId = await editedElsewhere();
    expect((await put(specId, 1, base).expect(200)).body).toMatchObject({ version: 2 });
  });

  test('is a conflict where both changed one section, told with both sides', async () => {
    const specId = await editedElsewhere();
    const { conflicts } = expectProblem(await put(specId, 1, base.replace('Old.', 'Mine.')), 409, 'merge_conflict');
    expect(conflicts).toMatchObject([
      {
        sectionKey: 'overview',
        yours: { heading: 'Overview', body: 'Mine.\n' },
        theirs: { heading: 'Overview', body: 'Theirs.\n', version: 2 },
      },
    ]);
    expect((await readSpec(service.organization, specId)).version).toBe(2);
  });

  test('is a conflict in what describes the spec as well, told in the form that is documented', async () => {
    const { specId } = await importSpec(service.organization, base);
    const as = (version: number, body: object) =>
      service.organization
        .request('put', `/specs/${specId}?merge=three-way`)
        .set('if-match', `"${version}"`)
        .send(body);
    const { title, preamble, sections, owner, relations } = await readSpec(service.organization, specId);
    const whole = { title, preamble, sections, owner, relations };
    const labelled = { ...whole, labels: ['theirs'], owner: 'them' };
    await as(1, { ...labelled, sections: sections.filter(({ key }) => key !== 'limits') }).expect(200);
    const limits = sections.map((section) => (section.key === 'limits' ? { ...section, body: 'Some.' } : section));
    const refused = await as(1, { ...whole, sections: limits, labels: ['mine'], owner: 'me' });
    expect(expectProblem(refused, 409, 'merge_conflict').conflicts).toMatchObject([
      { field: 'labels', yours: ['mine'], theirs: ['theirs'] },
      { field: 'owner', yours: 'me', theirs: 'them' },
      { sectionKey: 'limits', yours: { body: 'Some.\n', notApplicable: null }, theirs: null },
    ]);
    const [, replace] = documentedOperations.find(([name]) => name === 'replaceSpec') ?? [];
    if (!replace) throw new Error('the operation is not documented');
    expectDocumented(replace.operation, refused);
  });

  test('is no conflict where both made the same change', async () => {
    const specId = await editedElsewhere();
    const merged = await put(specId, 1, base.replace('Old.', 'Theirs.').replace('None.', 'Some.')).expect(200);
    expect(merged.body).toMatchObject({ version: 3 });
  });

  test('keeps a section that either side added', async () => {
    const { specId } = await importSpec(service.organization, base);
    await service.organization
      .request('post', `/specs/${specId}/sections`)
      .send({ heading: 'Theirs', body: 'New.', position: 1 })
      .expect(201);
    await put(specId, 1, `${base}## Mine\nNew as well.\n`).expect(200);
    expect(await headings(specId)).toEqual(['Overview', 'Theirs', 'Rollout', 'Limits', 'Costs', 'Mine']);
  });

  test('removes what either side removed', async () => {
    const { specId } = await importSpec(service.organization, base);
    await change(specId, 'delete', 'limits').expect(200);
    await put(specId, 1, base.replace('## Rollout\nSlow.\n', '')).expect(200);
    expect(await headings(specId)).toEqual(['Overview', 'Costs']);
  });

  test('is a conflict where one side removed what the other changed', async () => {
    const { specId } = await importSpec(service.organization, base);
    await change(specId, 'delete', 'limits').expect(200);
    const mine = expectProblem(await put(specId, 1, base.replace('None.', 'Some.')), 409, 'merge_conflict');
    expect(mine.conflicts).toMatchObject([{ sectionKey: 'limits', yours: { body: 'Some.\n' }, theirs: null }]);

    const other = await editedElsewhere();
    const theirs = await put(other, 1, base.replace('## Overview\nOld.\n', ''));
    expect(expectProblem(theirs, 409, 'merge_conflict').conflicts).toMatchObject([
      { sectionKey: 'overview', yours: null, theirs: { body: 'Theirs.\n' } },
    ]);
  });

  test('keeps their new heading beside my new text of another section', async () => {
    const { specId } = await importSpec(service.organization, base);
    await change(specId, 'patch', 'rollout', { heading: 'Going live' }).expect(200);
    await put(specId, 1, base.replace('Old.', 'Mine.')).expect(200);
    const { sections } = await readSpec(service.organization, specId);
    expect(sections.slice(0, 2)).toMatchObject([
      { key: 'overview', body: 'Mine.\n' },
      { key: 'rollout', heading: 'Going live', body: 'Slow.\n' },
    ]);
  });

  test('keeps their move beside my text', async () => {
    const { specId } = await importSpec(service.organization, base);
    await change(specId, 'post', 'costs/move', { position: 0 }).expect(200);
    await put(specId, 1, base.replace('Slow.', 'Mine.')).expect(200);
    expect(await headings(specId)).toEqual(['Costs', 'Overview', 'Rollout', 'Limits']);
    expect(typesOf(await readEvents(service.organization, specId, 2))).toEqual(['spec.section.updated']);
  });

  test('keeps my move beside their text', async () => {
    const specId = await editedElsewhere();
    await put(specId, 1, base.replace('## Costs\nFew.\n', '').replace('## Overview', '## Costs\nFew.\n## Overview'));
    expect(await headings(specId)).toEqual(['Costs', 'Overview', 'Rollout', 'Limits']);
    expect((await readSpec(service.organization, specId)).sections[1]?.body).toBe('Theirs.\n');
  });

  test('keeps their title beside my text, and is a conflict where both changed it', async () => {
    const { specId } = await importSpec(service.organization, base);
    const title = service.organization.request('put', `/specs/${specId}/title`).set('if-match', '*');
    await title.send({ title: 'Their alerts' }).expect(200);
    await put(specId, 1, base.replace('Slow.', 'Mine.')).expect(200);
    expect(await readSpec(service.organization, specId)).toMatchObject({ title: 'Their alerts', version: 3 });
    expectProblem(await put(specId, 1, base.replace('# Alerts', '# My alerts')), 409, 'merge_conflict');
  });

  test('keeps sections apart where my text ends without a line ending and theirs goes on', async () => {
    for (const [mine, ending] of [
      [`${base}## Mine\nWithout an end`, 'Without an end\n'],
      [base.replace('Few.\n', 'Fewer'), 'Fewer\n'],
    ] as const) {
      const { specId } = await importSpec(service.organization, base);
      const add = { heading: 'Theirs', body: 'New.' };
      await service.organization.request('post', `/specs/${specId}/sections`).send(add).expect(201);
      const answer = await put(specId, 1, mine);
      const exported = await readMarkdown(service.organization, specId);
      expect(exported, answer.text).toContain(`${ending}## `);
      expect(await headings(specId)).toContain('Theirs');
      const again = await importSpec(service.organization, exported);
      expect(await headings(again.specId)).toEqual(await headings(specId));
    }
  });

  test('never lets a fence that I left open swallow what they added', async () => {
    const { specId } = await importSpec(service.organization, base);
    const add = { heading: 'Theirs', body: 'New.' };
    await service.organization.request('post', `/specs/${specId}/sections`).send(add).expect(201);
    const refused = await put(specId, 1, `${base}## Mine\n\n\`\`\`\nnot closed\n`);
    expect([409, 422]).toContain(refused.status);
    expect(await readMarkdown(service.organization, specId)).toBe(`${base}## Theirs\nNew.\n`);
  });

  test('keeps underlined headings apart from their new text when I move sections', async () => {
    const [a, b, c] = ['Aa\n--\na\n\n', 'Bb\n--\nb\n\n', 'Cc\n--\nc\n\n'];
    const { specId } = await importSpec(service.organization, `# T\n\n${a}${b}${c}`);
    await change(specId, 'patch', 'bb', { body: 'Theirs.' }).expect(200);
    await put(specId, 1, `# T\n\n${b}${a}${c}`);
    const exported = await readMarkdown(service.organization, specId);
    const again = await importSpec(service.organization, exported);
    expect(await headings(again.specId)).toEqual(await headings(specId));
    expect(exported).toContain('Theirs.\n');
  });

  test('refuses to merge from a version that never was', async () => {
    const specId = await editedElsewhere();
    expectProblem(await put(specId, 9, base), 412, 'stale_version');
  });
});

describe('a whole spec as JSON put over somebody else’s edit', () => {
  const service = startService();
  const base = documentOf('Alerts', { Overview: 'Old.', Rollout: 'Slow.' });

  test('keeps the labels, owner and mark that only the other side changed, and its own', async () => {
    const { organization } = service;
    const { specId } = await importSpec(organization, base);
    const { title, labels, owner, relations, preamble, sections } = await readSpec(organization, specId);
    await organization
      .request('put', `/specs/${specId}/labels`)
      .set('if-match', '*')
      .send({ labels: ['theirs'] });
    await organization
      .request('put', `/specs/${specId}/sections/rollout/not-applicable`)
      .set('if-match', '*')
      .send({ reason: 'Nothing is rolled out.' })
      .expect(200);
    const mine = sections.map(({ key, heading, body, notApplicable }, index) => ({
      key,
      heading,
      body,
      notApplicable: index === 0 ? 'There is nothing to see.' : notApplicable,
    }));
    await organization
      .request('put', `/specs/${specId}?merge=three-way`)
      .set('if-match', '"1"')
      .send({ title, labels, owner: owner ?? 'me', relations, preamble, sections: mine })
      .expect(200);
    expect(await readSpec(organization, specId)).toMatchObject({
      labels: ['theirs'],
      owner: 'me',
      sections: [{ notApplicable: 'There is nothing to see.' }, { notApplicable: 'Nothing is rolled out.' }],
    });
  });
});
