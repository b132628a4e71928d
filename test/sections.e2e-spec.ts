import { describe, expect, test } from 'vitest';
import { startService } from './support/service.js';
import type { EventJson, Receipt, SectionJson } from './support/specs.js';
import { documentOf, expectProblem, footprint, importSpec, readEvents, readMarkdown } from './support/specs.js';
import { readSpec, typesOf } from './support/specs.js';

const document = documentOf('Alerts', { Overview: 'Old.', Rollout: 'Slow.', Limits: 'None.' });

describe('a section', () => {
  const service = startService();
  type Method = 'post' | 'put' | 'patch' | 'delete';
  const change = (specId: string, method: Method, path: string, body?: object, ifMatch = '*') =>
    service.organization.request(method, `/specs/${specId}/sections${path}`).set('if-match', ifMatch).send(body);
  const keys = async (specId: string) => (await readSpec(service.organization, specId)).sections.map(({ key }) => key);
  const markdown = (specId: string, query = '') => readMarkdown(service.organization, specId, query);
  const start = async (text = document) => (await importSpec(service.organization, text)).specId;

  test('is added at the end, or at a position, with a place and a tag of its own', async () => {
    const specId = await start();
    const last = await change(specId, 'post', '', { heading: 'Costs', body: 'Few.' }).expect(201);
    expect(last.body).toMatchObject({ specId, version: 2, sectionKey: 'costs' });
    const { organizationId } = service.organization;
    expect(last.headers.location).toBe(`/v1/organizations/${organizationId}/specs/${specId}/sections/costs`);
    await change(specId, 'post', '', { heading: 'First', body: '### Deeper\n\nText.\n', position: 0 }).expect(201);
    await change(specId, 'post', '', { heading: 'Costs', body: '', position: 2 }).expect(201);
    expect(await keys(specId)).toEqual(['first', 'overview', 'costs-2', 'rollout', 'limits', 'costs']);
    const read = await service.organization.request('get', `/specs/${specId}/sections/costs-2`).expect(200);
    expect(read.headers.etag).toBe('"4"');
    expect(read.body).toMatchObject({ key: 'costs-2', heading: 'Costs', version: 4, notApplicable: null });
  });

  test('is added behind a text without a final line ending, which gets one', async () => {
    const specId = await start('# A\n\n## B\nText');
    await change(specId, 'post', '', { heading: 'C', body: 'More' }).expect(201);
    expect(await markdown(specId)).toBe('# A\n\n## B\nText\n## C\nMore\n');
    const empty = await start('Only a preamble');
    await change(empty, 'post', '', { heading: 'C', body: 'More' }).expect(201);
    expect(await markdown(empty)).toBe('Only a preamble\n## C\nMore\n');
  });

  test('keeps the line endings of its document', async () => {
    const specId = await start('# A\r\n\r\n## B\r\nText.\r\n');
    await change(specId, 'post', '', { heading: 'C', body: 'More' }).expect(201);
    await change(specId, 'patch', '/b', { body: 'Changed' }).expect(200);
    expect(await markdown(specId)).toBe('# A\r\n\r\n## B\r\nChanged\r\n## C\r\nMore\r\n');
  });

  test('has its body and its heading changed, and keeps its key', async () => {
    const specId = await start();
    const changed = await change(specId, 'patch', '/rollout', { heading: 'Going live', body: 'Fast.' }, '"1"').expect(
      200,
    );
    expect(changed.headers.etag).toBe('"3"');
    expect(await markdown(specId)).toBe(document.replace('Rollout', 'Going live').replace('Slow.', 'Fast.'));
    expect(await keys(specId)).toEqual(['overview', 'rollout', 'limits']);
    expect((await change(specId, 'patch', '/rollout', {}).expect(200)).body).toMatchObject({ version: 3 });
  });

  test('is moved to either end and back, and to where it stands', async () => {
    const specId = await start();
    for (const [key, position, order] of [
      ['limits', 0, ['limits', 'overview', 'rollout']],
      ['limits', 2, ['overview', 'rollout', 'limits']],
      ['overview', 1, ['rollout', 'overview', 'limits']],
    ] as const) {
      await change(specId, 'post', `/${key}/move`, { position }).expect(200);
      expect(await keys(specId)).toEqual(order);
    }
    expect((await change(specId, 'post', '/overview/move', { position: 1 }).expect(200)).body).toMatchObject({
      version: 4,
    });
    expect(await markdown(specId)).toBe('# Alerts\n\n## Rollout\nSlow.\n## Overview\nOld.\n## Limits\nNone.\n');
  });

  test('is removed, can be added again, and is found in earlier versions', async () => {
    const specId = await start();
    const removed = await change(specId, 'delete', '/rollout', undefined, '"1"').expect(200);
    expect(removed.headers.etag).toBeUndefined();
    expectProblem(await change(specId, 'delete', '/rollout'), 404, 'not_found');
    expectProblem(await service.organization.request('get', `/specs/${specId}/sections/rollout`), 404, 'not_found');
    await service.organization.request('get', `/specs/${specId}/sections/rollout?version=1`).expect(200);
    await change(specId, 'post', '', { heading: 'Rollout', body: 'Again.', position: 1 }).expect(201);
    expect(await markdown(specId)).toBe(document.replace('Slow.', 'Again.'));
    expect(await markdown(specId, '?version=1')).toBe(document);
    for (const key of await keys(specId)) await change(specId, 'delete', `/${key}`).expect(200);
    expect(await markdown(specId)).toBe('# Alerts\n\n');
  });

  test('does not apply, for a reason, until it does again or gets a new text', async () => {
    const specId = await start();
    const mark = () =>
      change(specId, 'put', '/rollout/not-applicable', { reason: 'It is on from the start.' }).expect(200);
    const section = async () => (await readSpec(service.organization, specId)).sections[1];
    await mark();
    expect((await mark()).body).toMatchObject({ version: 2 });
    expect(await section()).toMatchObject({ version: 2, notApplicable: 'It is on from the start.', body: 'Slow.\n' });
    const { contentHash } = await readSpec(service.organization, specId);
    await change(specId, 'delete', '/rollout/not-applicable').expect(200);
    expect((await change(specId, 'delete', '/rollout/not-applicable').expect(200)).body).toMatchObject({ version: 3 });
    expect(await section()).toMatchObject({ version: 3, notApplicable: null });
    expect((await readSpec(service.organization, specId)).contentHash).not.toBe(contentHash);
    await mark();
    await change(specId, 'patch', '/rollout', { body: 'It is needed after all.' }).expect(200);
    expect(await section()).toMatchObject({ notApplicable: null });
  });

  test('has a tag that only its own changes make stale', async () => {
    const specId = await start();
    await change(specId, 'patch', '/overview', { body: 'New.' }, '"1"').expect(200);
    await change(specId, 'put', '/limits/not-applicable', { reason: 'There are none at all.' }, '"1"').expect(200);
    await change(specId, 'post', '/rollout/move', { position: 0 }, '"1"').expect(200);
    expectProblem(await change(specId, 'patch', '/rollout', { body: 'x' }, '"1"'), 412, 'stale_version');
    expectProblem(await change(specId, 'delete', '/limits', undefined, '"1"'), 412, 'stale_version');
    await change(specId, 'patch', '/rollout', { body: 'x' }, '"4"').expect(200);
    const stale = service.organization.request('put', `/specs/${specId}/title`).set('if-match', '"1"');
    expect(expectProblem(await stale.send({ title: 'x' }), 412, 'stale_version').changes).toHaveLength(4);
  });
});

