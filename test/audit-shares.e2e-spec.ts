import { beforeAll, describe, expect, test, vi } from 'vitest';
import { AccessRecorder } from '../src/modules/audit/access-recorder.js';
import { verifyBundle } from '../src/modules/audit/bundle-reader.js';
import { AuditClock } from '../src/modules/audit/audit-clock.js';
import type { ShareList, ShareReceipt, SharedView } from '../src/modules/audit/share.view.js';
import type { TrailPage } from '../src/modules/audit/trail.view.js';
import { readPublicKeys } from '../src/modules/audit/trusted-keys.js';
import { ShareTokens } from '../src/modules/auth/share-tokens.js';
import { bytesOf, fileWith } from './support/exports.js';
import type { Team } from './support/reviews.js';
import { newTeam, SpecOf } from './support/reviews.js';
import type { Tenant } from './support/service.js';
import { runOn, startService } from './support/service.js';
import { expectProblem, footprint, operations, readMarkdown } from './support/specs.js';

describe('a share link', () => {
  const service = startService();
  let tenant: Tenant;
  let team: Team;
  let spec: SpecOf;
  let other: SpecOf;
  beforeAll(async () => {
    tenant = service.organization;
    team = await newTeam(tenant);
    [spec, other] = [await SpecOf.begin(team), await SpecOf.begin(team)];
    await spec.edit(team.ann, 'Keep them for a year.\n').expect(200);
    await other.edit(team.ann, 'A secret of another spec.\n').expect(200);
  });

  const share = async (body: object = { specId: spec.specId }): Promise<ShareReceipt & { token: string }> =>
    (await tenant.request('post', '/audit/shares').send(body).expect(201)).body as ShareReceipt & { token: string };
  const read = (path: string, token: string) =>
    service.anonymous().get(`/v1/shared${path}`).set('authorization', `Bearer ${token}`);

  test('gives the life of one spec to who has no key', async () => {
    const { token, shareId, exportId } = await share();
    expect(token).toMatch(/^sps_[\w-]{43}$/);
    const about = await read('', token).expect(200);
    expect(about.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
    expect(about.body as SharedView).toMatchObject({ shareId, specId: spec.specId, since: null });
    const { items } = (await read('/trail?order=oldest', token).set('prefer', 'wait=5').expect(200)).body as TrailPage;
    expect(items.length).toBeGreaterThan(1);
    expect(new Set(items.map(({ specId }) => specId))).toEqual(new Set([spec.specId]));
    const story = await read('/history', token).expect(200);
    expect(story.text).toContain('changed the section');
    const markdown = await read('/spec', token).set('accept', 'text/markdown').expect(200);
    expect(markdown.text).toBe(await readMarkdown(tenant, spec.specId));
    const first = await read('/spec?version=1', token).set('accept', 'text/markdown').expect(200);
    expect(first.text).toBe(await readMarkdown(tenant, spec.specId, '?version=1'));
    expect((await read('/diff?from=1&to=2', token).expect(200)).text).toContain('Keep them for a year.');
    await vi.waitFor(async () => expect(((await read('', token)).body as SharedView).bundle).toBe('ready'), 20_000);
    const bundle = await read('/bundle', token).buffer(true).parse(bytesOf).expect(200);
    const keys = readPublicKeys((await service.anonymous().get('/.well-known/specline-keys.json')).text);
    const report = await verifyBundle(await fileWith(bundle.body as Buffer), keys);
    expect(report).toMatchObject({ verified: true });
    expect((bundle.body as Buffer).includes('A secret of another spec')).toBe(false);
    const part = await read('/bundle', token).set('range', 'bytes=0-3').buffer(true).parse(bytesOf).expect(206);
    expect(part.body).toEqual(Buffer.from('PK\u0003\u0004'));
    expect((await read('/evidence', token).expect(200)).headers['content-type']).toMatch(/ndjson/);
    expect(exportId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('opens nothing else: every other operation refuses its token', async () => {
    const { token } = await share();
    const before = await footprint(service);
    const values: Record<string, string> = { organizationId: tenant.organizationId, specId: spec.specId };
    const others = operations().filter(
      ({ path }) => path.startsWith('/v1/') && !/^\/v1\/(?:shared|event-types)/.test(path),
    );
    expect(others.length).toBeGreaterThan(100);
    for (const { operationId, method, path, body } of others) {
      const url = path.replace(
        /\{(\w+)\}/g,
        (_, name: string) => values[name] ?? (name.endsWith('Id') ? spec.specId : 'house'),
      );
      const asked = service.anonymous()[method](url).set('authorization', `Bearer ${token}`).set('if-match', '*');
      const { status } = await asked.send(body ? {} : undefined);
      expect([401, 403, 404], operationId).toContain(status);
    }
    expect(await footprint(service)).toEqual(before);
  });

  test('of a spec shows nothing of another, whatever is asked', async () => {
    const { token } = await share();
    for (const query of [`?specId=${other.specId}`, `?spec=${other.specId}`, '?from=2001-01-01T00:00:00Z']) {
      for (const path of ['', '/trail', '/history', '/spec', '/evidence', '/bundle']) {
        expect((await read(`${path}${query}`, token)).status).toBe(400);
      }
    }
    const mine = (await tenant.request('get', '/audit/events?limit=1')).body as TrailPage;
    expectProblem(await read(`/trail?cursor=${mine.page.next}`, token), 400, 'invalid_cursor');
    const { token: next } = await share({ specId: other.specId });
    const page = (await read('/trail?limit=1', next)).body as TrailPage;
    expectProblem(await read(`/trail?cursor=${page.page.next}`, token), 400, 'invalid_cursor');
  });

  test('of a stretch of time gives its trail and bundle, and no spec', async () => {
    const since = new Date(Date.now() - 3_600_000).toISOString();
    const until = new Date().toISOString();
    const later = await SpecOf.begin(team);
    const { token } = await share({ since, until });
    const { items } = (await read('/trail?limit=100', token).expect(200)).body as TrailPage;
    expect(items.length).toBeGreaterThan(5);
    expect(items.every(({ recordedAt }) => recordedAt >= since && recordedAt < until)).toBe(true);
    expect(items.map(({ specId }) => specId)).not.toContain(later.specId);
    for (const path of ['/spec', '/history', '/diff', '/evidence']) {
      expectProblem(await read(path, token), 404, 'not_found');
    }
  });

  test('is dead at once when it is revoked, and when its time is over', async () => {
    const { token, shareId, expiresAt } = await share();
    const clock = vi.spyOn(service.app.get(ShareTokens), 'now').mockReturnValue(new Date(expiresAt));
    expectProblem(await read('', token), 401, 'unauthenticated');
    clock.mockReturnValue(new Date(Date.parse(expiresAt) - 1));
    await read('', token).expect(200);
    clock.mockRestore();
    const revoked = await tenant.request('delete', `/audit/shares/${shareId}`).expect(200);
    expect((revoked.body as ShareReceipt).revokedAt).not.toBeNull();
    for (const path of ['', '/trail', '/bundle']) expectProblem(await read(path, token), 401, 'unauthenticated');
    expectProblem(await read('', `${token.slice(0, -1)}~`), 401, 'unauthenticated');
    expectProblem(await read('', tenant.apiKey), 401, 'unauthenticated');
  });

  test('is kept as a hash, listed with its uses, and each use is in the trail', async () => {
    const { token, shareId } = await share({ specId: spec.specId, note: 'The auditors of 2026' });
    await read('', token).expect(200);
    await read('/spec', token).expect(200);
    const { items } = (await tenant.request('get', '/audit/shares').expect(200)).body as ShareList;
    const listed = items.find((one) => one.shareId === shareId);
    expect(listed).toMatchObject({ uses: 2, note: 'The auditors of 2026', specId: spec.specId, revokedAt: null });
    expect(listed?.lastUsedAt).not.toBeNull();
    const stored = await runOn(service.databaseUrl, 'select s::text as row from specline.audit_share s');
    expect(JSON.stringify([items, stored.rows])).not.toContain(token);
    await service.app.get(AccessRecorder).settled();
    const trail = await tenant.request('get', `/audit/events?kind=read&actor=${shareId}`).expect(200);
    expect((trail.body as TrailPage).items).toMatchObject([
      {
        type: 'audit.share.used',
        decision: { shareId, specId: spec.specId, what: 'spec' },
        request: { path: '/v1/shared/spec' },
      },
      { type: 'audit.share.used', decision: { shareId, what: 'share' }, actor: { id: shareId, kind: 'service' } },
    ]);
    expect(trail.text).not.toContain(token);
    const made = (await tenant.request('get', '/audit/events?command=audit.share.create')).body as TrailPage;
    expect(made.items[0]).toMatchObject({ type: 'audit.share.created', decision: { shareId } });
  });

  test('is made by auditors and admins, for 90 days at most, of something that is there', async () => {
    const issue = async (role: string) =>
      ((await tenant.request('post', '/api-keys').send({ name: role, role }).expect(201)).body as { apiKey: string })
        .apiKey;
    const make = (body: object, key?: string) => tenant.request('post', '/audit/shares', key).send(body);
    await make({ specId: spec.specId }, await issue('auditor')).expect(201);
    for (const role of ['reader', 'writer']) {
      expectProblem(await make({ specId: spec.specId }, await issue(role)), 403, 'not_permitted');
    }
    expectProblem(await make({ specId: tenant.organizationId }), 404, 'not_found');
    const now = service.app.get(AuditClock).now().getTime();
    const at = (days: number) => new Date(now + days * 86_400_000).toISOString();
    await make({ specId: spec.specId, expiresAt: at(89.9) }).expect(201);
    for (const body of [
      {},
      { since: at(-1) },
      { since: at(-1), until: at(-2) },
      { specId: spec.specId, since: at(-1), until: at(0) },
      { specId: spec.specId, expiresAt: at(90.1) },
      { specId: spec.specId, expiresAt: at(-1) },
    ]) {
      expectProblem(await make(body), 422, 'validation_failed');
    }
    const stranger = await service.newOrganization();
    const { shareId } = await share();
    expectProblem(await stranger.request('get', `/audit/shares/${shareId}`), 404, 'not_found');
    expectProblem(await stranger.request('delete', `/audit/shares/${shareId}`), 404, 'not_found');
    const repeated = () => make({ specId: spec.specId }).set('idempotency-key', 'one-share');
    const first = (await repeated().expect(201)).body as ShareReceipt;
    expect((await repeated().expect(201)).body as ShareReceipt).toMatchObject({ shareId: first.shareId, token: null });
  });

  test('is refused where a hundred stand, until one is revoked', async () => {
    const own = await service.newOrganization();
    const one = { since: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z' };
    const make = () => own.request('post', '/audit/shares').send(one);
    const { shareId } = (await make().expect(201)).body as ShareReceipt;
    await runOn(
      service.databaseUrl,
      `insert into specline.audit_share (organization_id, share_id, token_hash, since, until, export_id, actor_id, actor_kind,
          actor_name, expires_at)
        select organization_id, gen_random_uuid(), token_hash || n, since, until, gen_random_uuid(), actor_id, actor_kind,
          actor_name, expires_at
        from specline.audit_share, generate_series(2, 100) n where organization_id = '${own.organizationId}'`,
    );
    expectProblem(await make(), 422, 'too_many_shares');
    await own.request('delete', `/audit/shares/${shareId}`).expect(200);
    await make().expect(201);
  });
});
