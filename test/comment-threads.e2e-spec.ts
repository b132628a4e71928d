import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { OpenThreads } from '../src/modules/comments/open-threads.queries.js';
import { Database } from '../src/modules/event-store/database.js';
import type { Key, ThreadJson } from './support/comments.js';
import { anchorOf, keyOf, openThread, readComments, readThread, threadIds } from './support/comments.js';
import { startService } from './support/service.js';
import { documentOf, expectProblem, importSpec } from './support/specs.js';

const overview = 'The old page lists all saved searches.\nEvery search belongs to a team.\n';

const service = startService();
let ada: Key;
let ben: Key;
let specId: string;
beforeAll(async () => {
  ada = await keyOf(service.organization, 'Ada Lovelace');
  ben = await keyOf(service.organization, 'Ben');
});
beforeEach(async () => {
  ({ specId } = await importSpec(
    service.organization,
    documentOf('Searches', { Overview: overview.trimEnd(), Rollout: 'Slow.' }),
  ));
});

const patch = (body: object, key = 'overview') =>
  service.organization.request('patch', `/specs/${specId}/sections/${key}`).set('if-match', '*').send(body).expect(200);
const ask = (method: 'get' | 'post' | 'patch' | 'delete', path: string, who?: { apiKey: string }) =>
  service.organization.request(method, path, who?.apiKey);

describe('A thread', () => {
  const on = (quote: string) => ({ section: 'overview', anchor: anchorOf(overview, quote) });

  test('is read with what it is about, and says who began it', async () => {
    const threadId = await openThread(
      service.organization,
      specId,
      { ...on('saved searches'), blocking: true },
      ada.apiKey,
    );
    expect(await readThread(service.organization, threadId)).toMatchObject({
      threadId,
      specId,
      specVersion: 1,
      section: 'overview',
      sectionExists: true,
      anchor: { status: 'exact', quote: 'saved searches', start: 23, end: 37, prefix: 'The old page lists all ' },
      blocking: true,
      status: 'open',
      openedBy: { id: ada.keyId, kind: 'human', name: 'Ada Lovelace' },
      resolvedBy: null,
      body: 'What is this?',
      comments: 1,
    });
  });

  test('follows its words through edits, and says when they are gone', async () => {
    const threadId = await openThread(service.organization, specId, on('saved searches'));
    const anchor = async () => (await readThread(service.organization, threadId)).anchor;
    await patch({ body: overview.replace('Every', 'Each') });
    expect(await anchor()).toMatchObject({ status: 'exact', start: 23, end: 37 });
    await patch({ body: `More before.\n\n${overview.replace('old', 'present')}` });
    expect(await anchor()).toMatchObject({ status: 'moved', start: 41, end: 55, quote: 'saved searches' });
    await patch({ body: overview.replace('saved searches', 'saved and shared searches') });
    expect(await anchor()).toMatchObject({ status: 'changed', start: 23, end: 48 });
    await patch({ body: 'Something else.\n' });
    expect(await anchor()).toMatchObject({ status: 'gone', start: null, end: null });
    await patch({ body: overview });
    expect(await anchor()).toMatchObject({ status: 'exact', start: 23, end: 37 });
  });

  test('follows its section by the key, and is gone with it', async () => {
    const threadId = await openThread(service.organization, specId, on('team'));
    await patch({ heading: 'In short' });
    const move = service.organization.request('post', `/specs/${specId}/sections/overview/move`).set('if-match', '*');
    await move.send({ position: 1 }).expect(200);
    const moved = await readThread(service.organization, threadId);
    expect([moved.sectionExists, moved.anchor?.status]).toEqual([true, 'exact']);
    await ask('delete', `/specs/${specId}/sections/overview`).set('if-match', '*').expect(200);
    const gone = await readThread(service.organization, threadId);
    expect([gone.sectionExists, gone.anchor?.status]).toEqual([false, 'gone']);
  });

  test('can be about a section, or about the whole spec', async () => {
    const onSection = await openThread(service.organization, specId, { section: 'rollout' });
    const onSpec = await openThread(service.organization, specId, {});
    expect(await readThread(service.organization, onSection)).toMatchObject({ section: 'rollout', anchor: null });
    expect(await readThread(service.organization, onSpec)).toMatchObject({ section: null, anchor: null });
  });

  test('that two answer at once keeps both answers', async () => {
    const threadId = await openThread(service.organization, specId, {});
    const answers = Array.from({ length: 10 }, (_, index) =>
      ask('post', `/threads/${threadId}/comments`, index % 2 ? ada : ben).send({ body: `Answer ${index}` }),
    );
    for (const answer of await Promise.all(answers)) expect(answer.status, answer.text).toBe(201);
    const written = (await readComments(service.organization, threadId)).map(({ body }) => body);
    expect(written.slice(1).sort()).toEqual(Array.from({ length: 10 }, (_, index) => `Answer ${index}`));
    expect((await readThread(service.organization, threadId)).comments).toBe(11);
  });

  test('is resolved and reopened', async () => {
    const threadId = await openThread(service.organization, specId, {}, ada.apiKey);
    const refused = await ask('post', `/threads/${threadId}/resolve`, ben).send({});
    expectProblem(refused, 403, 'not_permitted');
    const resolution = 'It says which page.';
    await ask('post', `/threads/${threadId}/resolve`, ada).send({ resolution }).expect(200);
    const resolved = await readThread(service.organization, threadId);
    expect(resolved).toMatchObject({ status: 'resolved', resolution, resolvedBy: { id: ada.keyId } });
    await ask('post', `/threads/${threadId}/resolve`, ada).send({}).expect(200);
    expect((await readThread(service.organization, threadId)).version).toBe(2);
    await ask('post', `/threads/${threadId}/reopen`, ben).expect(200);
    const reopened = await readThread(service.organization, threadId);
    expect(reopened).toMatchObject({ status: 'open', resolution: null, resolvedBy: null, version: 3 });
  });

  test('that blocks is not resolved by the author of the spec', async () => {
    const created = await ask('post', '/specs', ben).send({ title: 'By Ben' }).expect(201);
    const own = (created.body as { specId: string }).specId;
    const [plain, blocking] = [
      await openThread(service.organization, own, {}, ada.apiKey),
      await openThread(service.organization, own, { blocking: true }, ada.apiKey),
    ];
    await ask('post', `/threads/${plain}/resolve`, ben).send({}).expect(200);
    expectProblem(await ask('post', `/threads/${blocking}/resolve`, ben).send({}), 403, 'not_permitted');
    const open = () => new OpenThreads(service.app.get(Database)).blocking(service.organization.organizationId, own);
    expect(await open()).toEqual([blocking]);
    await ask('post', `/threads/${blocking}/resolve`, ada).send({}).expect(200);
    expect(await open()).toEqual([]);
  });
});

