import type { Test } from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startService } from './support/service.js';
import { documentOf, expectProblem, footprint, importSpec, readMarkdown, sendMarkdown } from './support/specs.js';

const mebibyte = 1024 * 1024;
const document = documentOf('Alerts', { Overview: 'Old.', Rollout: 'Slow.' });

/** A body sent byte for byte; superagent would make text of a buffer under a textual type. */
const sendBytes = (request: Test, type: string, bytes: Uint8Array | string): Test =>
  request
    .set('content-type', type)
    .serialize((body) => body as string)
    .send(Buffer.from(bytes) as unknown as string);

describe('a body that cannot be used', () => {
  const service = startService();
  let specId: string;
  let before: Record<string, unknown>;
  beforeAll(async () => {
    ({ specId } = await importSpec(service.organization, document));
    before = await footprint(service);
  });
  // Nothing below is accepted, so nothing below may leave anything behind.
  afterAll(async () => {
    expect(await footprint(service)).toEqual(before);
    expect(await readMarkdown(service.organization, specId)).toBe(document);
  });
  const post = (path = '/specs') => service.organization.request('post', path);
  const json = (text: string, path?: string) => sendBytes(post(path), 'application/json', text);
  const section = () =>
    service.organization.request('patch', `/specs/${specId}/sections/overview`).set('if-match', '*');

  test('because it is empty', async () => {
    expectProblem(await json(''), 400, 'malformed_json');
    expectProblem(await sendBytes(section(), 'application/json', ''), 400, 'malformed_json');
    expectProblem(await sendBytes(post(), 'text/markdown', ''), 422, 'validation_failed');
    expectProblem(await sendBytes(post(), 'text/markdown', ' \r\n\t\n'), 422, 'validation_failed');
    expectProblem(await post(), 415, 'unsupported_media_type');
    expectProblem(await section(), 415, 'unsupported_media_type');
  });

  test.each([
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/octet-stream',
    'text/markdownish',
    'text/markdown; charset=iso-8859-1',
    'application/json; charset=utf-16',
    'nonsense',
  ])('because it is %s', async (type) => {
    const { detail } = expectProblem(await sendBytes(post(), type, document), 415, 'unsupported_media_type');
    expect(detail).toMatch(/^Bodies are (?:application\/json or text\/markdown|in UTF-8)\.$/);
  });

  test('because it is Markdown where only JSON is taken', async () => {
    expectProblem(await sendMarkdown(section(), 'Text.'), 415, 'unsupported_media_type');
    expectProblem(await sendMarkdown(post('/templates'), document), 415, 'unsupported_media_type');
  });

  test('because it is too large', async () => {
    const tooLong = 'x'.repeat(2 * mebibyte + 1);
    const { detail } = expectProblem(await sendMarkdown(post(), tooLong), 413, 'body_too_large');
    expect(detail).toBe('JSON may have 5 MiB, Markdown 2 MiB.');
    expectProblem(await sendMarkdown(post(), 'x'.repeat(5_000_000)), 413, 'body_too_large');
    const put = service.organization.request('put', `/specs/${specId}`).set('if-match', '*');
    expectProblem(await sendMarkdown(put, tooLong), 413, 'body_too_large');
    expectProblem(await json(`{"title":"${'x'.repeat(6 * mebibyte)}"}`), 413, 'body_too_large');
    expectProblem(await section().send({ body: tooLong }), 422, 'validation_failed');
    expectProblem(await section().send({ body: 'é'.repeat(1.5 * mebibyte) }), 422, 'document_too_large');
  });

  test('because JSON sections together make a document over the limit', async () => {
    const sections = ['A', 'B', 'C'].map((heading) => ({ heading, body: 'x'.repeat(mebibyte) }));
    const put = service.organization.request('put', `/specs/${specId}`).set('if-match', '*');
    expectProblem(await put.send({ sections }), 422, 'document_too_large');
  });

  test.each([
    ['a lone continuation byte', [0x80]],
    ['a sequence cut off', [0xe2, 0x82]],
    ['an overlong form', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['UTF-16', [0xff, 0xfe, 0x41, 0x00]],
  ])('because it is not UTF-8: %s', async (_, bytes) => {
    const wrap = (left: string, right: string) =>
      Buffer.concat([Buffer.from(left), Buffer.from(bytes), Buffer.from(right)]);
    expectProblem(await sendBytes(post(), 'text/markdown', wrap('# A ', '\n')), 400, 'malformed_encoding');
    expectProblem(await sendBytes(post(), 'application/json', wrap('{"title":"', '"}')), 400, 'malformed_encoding');
  });

  test('because it holds NUL', async () => {
    expectProblem(await sendMarkdown(post(), '# A\0\n'), 400, 'forbidden_character');
    expectProblem(await json('{"title":"A\0"}'), 400, 'forbidden_character');
    expectProblem(await json('{"title":"A\\u0000"}'), 400, 'forbidden_character');
    expectProblem(await json('{"title":"A","\\u0000":1}'), 400, 'forbidden_character');
  });

  test('because it holds a lone surrogate', async () => {
    expectProblem(await json('{"title":"A \\ud83d"}'), 400, 'forbidden_character');
    expectProblem(await json('{"title":"A \\uDE00\\uD83D"}'), 400, 'forbidden_character');
    expectProblem(await sendBytes(section(), 'application/json', '{"body":"\\udead"}'), 400, 'forbidden_character');
  });

  test.each([
    ['not closed', '{"title":"A"'],
    ['no JSON at all', 'title: A'],
    ['followed by more', '{"title":"A"}{}'],
    ['with a repeated member', '{"title":"A","title":"B"}'],
    ['with a member repeated under an escape', '{"title":"A","\\u0074itle":"B"}'],
    ['with a repeated member deeper down', '{"title":"A","labels":[{"a":1,"a":2}]}'],
    ['with __proto__', '{"title":"A","__proto__":{"isAdmin":true}}'],
    ['nested 100 deep', `{"title":${'['.repeat(100)}${']'.repeat(100)}}`],
    ['nested a million deep', `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`],
    ['opened a million times', '{"a":'.repeat(1_000_000)],
  ])('because it is JSON %s', async (_, text) => {
    expectProblem(await json(text), 400, 'malformed_json');
  });

  test.each(['[]', '"title"', '1', 'null', 'true'])('because %s is no object', async (text) => {
    expectProblem(await json(text), 400, 'invalid_request');
  });

  test('because the document has ten thousand sections', async () => {
    const headings = Array.from({ length: 10_000 }, (_, index) => `## Part ${index}\n`).join('');
    expectProblem(await sendMarkdown(post(), headings), 422, 'too_many_sections');
    const put = service.organization.request('put', `/specs/${specId}`).set('if-match', '*');
    expectProblem(await sendMarkdown(put, headings), 422, 'too_many_sections');
  });
});

describe('a body at the edge of what can be used', () => {
  const service = startService();

  test('is taken: Markdown of exactly 2 MiB comes out byte for byte', async () => {
    const line = '## Section\n\nSome *words* in a paragraph, é.\n\n';
    const sections = line.repeat(900);
    const whole = sections + 'x'.repeat(2 * mebibyte - Buffer.byteLength(sections));
    const { specId, importReport } = await importSpec(service.organization, whole);
    expect(importReport?.bytes).toEqual({ in: 2 * mebibyte, out: 2 * mebibyte });
    expect((await readMarkdown(service.organization, specId)) === whole).toBe(true);
  });

  test('is taken: titles and headings of 300 characters, however UTF-16 writes them', async () => {
    const title = '😀'.repeat(300);
    const created = await service.organization.request('post', '/specs').send({ title, template: 'spec' }).expect(201);
    const { specId } = created.body as { specId: string };
    const section = service.organization.request('post', `/specs/${specId}/sections`);
    await section.send({ heading: title, body: 'Text.' }).expect(201);
    const read = await service.organization.request('get', `/specs/${specId}`).expect(200);
    const { title: kept, sections } = read.body as { title: string; sections: { heading: string }[] };
    expect([kept, sections.at(-1)?.heading]).toEqual([title, title]);
    const retitle = service.organization.request('put', `/specs/${specId}/title`).set('if-match', '*');
    await retitle.send({ title: '🚀'.repeat(300) }).expect(200);
    const again = await service.organization.request('get', `/specs/${specId}`).expect(200);
    expect((again.body as { title: string }).title).toBe('🚀'.repeat(300));
  });

  test('is taken: ten thousand headings below the second level', async () => {
    const headings = Array.from({ length: 10_000 }, (_, index) => `### Part ${index}\n`).join('');
    const { importReport } = await importSpec(service.organization, `# Many\n\n## One\n\n${headings}`);
    expect(importReport?.sections).toHaveLength(1);
  });

  test.each([
    ['list markers', '- '.repeat(1_000_000)],
    ['ordered list markers', '1. '.repeat(600_000)],
    ['block quotes', '>'.repeat(1_000_000)],
    ['block quotes of lists', '> - '.repeat(500_000)],
    ['opening brackets', '['.repeat(1_000_000)],
    ['brackets and parentheses', '[a]('.repeat(500_000)],
    ['images', '!['.repeat(1_000_000)],
    ['asterisks', '*a_ '.repeat(500_000)],
    ['backticks', Array.from({ length: 1_900 }, (_, index) => '`'.repeat(index + 1)).join(' ')],
    ['pipes', `${'|a'.repeat(200_000)}|\n${'|-'.repeat(200_000)}|\n`],
    ['angle brackets', '<a '.repeat(600_000)],
    ['lists nested by indentation', Array.from({ length: 1_900 }, (_, n) => `${' '.repeat(n)}- a\n`).join('')],
    ['link definitions', Array.from({ length: 60_000 }, (_, index) => `[a${index}]: b\n`).join('')],
    ['entities', '&amp;'.repeat(400_000)],
  ])('is read in bounded time or refused: a great many %s', async (_, text) => {
    const before = await footprint(service);
    const answer = await sendMarkdown(service.organization.request('post', '/specs'), `# A\n\n## B\n\n${text}\n`);
    expect([201, 422], answer.text.slice(0, 300)).toContain(answer.status);
    if (answer.status === 422) {
      expectProblem(answer, 422, 'markdown_too_deep');
      expect(await footprint(service)).toEqual(before);
    } else {
      const { specId } = answer.body as { specId: string };
      expect((await readMarkdown(service.organization, specId)) === `# A\n\n## B\n\n${text}\n`).toBe(true);
      await service.organization.request('get', `/specs/${specId}/elements`).expect(200);
      await service.organization.request('get', '/specs?q=nothing').expect(200);
    }
    await service.anonymous().get('/health/ready').expect(200);
  });
});
