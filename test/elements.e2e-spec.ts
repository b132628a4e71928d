import { describe, expect, test } from 'vitest';
import { corpusFiles, corpusMissing } from './support/corpus.js';
import { startService } from './support/service.js';
import { importSpec, readMarkdown } from './support/specs.js';

type Position = { section: string; line: number; endLine: number; start: number; end: number };
type Element = { position: Position } & Record<string, unknown>;
type Elements = Record<string, Element[]>;

const document = [
  '# Alerts – über alles',
  '',
  '## User Stories',
  '- As a **buyer**, I want to save a search so that I need not type it again.',
  '',
  '## API Contracts',
  '### `POST /api/searches/:id/run`',
  '- Request: `{ "name": "string" }`',
  '',
  '| Method | Path |',
  '|---|---|',
  '| GET | /api/searches/{searchId} |',
  '',
  '## Open Questions',
  '- Who may see a saved search?',
  '',
  '## Changelog',
  '### 2026-11-01',
  '- First draft.',
  '',
].join('\n');

describe('the typed elements of a spec', () => {
  const service = startService();
  const elements = async (specId: string, query = '') =>
    (await service.organization.request('get', `/specs/${specId}/elements${query}`).expect(200)).body as Elements;

  test('are read from the Markdown, with positions in what is exported', async () => {
    const { specId } = await importSpec(service.organization, document);
    const found = await elements(specId);
    expect(found.userStories).toMatchObject([
      { actor: 'buyer', position: { section: 'user-stories-use-cases', line: 4 } },
    ]);
    expect(found.apiContracts).toMatchObject([{ method: 'POST' }, { method: 'GET', position: { line: 12 } }]);
    expect(found.openQuestions).toHaveLength(1);
    expect(found.changelog).toHaveLength(1);
    const exported = Buffer.from(await readMarkdown(service.organization, specId));
    const [story] = found.userStories ?? [];
    expect(exported.subarray(story?.position.start, story?.position.end).toString()).toMatch(
      /^(- )?As a .* again\.\s*$/,
    );
  });

  test('follow every edit, and can be asked of an earlier version', async () => {
    const { specId } = await importSpec(service.organization, document);
    const before = await elements(specId);
    const answer = await service.organization
      .request('patch', `/specs/${specId}/sections/user-stories-use-cases`)
      .set('if-match', '*')
      .send({ body: 'None.' })
      .expect(200);
    const after = await service.organization.request('get', `/specs/${specId}/elements`).expect(200);
    expect(after.headers.etag).toBe(answer.headers.etag);
    expect((after.body as Elements).userStories).toEqual([]);
    expect(await elements(specId, '?version=1')).toEqual(before);
  });

  test.skipIf(corpusMissing)('of real specs stand where they say they stand', async () => {
    for (const { bytes } of corpusFiles().filter((_, index) => index % 24 === 0)) {
      const { specId } = await importSpec(service.organization, bytes.toString());
      const found = Object.values(await elements(specId)).flat();
      for (const { position } of found) {
        expect(position.start).toBeLessThan(position.end);
        expect(position.end).toBeLessThanOrEqual(bytes.length);
        const lines = bytes.subarray(0, position.start).toString().split('\n').length;
        expect(position.line).toBe(lines);
      }
    }
  });
});
