import { beforeAll, describe, expect, test } from 'vitest';
import { AccessRecorder } from '../src/modules/audit/access-recorder.js';
import type { TrailEntryDetail, TrailPage } from '../src/modules/audit/trail.view.js';
import { openThread } from './support/comments.js';
import type { Member } from './support/members.js';
import { because, newTeam, SpecOf } from './support/reviews.js';
import type { Team } from './support/reviews.js';
import { operatorKey, runOn, startService } from './support/service.js';
import { expectProblem } from './support/specs.js';

const service = startService();
let team: Team;
beforeAll(async () => {
  team = await newTeam(service.organization);
});

/** The trail, with all that was done before in it. */
async function trail(query = '', who: Pick<Member, 'apiKey'> = team.dan): Promise<TrailPage> {
  await service.app.get(AccessRecorder).settled();
  const request = team.tenant.request('get', `/audit/events?limit=100${query}`, who.apiKey);
  const answer = await request.set('prefer', 'wait=20').expect(200);
  expect(answer.headers['preference-applied']).toBe('wait=20');
  return answer.body as TrailPage;
}
const types = async (query: string) => (await trail(query)).items.map(({ type }) => type);

describe('The audit trail', () => {
  test('has a line for each event: who, what, why, and what it was before', async () => {
    const spec = await SpecOf.begin(team);
    const before = (await spec.read()).sections[0]?.contentHash;
    const edit = spec.edit(team.bot, 'Keep them for a year.\n').set('x-request-id', 'the-edit');
    await edit.set('user-agent', 'keeper/1.0').expect(200);
    const after = (await spec.read()).sections[0]?.contentHash;
    await spec.edit(team.ann, 'Keep them for two years.\n').expect(200);
    await spec.go('defer', team.ann, because).expect(200);

    const { items } = await trail(`&spec=${spec.specId}&order=oldest`);
    expect(items.map(({ type, version }) => [type, version])).toEqual([
      ['spec.document.imported', 1],
      ['spec.section.updated', 2],
      ['spec.section.updated', 3],
      ['spec.lifecycle.deferred', 4],
    ]);
    expect(items[1]).toMatchObject({
      ...{ kind: 'event', section: 'tldr', command: 'spec.section.update', correlationId: 'the-edit' },
      ...{ actor: { id: team.bot.memberId, kind: 'agent', name: 'Bot' }, hashBefore: before, hashAfter: after },
      request: {
        ...{ method: 'PATCH', status: 200, userAgent: 'keeper/1.0', address: '127.0.0.1', keyId: team.bot.keyId },
        path: `/v1/organizations/${team.tenant.organizationId}/specs/${spec.specId}/sections/tldr`,
      },
    });
    expect(items[2]).toMatchObject({ hashBefore: after });
    expect(items[3]).toMatchObject({ transition: 'deferred', reason: because.reason, actor: { name: 'Ann' } });
    expect((await trail(`&spec=${spec.specId}`)).items).toEqual([...items].reverse());
  });

  test('is searched by everything that a line says, alone and together', async () => {
    const spec = await SpecOf.inReview(team);
    const cast = await spec.vote(team.bot, { onBehalfOf: 'Zoe Quince', comment: 'A marsupial comment.' });
    expect(cast.status).toBe(201);
    const threadId = await openThread(team.tenant, spec.specId, { body: 'Which wombat is meant?' });
    await team.tenant.request('post', `/threads/${threadId}/comments`).send({ body: 'The wombat above.' });
    const of = `&spec=${spec.specId}`;
    expect(await types(`${of}&transition=submitted`)).toEqual(['spec.lifecycle.submitted']);
    expect(await types(`${of}&actor=${team.ann.memberId}`)).toHaveLength(2);
    expect(await types(`${of}&principal=agent`)).toEqual(['spec.vote.cast']);
    expect(await types('&onBehalfOf=Zoe%20Quince')).toEqual(['spec.vote.cast']);
    expect(await types('&onBehalfOf=Nobody')).toEqual([]);
    expect(await types(`${of}&command=spec.vote.cast`)).toEqual(['spec.vote.cast']);
    expect(await types(`${of}&type=spec.vote.cast&principal=human`)).toEqual([]);
    expect(await types('&q=marsupial')).toEqual(['spec.vote.cast']);
    // Comments on a spec are about it, replies too.
    expect(await types(`${of}&q=wombats`)).toEqual(['comment.thread.replied', 'comment.thread.opened']);
    expect(await types('&q=wombat%20nothing')).toEqual([]);
    expect(await types('&q=the')).toEqual([]);
    expect(await types('&q=marsupial&order=oldest&principal=human')).toEqual([]);
    const all = (await trail(of)).items;
    const [newest, oldest] = [all[0]?.recordedAt ?? '', all.at(-1)?.recordedAt ?? ''];
    expect((await trail(`${of}&from=${newest}`)).items.at(0)).toEqual(all[0]);
    expect(await types(`${of}&to=${oldest}`)).toEqual([]);
    // Names of persons are tokens: nobody finds them by words.
    expect(await types('&q=Quince')).toEqual([]);
    expectProblem(await team.tenant.request('get', '/audit/events?principal=robot'), 400, 'invalid_request');
    expectProblem(await team.tenant.request('get', '/audit/events?spec=7'), 400, 'invalid_request');
  });

  test('finds nothing by a pattern of types, and says so', async () => {
    for (const pattern of ['spec.*', '*', 'spec.section', 'Spec.Section.Updated']) {
      const answer = await team.tenant.request('get', `/audit/events?type=${pattern}`).expect(400);
      expect(answer.body).toMatchObject({ code: 'invalid_request', errors: [{ pointer: 'type' }] });
    }
  });

  test('is paged in either order, by words too, and neither skips nor repeats', async () => {
    const spec = await SpecOf.begin(team);
    for (let edit = 0; edit < 12; edit++) await spec.edit(team.ann, `Pangolin ${edit}.\n`).expect(200);
    for (const query of [`spec=${spec.specId}`, 'q=pangolin', 'order=oldest&q=pangolin', 'order=oldest']) {
      const whole = (await trail(`&${query}`)).items.map(({ entryId }) => entryId).slice(0, 12);
      const paged: string[] = [];
      let cursor = '';
      while (paged.length < whole.length) {
        const page = (await team.tenant.request('get', `/audit/events?limit=5&${query}${cursor}`)).body as TrailPage;
        paged.push(...page.items.map(({ entryId }) => entryId));
        if (page.page.next === null) break;
        cursor = `&cursor=${page.page.next}`;
      }
      expect(paged.slice(0, 12), query).toEqual(whole);
    }
  });

  test('has what was refused: by role, by where a spec stands, and across organizations', async () => {
    const spec = await SpecOf.begin(team);
    const reader = await team.tenant
      .request('post', '/api-keys')
      .send({ name: 'r', role: 'reader', principal: 'service' });
    const { apiKey, keyId } = reader.body as { apiKey: string; keyId: string };
    const edit = team.tenant.request('patch', `/specs/${spec.specId}/sections/tldr`, apiKey);
    expectProblem(await edit.set('if-match', '*').send({ body: 'Mine.\n' }), 403, 'not_permitted');
    expectProblem(await spec.go('start', team.ann), 409, 'transition_not_allowed');
    const stranger = await service.newOrganization();
    const foreign = service.anonymous().get(`/v1/organizations/${team.tenant.organizationId}/specs/${spec.specId}`);
    expectProblem(await foreign.set('authorization', `Bearer ${stranger.apiKey}`), 404, 'not_found');
    const odd = encodeURIComponent(`.${'😀'.repeat(120)}`);
    const oddEdit = team.tenant.request('patch', `/specs/${spec.specId}/sections/${odd}`, apiKey);
    expectProblem(await oddEdit.set('if-match', '*').send({ body: 'Mine.\n' }), 403, 'not_permitted');
    // What is just not there, or wrong in its form, is no denial.
    await spec.request('get', '/sections/nowhere', team.ann).expect(404);
    await spec.edit(team.ann, 'x'.repeat(3)).unset('if-match').expect(428);

    const { items } = await trail(`&kind=denied&spec=${spec.specId}&order=oldest`);
    expect(items).toMatchObject([
      {
        ...{ type: 'audit.command.denied', command: 'spec.section.update', code: 'not_permitted', section: 'tldr' },
        ...{ actor: { id: keyId, kind: 'service' }, request: { method: 'PATCH', status: 403 }, seq: null },
      },
      { command: 'spec.lifecycle.start', code: 'transition_not_allowed', actor: { name: 'Ann' }, version: null },
      { command: 'spec.section.update', section: `.${'😀'.repeat(99)}` },
    ]);
    const theirs = await stranger.request('get', '/audit/events?kind=denied').expect(200);
    expect((theirs.body as TrailPage).items).toMatchObject([
      { type: 'audit.read.denied', code: 'not_found', specId: null, request: { status: 404 } },
    ]);
  });

  test('has every refusal of a burst, whatever is being written meanwhile', async () => {
    const spec = await SpecOf.begin(team);
    for (let wave = 0; wave < 8; wave++) {
      const refused = Array.from({ length: 10 }, () => spec.go('start', team.ann).expect(409));
      await Promise.all([...refused, new Promise((resolve) => setTimeout(resolve, 60))]);
    }
    expect((await trail(`&kind=denied&spec=${spec.specId}`)).items).toHaveLength(80);
  });

  test('has keys that are no longer good, and says nothing of keys that never were', async () => {
    const issued = await team.tenant.request('post', '/api-keys').send({ name: 'Old', role: 'reader' }).expect(201);
    const { apiKey, keyId } = issued.body as { apiKey: string; keyId: string };
    await team.tenant.request('delete', `/api-keys/${keyId}`).set('if-match', '*').expect(200);
    for (const key of [apiKey, `${apiKey}x`]) {
      expectProblem(await team.tenant.request('get', '/specs', key), 401, 'unauthenticated');
    }
    // A key of an organization is not the operator's.
    const asOperator = service.anonymous().get('/v1/status').set('authorization', `Bearer ${team.dan.apiKey}`);
    expectProblem(await asOperator, 401, 'unauthenticated');
    const { items } = await trail('&kind=authentication&order=oldest');
    expect(items).toMatchObject([
      { type: 'audit.authentication.failed', actor: { id: keyId }, request: { status: 401, keyId } },
      { actor: { name: 'Dan' }, request: { path: '/v1/status' } },
    ]);
    expect(await types(`&type=organization.api_key.revoked&actor=${team.dan.memberId}`)).toEqual([]);
  });

  test('of the operator has what was done with the operator key, and is no organization’s', async () => {
    const opened = await service.newOrganization();
    const asOperator = (method: 'get' | 'post', path: string) =>
      service.anonymous()[method](path).set('authorization', `Bearer ${operatorKey}`);
    await asOperator('post', '/v1/operations').send({ kind: 'projection.verify', projection: 'nothing' }).expect(422);
    await service.app.get(AccessRecorder).settled();
    const answer = await asOperator('get', '/v1/audit/events?limit=2').expect(200);
    expect((answer.body as TrailPage).items).toMatchObject([
      { kind: 'operator', command: 'startOperation', code: 'validation_failed', request: { status: 422 } },
      {
        kind: 'operator',
        type: 'audit.operator.acted',
        actor: { id: 'operator' },
        request: { path: '/v1/organizations' },
      },
    ]);
    const asAdmin = service.anonymous().get('/v1/audit/events').set('authorization', `Bearer ${opened.apiKey}`);
    expectProblem(await asAdmin, 401, 'unauthenticated');
    const own = await opened.request('get', '/audit/events').set('prefer', 'wait=20').expect(200);
    expect((own.body as TrailPage).items.map(({ kind }) => kind)).toEqual(['event', 'event']);
  });

  test('has where requests came from, written for many at once', async () => {
    const spec = await SpecOf.begin(team);
    const from = performance.now();
    for (let change = 1; change <= 60; change++) {
      const edit = spec.edit(team.bot, `Keep them for ${change} years.\n`).set('x-request-id', `many-${change}`);
      await edit.expect(200);
    }
    await service.app.get(AccessRecorder).settled();
    const { rows } = await runOn(
      service.databaseUrl,
      `select count(*)::int as requests, count(distinct xmin::text)::int as commits
       from specline.request_context where correlation_id like 'many-%'`,
    );
    // It gathers for a quarter of a second.
    expect(rows).toMatchObject([{ requests: 60 }]);
    expect((rows[0] as { commits: number }).commits).toBeLessThanOrEqual((performance.now() - from) / 250 + 1);
  });

  test('has that evidence was read', async () => {
    const spec = await SpecOf.begin(team);
    const read = spec.team.tenant.request('get', `/audit/evidence?specId=${spec.specId}`, team.cat.apiKey);
    await read.set('prefer', 'wait=20').expect(200);
    expect((await trail(`&kind=read&spec=${spec.specId}`)).items).toMatchObject([
      { type: 'audit.evidence.read', actor: { name: 'Cat' }, request: { method: 'GET' } },
    ]);
  });

  test('shows one line with its event and what it changed', async () => {
    const spec = await SpecOf.begin(team);
    await spec.edit(team.ann, 'Keep them for a year.\n').expect(200);
    const [last] = (await trail(`&spec=${spec.specId}`)).items;
    const one = await team.tenant.request('get', `/audit/events/${last?.entryId}`).expect(200);
    const detail = one.body as TrailEntryDetail;
    expect(detail).toMatchObject({ ...last, event: { type: 'spec.section.updated', data: { key: 'tldr' } } });
    expect(detail.diff?.sections).toMatchObject([
      { section: 'tldr', diff: expect.stringContaining('+Keep') as string },
    ]);
    const stranger = await service.newOrganization();
    expectProblem(await stranger.request('get', `/audit/events/${last?.entryId}`), 404, 'not_found');
    const theirs = await stranger.request('get', '/audit/events?q=keep').set('prefer', 'wait=20').expect(200);
    expect((theirs.body as TrailPage).items).toEqual([]);
  });

  test('is only ever added to, by the owner of the tables as well', async () => {
    for (const statement of ['update specline.audit_entry set code = null', 'delete from specline.audit_entry']) {
      await expect(runOn(service.databaseUrl, statement)).rejects.toMatchObject({ code: 'SPL01' });
    }
    await expect(runOn(service.databaseUrl, 'truncate specline.audit_entry')).rejects.toMatchObject({ code: 'SPL01' });
  });
});
