import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { startService } from './support/service.js';
import type { Receipt } from './support/specs.js';
import { documentOf, footprint, importSpec, readEvents, readMarkdown } from './support/specs.js';
import { readSpec, sendMarkdown, typesOf } from './support/specs.js';

const document = documentOf('Alerts', { Overview: 'Old.', Rollout: 'Slow.', Limits: 'None.' });
const sha256 = (text: string, as: 'hex' | 'base64' = 'hex') => createHash('sha256').update(text).digest(as);

describe('a spec', () => {
  const service = startService();
  const put = (specId: string, body: string | object, ifMatch = '*') => {
    const request = service.organization.request('put', `/specs/${specId}`).set('if-match', ifMatch);
    return typeof body === 'string' ? sendMarkdown(request, body) : request.send(body);
  };
  /** The events that a whole new version makes. */
  async function eventsOf(before: string, after: string): Promise<string[]> {
    const { specId } = await importSpec(service.organization, before);
    await put(specId, after).expect(200);
    expect(await readMarkdown(service.organization, specId)).toBe(after);
    return (await readEvents(service.organization, specId, 1)).map(({ type, data }) => {
      const { key, section } = data as { key?: string; section?: { key: string } };
      return [type, key ?? section?.key].filter(Boolean).join(' ');
    });
  }

  test('is imported: 201, its place, its tag, and a report of what was made of it', async () => {
    const tenant = await service.newOrganization();
    const made = await sendMarkdown(tenant.request('post', '/specs'), document).expect(201);
    const { specId, importReport, contentHash } = made.body as Receipt;
    expect(made.headers).toMatchObject({
      location: `/v1/organizations/${tenant.organizationId}/specs/${specId}`,
      etag: '"1"',
    });
    expect(made.body).toMatchObject({ number: 1, version: 1, seq: expect.any(Number) as number });
    expect(contentHash).toMatch(/^[\da-f]{64}$/);
    const bytes = Buffer.byteLength(document);
    expect(importReport).toMatchObject({
      template: { key: 'spec', version: 1 },
      unread: [],
      bytes: { in: bytes, out: bytes },
    });
    expect(importReport?.sections.map(({ key }) => key)).toEqual(
      (await readSpec(tenant, specId)).sections.map(({ key }) => key),
    );
    expect((await tenant.request('get', `/specs/${specId}/import-report`).expect(200)).body).toEqual(importReport);
  });

  test.each([
    ['line endings of Windows', '\ufeff# A\r\n\r\n## B\r\nText.\r\n'],
    ['front matter and tabs', '---\ntitle: A\n---\n# A\n\n##\tB\n\tcode\n\n'],
    ['no final line ending', '# A\n\n## B\n\nText'],
    ['no title', '## B\nText.\n'],
    ['no section', 'Text only'],
    ['underlined headings', 'A\n===\n\nB\n---\nText.\n\nC\n-\n'],
    ['headings in fences', '# A\n\n## B\n```\n## not this\n```\n## C\n~~~~\n## nor this'],
    ['equal headings', '# A\n## B\n1\n## B\n2\n## B\n3\n'],
    ['other scripts', '# Über 仕様 🚀\n\n## Übersicht\n\ntext\u2028more\n\n## 概要\n## ——\n'],
  ])('comes out byte for byte: %s', async (_, markdown) => {
    const { specId } = await importSpec(service.organization, markdown);
    expect(await readMarkdown(service.organization, specId)).toBe(markdown);
    const { sections } = await readSpec(service.organization, specId);
    expect(new Set(sections.map(({ key }) => key)).size).toBe(sections.length);
    for (const { key, body, contentHash } of sections) {
      expect(key).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(contentHash).toBe(sha256(body));
    }
  });

  test('is read as JSON by default, and as Markdown with its digest', async () => {
    const { specId, contentHash, number } = await importSpec(service.organization, document);
    const path = `/specs/${specId}`;
    const json = await service.organization.request('get', path).set('accept', '*/*').expect(200);
    expect(json.headers['content-type']).toMatch(/^application\/json/);
    expect(json.body).toMatchObject({
      specId,
      number,
      title: 'Alerts',
      lifecycle: 'draft',
      template: { key: 'spec', version: 1 },
      version: 1,
      contentHash,
      labels: [],
      owner: null,
      relations: [],
    });
    const accept = 'text/markdown, application/json;q=0.5';
    const text = await service.organization.request('get', path).set('accept', accept).expect(200);
    expect(text.headers['content-type']).toMatch(/^text\/markdown; ?charset=utf-8/);
    expect(text.headers['repr-digest']).toBe(`sha-256=:${sha256(document, 'base64')}:`);
    expect(text.headers.vary).toMatch(/accept/i);
  });

  test('is not sent again to whoever has it', async () => {
    const { specId } = await importSpec(service.organization, document);
    const ask = (path: string, tag: string) =>
      service.organization.request('get', `/specs/${specId}${path}`).set('if-none-match', tag);
    for (const path of ['', '/sections/overview', '/elements']) {
      for (const tag of ['"1"', 'W/"1"', '"7", "1"', '*']) {
        const answer = await ask(path, tag).expect(304);
        expect([answer.headers.etag, answer.text]).toEqual(['"1"', '']);
      }
      await ask(path, '"2"').expect(200);
    }
  });

  test('put as a whole makes events of what differs only', async () => {
    expect(await eventsOf(document, document)).toEqual([]);
    expect(await eventsOf(document, document.replace('Slow.', 'Fast.'))).toEqual(['spec.section.updated rollout']);
    expect(await eventsOf(document, document.replace('## Rollout\nSlow.\n', ''))).toEqual([
      'spec.section.removed rollout',
    ]);
    expect(await eventsOf(document, `${document}## Costs\nFew.\n`)).toEqual(['spec.section.added costs']);
    expect(await eventsOf(document, document.replace('## Rollout', '## Rolling it out'))).toEqual([
      'spec.section.renamed rollout',
    ]);
    expect(await eventsOf(document, document.replace('# Alerts', '# Alarms'))).toEqual(['spec.document.retitled']);
    expect(await eventsOf(document, document.replace('# Alerts\n', '# Alerts\n\n**Status**: Draft\n'))).toEqual([
      'spec.preamble.updated',
    ]);
    const moved = document.replace('## Limits\nNone.\n', '').replace('## Overview', '## Limits\nNone.\n## Overview');
    expect(await eventsOf(document, moved)).toEqual(['spec.section.moved limits']);
  });

  test('put as JSON exactly as it was read changes nothing', async () => {
    const { specId } = await importSpec(service.organization, document);
    await put(specId, `${document}Open end`).expect(200);
    const read = await readSpec(service.organization, specId);
    const before = await footprint(service);
    expect((await put(specId, read, `"${read.version}"`).expect(200)).body).toMatchObject({ version: read.version });
    expect(await footprint(service)).toEqual(before);
  });

  test('put as JSON makes events of what differs, labels, owner and marks included', async () => {
    const { specId } = await importSpec(service.organization, document);
    const { sections } = await readSpec(service.organization, specId);
    const [overview, rollout, limits] = sections.map(({ key, heading, body }) => ({ key, heading, body }));
    const next = [
      limits,
      { ...overview, body: 'New.' },
      { ...rollout, notApplicable: 'It is on from the start.' },
      { heading: 'Costs', body: '' },
    ];
    await put(specId, { title: 'Alarms', owner: 'team', labels: ['a'], sections: next }).expect(200);
    const types = typesOf(await readEvents(service.organization, specId, 1));
    expect(types.toSorted()).toEqual([
      'spec.document.labelled',
      'spec.document.owner_assigned',
      'spec.document.retitled',
      'spec.section.added',
      'spec.section.marked_not_applicable',
      'spec.section.moved',
      'spec.section.updated',
    ]);
    expect(await readMarkdown(service.organization, specId)).toBe(
      '# Alarms\n\n## Limits\nNone.\n## Overview\nNew.\n## Rollout\nSlow.\n## Costs\n',
    );
    expect((await readSpec(service.organization, specId)).sections[2]?.notApplicable).toBe('It is on from the start.');
  });

  test('has its title, labels, owner and relations changed, and what is the same makes no event', async () => {
    const { organization } = service;
    const { specId } = await importSpec(organization, document);
    const { specId: other } = await importSpec(organization, document);
    const change = (path: string, body: object) =>
      organization
        .request(path === 'relations' ? 'post' : 'put', `/specs/${specId}/${path}`)
        .set('if-match', '*')
        .send(body)
        .expect(200);
    for (let round = 0; round < 2; round++) {
      await change('title', { title: 'Alarms & more' });
      await change('labels', { labels: round ? ['b', 'a'] : ['a', 'b'] });
      await change('owner', { owner: 'team' });
      await change('relations', { type: 'depends_on', relatedSpecId: other });
    }
    expect(await readSpec(organization, specId)).toMatchObject({
      version: 5,
      title: 'Alarms & more',
      labels: ['a', 'b'],
      owner: 'team',
      relations: [{ type: 'depends_on', specId: other }],
    });
    expect(await readMarkdown(organization, specId)).toBe(document.replace('# Alerts', '# Alarms & more'));
    const unrelate = `/specs/${specId}/relations?type=depends_on&relatedSpecId=${other}`;
    for (let round = 0; round < 2; round++)
      await organization.request('delete', unrelate).set('if-match', '*').expect(200);
    await change('owner', { owner: null });
    expect(await readSpec(organization, specId)).toMatchObject({ version: 7, owner: null, relations: [] });
  });

  test('is one and the same under its id in capitals', async () => {
    const { organization } = service;
    const { specId } = await importSpec(organization, document);
    const path = `/specs/${specId.toUpperCase()}`;
    const change = await organization
      .request('patch', `${path}/sections/overview`)
      .set('if-match', '"1"')
      .send({ body: 'New.' });
    expect(change.status).toBe(200);
    expect(change.body).toMatchObject({ specId, version: 2 });
    await organization
      .request('patch', `/specs/${specId}/sections/overview`)
      .set('if-match', '"2"')
      .send({ body: 'Newer.' })
      .expect(200);
    expect((await readSpec(organization, specId.toUpperCase())).version).toBe(3);
  });
});
