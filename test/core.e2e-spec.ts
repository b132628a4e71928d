import { describe, expect, test } from 'vitest';
import { problemOf, startService } from './support/service.js';

const document =
  '# Saved searches\n\n**Status**: Draft\n\n## TLDR\nKeep searches.\n\n## Overview\nFor teams.\n\n## Rollout\nSlowly.\n';

describe('a spec over HTTP', () => {
  const service = startService();
  const request = (...words: Parameters<typeof service.organization.request>) => service.organization.request(...words);
  const importSpec = async (markdown: string) => {
    const response = await request('post', '/specs').set('content-type', 'text/markdown').send(markdown).expect(201);
    return response.body as { specId: string; version: number; number: number };
  };
  const read = async (specId: string) =>
    (await request('get', `/specs/${specId}`).expect(200)).body as Record<string, unknown>;

  test('is imported, and comes out byte for byte', async () => {
    const { specId } = await importSpec(document);
    const exported = await request('get', `/specs/${specId}`).set('accept', 'text/markdown').expect(200);
    expect(exported.text).toBe(document);
    expect(exported.headers.etag).toBe('"1"');
  });

  test('has a section changed, and only its readers of before are stale', async () => {
    const { specId } = await importSpec(document);
    const change = await request('patch', `/specs/${specId}/sections/tldr`)
      .set('if-match', '"1"')
      .send({ body: 'Keep and share searches.\n' })
      .expect(200);
    expect(change.headers.etag).toBe('"2"');

    const stale = await request('patch', `/specs/${specId}/sections/tldr`)
      .set('if-match', '"1"')
      .send({ body: 'x' })
      .expect(412);
    expect(problemOf(stale)).toMatchObject({
      code: 'stale_version',
      currentETag: '"2"',
      changes: [{ version: 2, type: 'spec.section.updated' }],
    });
    await request('patch', `/specs/${specId}/sections/overview`)
      .set('if-match', '"1"')
      .send({ body: 'For all.' })
      .expect(200);
    expect(await read(specId)).toMatchObject({
      version: 3,
      sections: [{ version: 2 }, { version: 3, body: 'For all.\n' }, { version: 1 }],
    });
  });

  test('tells a change that changes nothing by making no event', async () => {
    const { specId } = await importSpec(document);
    const same = await request('patch', `/specs/${specId}/sections/tldr`)
      .set('if-match', '*')
      .send({ body: 'Keep searches.\n\n' })
      .expect(200);
    expect(same.body).toMatchObject({ version: 1 });
  });
});
