import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { anchorOf, keyOf, openThread, readComments } from './support/comments.js';
import { newTeam, SpecOf } from './support/reviews.js';
import { startService } from './support/service.js';
import { documentOf, expectProblem, importSpec, readEvents, readSpec } from './support/specs.js';

const overview = 'The old page lists all saved searches.\nEvery search belongs to a team.\n';

describe('with a spec', () => {
  const service = startService();
  let ada: { keyId: string; apiKey: string };
  let ben: { keyId: string; apiKey: string };
  let specId: string;
  beforeAll(async () => {
    ada = await keyOf(service.organization, 'Ada Lovelace');
    ben = await keyOf(service.organization, 'Ben');
  });
  beforeEach(async () => {
    const document = documentOf('Searches', { Overview: overview.trimEnd(), Rollout: 'Slow.' });
    ({ specId } = await importSpec(service.organization, document));
  });

  const patch = (body: object, key = 'overview') =>
    service.organization
      .request('patch', `/specs/${specId}/sections/${key}`)
      .set('if-match', '*')
      .send(body)
      .expect(200);
  const ask = (method: 'get' | 'post' | 'patch' | 'delete', path: string, who?: { apiKey: string }) =>
    service.organization.request(method, path, who?.apiKey);

  describe('A suggestion', () => {
    const anchor = anchorOf(overview, 'saved searches');
    const suggest = () =>
      openThread(service.organization, specId, { section: 'overview', anchor, suggestion: 'kept queries' }, ada.apiKey);
    const apply = (threadId: string, who = ben) => ask('post', `/threads/${threadId}/comments/${threadId}/apply`, who);

    test('takes the place of the words where they are, and the thread says in which version', async () => {
      const threadId = await suggest();
      await patch({ body: `Before.\n\n${overview}` });
      const applied = await apply(threadId).expect(200);
      const { sections, version } = await readSpec(service.organization, specId);
      expect(sections[0]?.body).toBe(`Before.\n\n${overview.replace('saved searches', 'kept queries')}`);
      expect(applied.body).toMatchObject({ threadId, specVersion: version });
      const [comment] = await readComments(service.organization, threadId);
      expect(comment).toMatchObject({ suggestion: 'kept queries', appliedIn: version });
      const last = (await readEvents(service.organization, specId)).at(-1);
      expect(last).toMatchObject({ type: 'spec.section.updated', actor: { id: ben.keyId } });
    });

    test('is applied once, whoever tries how often', async () => {
      const threadId = await suggest();
      const answers = await Promise.all([apply(threadId), apply(threadId, ada), apply(threadId)]);
      const told = answers.map(({ status, body }) => [status, (body as { code?: string }).code]);
      for (const one of told)
        expect([
          [200, undefined],
          [409, 'write_contention'],
        ]).toContainEqual(one);
      const { version } = await readSpec(service.organization, specId);
      await apply(threadId).expect(200);
      expect((await readSpec(service.organization, specId)).version).toBe(version);
      expect(version).toBe(2);
    });

    test('is not applied to words that changed, or that are gone, or against a stale ETag', async () => {
      const threadId = await suggest();
      expectProblem(await apply(threadId).set('if-match', '"0"'), 412, 'stale_version');
      await patch({ body: overview.replace('saved', 'saved and shared') });
      expectProblem(await apply(threadId), 409, 'content_changed');
      await ask('delete', `/specs/${specId}/sections/overview`).set('if-match', '*').expect(200);
      expectProblem(await apply(threadId), 404, 'not_found');
    });

    test('that nobody made cannot be applied', async () => {
      expectProblem(await apply(await openThread(service.organization, specId, {})), 404, 'not_found');
    });
  });
});

describe('A blocking thread', () => {
  const service = startService();

  test('holds an approval up until it is resolved, and outlives an approval that it did not hold up', async () => {
    const team = await newTeam(service.organization);
    const spec = await SpecOf.inReview(team);
    const blocking = { section: 'tldr', blocking: true };
    const threadId = await openThread(team.tenant, spec.specId, blocking, team.cat.apiKey);
    expect((await spec.vote(team.ben)).status).toBe(201);
    expect((await spec.read()).lifecycle).toBe('in_review');
    const missing = await spec.request('get', '/approvability', team.ann).expect(200);
    expect((missing.body as { blocking: object[] }).blocking).toMatchObject([{ code: 'open_thread', id: threadId }]);
    const resolve = (who: { apiKey: string }) =>
      team.tenant.request('post', `/threads/${threadId}/resolve`, who.apiKey).send({});
    // Neither the author nor an agent gets it out of the way.
    for (const who of [team.ann, team.bot, team.ben]) expectProblem(await resolve(who), 403, 'not_permitted');
    await resolve(team.cat).expect(200);
    expect((await spec.vote(team.ben)).status).toBe(201);
    expect((await spec.read()).lifecycle).toBe('approved');
    await team.tenant.request('post', `/threads/${threadId}/reopen`, team.ben.apiKey).expect(200);
    expect((await spec.read()).lifecycle).toBe('approved');
  });
});
