import { describe, expect, test } from 'vitest';
import { corpusMissing, rfcFiles, rfcTemplateMarkdown } from './support/corpus.js';
import type { Tenant } from './support/service.js';
import { startService } from './support/service.js';
import type { ImportReport } from './support/specs.js';
import { documentOf, expectProblem, footprint, importSpec, readMarkdown, readSpec } from './support/specs.js';

type Template = {
  key: string;
  version: number;
  title: string;
  builtIn: boolean;
  markdown: string;
  sections: { key: string; heading: string; required: boolean; guidance: string }[];
};

const house = '# House style\n\n## Summary\nIn a paragraph.\n\n## Motivation\nWhy?\n\n## Drawbacks (Optional)\nNone?\n';

const publish = (tenant: Tenant, markdown: string, { key = 'house', title = 'House style' } = {}) =>
  tenant.request('post', '/templates').send({ key, title, markdown });
const read = async (tenant: Tenant, key: string, query = '') =>
  (await tenant.request('get', `/templates/${key}${query}`).expect(200)).body as Template;
const list = async (tenant: Tenant) =>
  ((await tenant.request('get', '/templates').expect(200)).body as { items: Template[] }).items;

describe('templates', () => {
  const service = startService();

  test('are there from the start: the built-in one, version 1, with its ten required sections', async () => {
    const tenant = await service.newOrganization();
    expect(await list(tenant)).toMatchObject([{ key: 'spec', version: 1, builtIn: true }]);
    const { sections, markdown } = await read(tenant, 'spec');
    expect(sections.filter(({ required }) => required)).toHaveLength(10);
    expect(sections.map(({ heading }) => heading).join()).not.toMatch(/Required Sections/);
    expect(markdown.length).toBeGreaterThan(1000);
    expect(await read(tenant, 'spec', '?version=1')).toMatchObject({ builtIn: true });
    expectProblem(await tenant.request('get', '/templates/spec?version=2'), 404, 'not_found');
  });

  test('are published, read and listed', async () => {
    const tenant = await service.newOrganization();
    const published = await publish(tenant, house).expect(201);
    expect(published.body).toMatchObject({ key: 'house', templateVersion: 1 });
    expect(published.headers.location).toBe(`/v1/organizations/${tenant.organizationId}/templates/house`);
    expect(await read(tenant, 'house')).toMatchObject({ version: 1, builtIn: false, markdown: house });
    expect((await read(tenant, 'house')).sections).toMatchObject([
      { key: 'summary', heading: 'Summary', required: true },
      { key: 'motivation', heading: 'Motivation', required: true },
      { key: 'drawbacks', required: false },
    ]);
    expect((await list(tenant)).map(({ key }) => key)).toEqual(['spec', 'house']);
    expectProblem(await tenant.request('get', '/templates/nowhere'), 404, 'not_found');
  });

  test('get a next version with other content, and none with the same', async () => {
    const tenant = await service.newOrganization();
    await publish(tenant, house).expect(201);
    const before = await footprint(service);
    expect((await publish(tenant, house)).body).toMatchObject({ templateVersion: 1 });
    expect(await footprint(service)).toEqual(before);
    expect((await publish(tenant, `${house}\n## Costs\nHow much?\n`)).body).toMatchObject({ templateVersion: 2 });
    expect((await publish(tenant, house)).body).toMatchObject({ templateVersion: 3 });
    expect((await read(tenant, 'house', '?version=2')).sections.at(-1)).toMatchObject({ key: 'costs' });
    expect(await read(tenant, 'house')).toMatchObject({ version: 3, markdown: house });
    expectProblem(await tenant.request('get', '/templates/house?version=4'), 404, 'not_found');
    expect((await list(tenant)).filter(({ key }) => key === 'house')).toMatchObject([{ version: 3 }]);
  });

  test('take over the key of the built-in one, whose version stays', async () => {
    const tenant = await service.newOrganization();
    const { specId } = await importSpec(tenant, documentOf('Alerts', { TLDR: 'Old.' }));
    expect((await publish(tenant, house, { key: 'spec' })).body).toMatchObject({ templateVersion: 2 });
    expect(await read(tenant, 'spec')).toMatchObject({ version: 2, builtIn: false });
    expect(await read(tenant, 'spec', '?version=1')).toMatchObject({ builtIn: true });
    expect(await list(tenant)).toMatchObject([{ key: 'spec', version: 2, builtIn: false }]);
    expect((await readSpec(tenant, specId)).template).toEqual({ key: 'spec', version: 1 });
    const { importReport } = await importSpec(tenant, '# B\n\n## Motivation\nSo.\n');
    expect(importReport).toMatchObject({ template: { key: 'spec', version: 2 }, missing: ['summary'] });
  });

  test.each([
    ['without a section', '# Title\n\nText.\n'],
    ['empty', ''],
    ['with sections in a fence only', '# Title\n\n```\n## One\n```\n'],
  ])('%s are refused', async (_, markdown) => {
    const before = await footprint(service);
    expectProblem(await publish(service.organization, markdown), 422, 'invalid_template');
    expect(await footprint(service)).toEqual(before);
  });

  test('of more sections than a document may have are refused', async () => {
    const many = Array.from({ length: 2000 }, (_, index) => `## Part ${index}\n`).join('');
    expectProblem(await publish(service.organization, many), 422, 'too_many_sections');
  });

  test('give a new spec its skeleton', async () => {
    const tenant = await service.newOrganization();
    await publish(tenant, house).expect(201);
    const created = await tenant
      .request('post', '/specs')
      .send({ title: 'Alerts', template: 'house', labels: ['search'], owner: 'team' })
      .expect(201);
    const { specId } = created.body as { specId: string };
    expect(created.body).not.toHaveProperty('importReport');
    expect(await readSpec(tenant, specId)).toMatchObject({
      title: 'Alerts',
      template: { key: 'house', version: 1 },
      labels: ['search'],
      owner: 'team',
      sections: [{ key: 'summary' }, { key: 'motivation' }, { key: 'drawbacks' }],
    });
    const markdown = await readMarkdown(tenant, specId);
    expect(markdown).toMatch(/^# Alerts\n/);
    expect(markdown).toContain('In a paragraph.');
    const { importReport } = await importSpec(tenant, markdown, '?template=house');
    expect(importReport).toMatchObject({ missing: [] });
    expectProblem(await tenant.request('get', `/specs/${specId}/import-report`), 404, 'not_found');
  });

  test('give the built-in skeleton to a spec that names none, and it misses nothing', async () => {
    const created = await service.organization.request('post', '/specs').send({ title: 'Alerts' }).expect(201);
    const { specId } = created.body as { specId: string };
    const markdown = await readMarkdown(service.organization, specId);
    const { importReport } = await importSpec(service.organization, markdown);
    expect(importReport).toMatchObject({ missing: [] });
    expect(new Set(importReport?.sections.map(({ matchedBy }) => matchedBy))).toEqual(new Set(['exact']));
  });

  test('pin a spec to the version it was made with, in later imports too', async () => {
    const tenant = await service.newOrganization();
    await publish(tenant, house).expect(201);
    const { specId } = await importSpec(tenant, '# A\n\n## Summary\nSo.\n', '?template=house');
    await publish(tenant, '## Abstract\nShort.\n').expect(201);
    await tenant
      .request('put', `/specs/${specId}`)
      .set('if-match', '*')
      .set('content-type', 'text/markdown')
      .send('# A\n\n## Summary\nSo.\n\n## 1. Motivation\nThus.\n')
      .expect(200);
    const { template, sections } = await readSpec(tenant, specId);
    expect(template).toEqual({ key: 'house', version: 1 });
    expect(sections.map(({ key }) => key)).toEqual(['summary', 'motivation']);
  });

  test.skipIf(corpusMissing)('may be the Rust RFC template: every RFC is mapped by it', async () => {
    const tenant = await service.newOrganization();
    await publish(tenant, rfcTemplateMarkdown(), { key: 'rust-rfc', title: 'Rust RFC' }).expect(201);
    const { sections } = await read(tenant, 'rust-rfc');
    const keys = sections.map(({ key }) => key);
    expect(keys).toEqual(expect.arrayContaining(['summary', 'motivation', 'drawbacks', 'unresolved-questions']));
    const reports: ImportReport[] = [];
    for (const { bytes } of rfcFiles()) {
      const { specId, importReport } = await importSpec(tenant, bytes.toString(), '?template=rust-rfc');
      expect(await readMarkdown(tenant, specId)).toBe(bytes.toString());
      if (importReport) reports.push(importReport);
    }
    const mapped = reports.filter((report) => report.sections.some(({ key }) => keys.includes(key)));
    expect(mapped.length).toBe(reports.length);
    expect(reports[0]?.template).toEqual({ key: 'rust-rfc', version: 1 });
  });
});