describe('earlier versions and events', () => {
  const service = startService();
  const ask = async <T>(path: string) => (await service.organization.request('get', path).expect(200)).body as T;

  /** Five versions, each text of the overview its own. */
  async function fiveVersions(): Promise<string> {
    const { specId } = await importSpec(service.organization, document);
    for (let version = 2; version <= 5; version++) {
      await service.organization
        .request('patch', `/specs/${specId}/sections/overview`)
        .set('if-match', `"${version - 1}"`)
        .send({ body: `Version ${version}.` })
        .expect(200);
    }
    return specId;
  }

  test('every version can be read, as JSON, as Markdown and by section, and its hash is what it was', async () => {
    const specId = await fiveVersions();
    for (let version = 1; version <= 5; version++) {
      const text = document.replace('Old.', version === 1 ? 'Old.' : `Version ${version}.`);
      expect(await readMarkdown(service.organization, specId, `?version=${version}`)).toBe(text);
      const spec = await readSpec(service.organization, specId, `?version=${version}`);
      expect(spec).toMatchObject({ version, sections: [{ version }, { version: 1 }, { version: 1 }] });
      const { items } = await ask<{ items: SectionJson[] }>(`/specs/${specId}/sections?version=${version}`);
      expect(items).toEqual(spec.sections);
      expect(await ask(`/specs/${specId}/sections/overview?version=${version}`)).toEqual(spec.sections[0]);
    }
    expect(await readSpec(service.organization, specId)).toEqual(
      await readSpec(service.organization, specId, '?version=5'),
    );
  });

  test('what was true at a time can be read', async () => {
    const specId = await fiveVersions();
    const events = await readEvents(service.organization, specId);
    for (const { recordedAt } of events) {
      const at = encodeURIComponent(String(recordedAt));
      const last = events.filter((event) => String(event.recordedAt) <= String(recordedAt)).at(-1);
      expect((await readSpec(service.organization, specId, `?at=${at}`)).version).toBe(last?.version);
    }
    const early = `?at=${encodeURIComponent(new Date(Date.parse(String(events[0]?.recordedAt)) - 1).toISOString())}`;
    for (const path of ['', '/sections', '/sections/overview', '/elements']) {
      const before = await service.organization.request('get', `/specs/${specId}${path}${early}`);
      expectProblem(before, 404, 'not_found');
    }
  });

  test('events are read in pages, oldest first, each with a hash of the one before', async () => {
    const specId = await fiveVersions();
    const seen: EventJson[] = [];
    for (let cursor = ''; ;) {
      const { items, page } = await ask<{ items: EventJson[]; page: { next: string | null } }>(
        `/specs/${specId}/events?limit=2${cursor}`,
      );
      seen.push(...items);
      if (!page.next) break;
      cursor = `&cursor=${encodeURIComponent(page.next)}`;
    }
    expect(seen.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5]);
    expect(typesOf(seen)).toEqual(['spec.document.imported', ...Array<string>(4).fill('spec.section.updated')]);
    expect(seen.slice(1).map(({ previousHash }) => previousHash)).toEqual(seen.slice(0, -1).map(({ hash }) => hash));
    expect(seen[0]?.previousHash).toBe('0'.repeat(64));
    expect((await readEvents(service.organization, specId, 4)).map(({ version }) => version)).toEqual([5]);
    expect(await readEvents(service.organization, specId, 9)).toEqual([]);
  });
});

