import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Key } from './support/comments.js';
import { anchorOf, keyOf, openThread, readComments, readThread } from './support/comments.js';
import { Operator } from './support/operations.js';
import { runOn, startService } from './support/service.js';
import { documentOf, expectProblem, footprint, importSpec } from './support/specs.js';

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

const ask = (method: 'post' | 'patch' | 'delete', path: string, who?: { apiKey: string }) =>
  service.organization.request(method, path, who?.apiKey);

describe('A comment', () => {
  test('is edited and deleted by who wrote it, against its ETag', async () => {
    const threadId = await openThread(service.organization, specId, { mentions: ['Ben'] }, ada.apiKey);
    const reply = await ask('post', `/threads/${threadId}/comments`, ada).send({ body: 'More.' }).expect(201);
    const { commentId } = reply.body as { commentId: string };
    const path = `/threads/${threadId}/comments/${commentId}`;
    expectProblem(await ask('patch', path, ada).send({ body: 'New.' }), 428, 'precondition_required');
    const by = (who: typeof ada, tag: string) => ask('patch', path, who).set('if-match', tag).send({ body: 'New.' });
    expectProblem(await by(ben, '*'), 403, 'not_permitted');
    expect(reply.headers.etag).toBe('"2"');
    const edited = await by(ada, '"2"').expect(200);
    expect(edited.headers.etag).toBe('"3"');
    expectProblem(await by(ada, '"2"'), 412, 'stale_version');
    // Answers in between do not make the tag stale.
    await ask('post', `/threads/${threadId}/comments`, ben).send({ body: 'And?' }).expect(201);
    await ask('delete', path, ada).set('if-match', '"3"').expect(200);
    const [first, second] = await readComments(service.organization, threadId);
    expect(first).toMatchObject({ commentId: threadId, mentions: [ben.keyId], author: { name: 'Ada Lovelace' } });
    expect(second).toMatchObject({ body: '', deletedAt: expect.any(String) as string });
    expect((await readThread(service.organization, threadId)).comments).toBe(2);
  });

  test('is written once under one Idempotency-Key', async () => {
    const threadId = await openThread(service.organization, specId, {});
    const send = () => ask('post', `/threads/${threadId}/comments`).set('idempotency-key', 'once').send({ body: 'A.' });
    const [one, other] = [await send().expect(201), await send().expect(201)];
    expect(other.body).toEqual(one.body);
    expect(await readComments(service.organization, threadId)).toHaveLength(2);
  });
});

describe('comments', () => {
  const someId = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11';
  test.each([
    ['nothing', {}, ['/body']],
    ['white space', { body: ' ' }, ['/body']],
    ['a body that is too long', { body: 'x'.repeat(20_001) }, ['/body']],
    ['a mention of nobody', { mentions: ['nobody'] }, ['/mentions/0']],
    ['mentions that are no list', { mentions: 'ben' }, ['/mentions']],
    ['too many mentions', { mentions: Array.from({ length: 21 }, () => 'Ben') }, ['/mentions']],
    ['a mark that is no flag', { blocking: 'yes' }, ['/blocking']],
    ['a section that is not there', { section: 'nowhere' }, ['/section']],
    [
      'an anchor without its members',
      { section: 'overview', anchor: {} },
      ['/anchor/quote', '/anchor/start', '/anchor/contentHash'],
    ],
    ['an anchor before the text', { section: 'overview', anchor: anchorOf(overview, 'The', -1) }, ['/anchor/start']],
    ['an anchor that is text', { section: 'overview', anchor: 'The' }, ['/anchor']],
    ['an anchor that is a list', { section: 'overview', anchor: [] }, ['/anchor']],
    ['an anchor with more', { section: 'overview', anchor: { ...anchorOf(overview, 'The'), end: 3 } }, ['/anchor/end']],
    ['an anchor elsewhere', { section: 'overview', anchor: anchorOf(overview, 'old', 3) }, ['/anchor/quote']],
    ['an anchor in no section', { anchor: anchorOf(overview, 'old') }, ['/section']],
    ['a suggestion for no stretch', { section: 'overview', suggestion: 'B' }, ['/suggestion']],
    ['an id of its own', { threadId: someId }, ['/threadId']],
  ])('with %s are refused, and leave nothing', async (name, fields, pointers) => {
    const before = await footprint(service);
    const body = name === 'nothing' ? {} : { body: 'A', ...fields };
    const answer = await ask('post', `/specs/${specId}/threads`).send(body);
    const { errors = [] } = expectProblem(answer, 422, 'validation_failed');
    expect([...new Set(errors.map(({ pointer }) => pointer))]).toEqual(pointers);
    expect(await footprint(service)).toEqual(before);
  });

  test('on a text that has changed meanwhile are refused', async () => {
    const stale = { section: 'overview', anchor: anchorOf('Another text.', 'text'), body: 'A' };
    expectProblem(await ask('post', `/specs/${specId}/threads`).send(stale), 409, 'content_changed');
  });

  test('are the same after a rebuild, and verified to be what their events fold to', async () => {
    const rows = async () => {
      const [threads, comments] = await Promise.all([
        runOn(service.databaseUrl, 'select * from specline.comment_thread order by thread_id'),
        runOn(service.databaseUrl, 'select * from specline.comment order by thread_id, position'),
      ]);
      return [threads.rows, comments.rows];
    };
    const anchored = { section: 'overview', anchor: anchorOf(overview, 'team'), blocking: true };
    const threadId = await openThread(service.organization, specId, anchored, ada.apiKey);
    await ask('post', `/threads/${threadId}/resolve`, ada).send({ resolution: 'It says which.' }).expect(200);
    const before = await rows();
    const operator = new Operator(service.databaseUrl);
    try {
      await operator.succeed('projection.verify', 'thread');
      await operator.succeed('projection.rebuild', 'thread');
    } finally {
      await operator.close();
    }
    expect(before.map(({ length }) => length > 0)).toEqual([true, true]);
    expect(await rows()).toEqual(before);
  });
});