describe('The list of threads', () => {
  test('is filtered, and goes on where a page ended', async () => {
    const first = await openThread(service.organization, specId, { blocking: true, mentions: ['@ben'] }, ada.apiKey);
    const second = await openThread(service.organization, specId, { section: 'rollout' }, ben.apiKey);
    const third = await openThread(service.organization, specId, { mentions: [ben.keyId] }, ben.apiKey);
    await ask('post', `/threads/${third}/resolve`, ben).send({}).expect(200);
    const list = (query: string, who = ben) => threadIds(service.organization, specId, query, who.apiKey);
    expect(await list('')).toEqual([first, second, third]);
    expect(await list('?status=open')).toEqual([first, second]);
    expect(await list('?status=resolved')).toEqual([third]);
    expect(await list('?blocking=true')).toEqual([first]);
    expect(await list('?blocking=false')).toEqual([second, third]);
    expect(await list('?section=rollout')).toEqual([second]);
    expect(await list('?mine=true')).toEqual([second, third]);
    expect(await list('?mentionsMe=true')).toEqual([first, third]);
    expect(await list('?mentionsMe=true&status=open')).toEqual([first]);
    expect(await list('?mine=true', ada)).toEqual([first]);

    const page = async (query: string) => {
      const { items, page } = (await ask('get', `/specs/${specId}/threads${query}`).expect(200)).body as {
        items: ThreadJson[];
        page: { next: string | null };
      };
      return { ids: items.map(({ threadId }) => threadId), next: page.next };
    };
    const start = await page('?limit=2');
    expect(start.ids).toEqual([first, second]);
    expect(await page(`?limit=2&cursor=${start.next}`)).toEqual({ ids: [third], next: null });
    expectProblem(await ask('get', `/specs/${specId}/threads?status=open&cursor=${start.next}`), 400, 'invalid_cursor');
  });

  test('of a spec that is not there is not found', async () => {
    const nowhere = service.organization.organizationId;
    expectProblem(await ask('get', `/specs/${nowhere}/threads`), 404, 'not_found');
    expectProblem(await ask('get', `/threads/${nowhere}`), 404, 'not_found');
    expectProblem(await ask('get', `/threads/${nowhere}/comments`), 404, 'not_found');
    expectProblem(await ask('post', `/threads/${nowhere}/comments`).send({ body: 'Hello.' }), 404, 'not_found');
    expectProblem(await ask('post', `/specs/${nowhere}/threads`).send({ body: 'Hello.' }), 404, 'not_found');
  });
});