describe('several commands at once', () => {
  const service = startService();
  const send = (specId: string, commands: object[], ifMatch = '*') =>
    service.organization.request('post', `/specs/${specId}/commands`).set('if-match', ifMatch).send({ commands });

  test('are all done, in order, as one change', async () => {
    const { specId } = await importSpec(service.organization, document);
    const done = await send(
      specId,
      [
        { name: 'spec.section.add', body: { heading: 'Costs', body: 'Few.' } },
        { name: 'spec.section.update', body: { sectionKey: 'costs', body: 'Many.' } },
        { name: 'spec.section.move', body: { sectionKey: 'costs', position: 0 } },
        { name: 'spec.document.label', body: { labels: ['a'] } },
        { name: 'spec.section.remove', body: { sectionKey: 'limits' } },
      ],
      '"1"',
    ).expect(200);
    expect(done.body as Receipt).toMatchObject({ version: 6 });
    expect(await readMarkdown(service.organization, specId)).toBe(
      '# Alerts\n\n## Costs\nMany.\n## Overview\nOld.\n## Rollout\nSlow.\n',
    );
    const events = await readEvents(service.organization, specId, 1);
    expect(new Set(events.map(({ commandId }) => commandId)).size).toBe(1);
  });

  test('are none of them done when one cannot be', async () => {
    const { specId } = await importSpec(service.organization, document);
    const before = await footprint(service);
    const good = { name: 'spec.section.update', body: { sectionKey: 'overview', body: 'New.' } };
    const missing = { name: 'spec.section.remove', body: { sectionKey: 'nowhere' } };
    expectProblem(await send(specId, [good, missing]), 404, 'not_found');
    expectProblem(await send(specId, [good, { ...good, name: 'spec.section.none' }]), 422, 'unknown_command');
    expectProblem(await send(specId, [good], '"7"'), 412, 'stale_version');
    expect(await footprint(service)).toEqual(before);
    expect(await readMarkdown(service.organization, specId)).toBe(document);
  });

  test('see what those before them did, in the text as well', async () => {
    const { specId } = await importSpec(service.organization, '# A\n\n## B\nfirst text');
    await send(specId, [
      { name: 'spec.document.import', body: { markdown: '# A\n\n## B\nsecond text' } },
      { name: 'spec.section.add', body: { heading: 'C', body: 'More.' } },
    ]).expect(200);
    expect(await readMarkdown(service.organization, specId)).toBe('# A\n\n## B\nsecond text\n## C\nMore.\n');
  });
});
