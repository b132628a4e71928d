import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { AccessRecorder } from '../src/modules/audit/access-recorder.js';
import { AuditClock } from '../src/modules/audit/audit-clock.js';
import type { ExportList } from '../src/modules/audit/export.view.js';
import { ExportSweep } from '../src/modules/audit/export-sweep.js';
import type { TrailEntryView, TrailPage } from '../src/modules/audit/trail.view.js';
import { contentOf, download, exported, readExport, startExport } from './support/exports.js';
import type { Team } from './support/reviews.js';
import { newTeam, SpecOf } from './support/reviews.js';
import type { Tenant } from './support/service.js';
import { runOn, startService } from './support/service.js';
import { documentOf, expectProblem, importSpec } from './support/specs.js';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const linesOf = (bytes: Buffer): TrailEntryView[] =>
  bytes
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as TrailEntryView);
const rowsIn = async (url: string, table: string): Promise<number> =>
  Number((await runOn(url, `select count(*)::int as n from specline.${table}`)).rows[0]?.n);

describe('exports of the trail', () => {
  const service = startService();
  let team: Team;
  let tenant: Tenant;
  let spec: SpecOf;
  beforeAll(async () => {
    tenant = service.organization;
    team = await newTeam(tenant);
    spec = await SpecOf.begin(team);
    for (let edit = 0; edit < 30; edit++) await spec.edit(team.ann, `Text ${edit}, "quoted", and more.\n`).expect(200);
  });

  test('as NDJSON hold what the query gives, the oldest first', async () => {
    const { exportId, rows, bytes, sha256: hash, format } = await exported(tenant, { format: 'ndjson' });
    const content = await contentOf(tenant, exportId);
    expect({ bytes, hash, format }).toEqual({ bytes: content.length, hash: sha256(content), format: 'ndjson' });
    const query = `/audit/events?limit=100&order=oldest`;
    const { items } = (await tenant.request('get', query).expect(200)).body as TrailPage;
    const lines = linesOf(content);
    expect(lines).toHaveLength(rows);
    expect(rows).toBeGreaterThan(30);
    expect(lines).toEqual(items.slice(0, rows));
  });

  test('hold what a filter lets through, and nothing else', async () => {
    const filter = { spec: spec.specId, command: 'spec.section.update' };
    const lines = linesOf(await contentOf(tenant, (await exported(tenant, { format: 'ndjson', filter })).exportId));
    expect(lines).toHaveLength(30);
    expect(new Set(lines.map(({ type }) => type))).toEqual(new Set(['spec.section.updated']));
    const none = await exported(tenant, {
      format: 'ndjson',
      filter: { from: '2001-01-01T00:00:00Z', to: '2002-01-01T00:00:00Z' },
    });
    expect(none).toMatchObject({ rows: 0, bytes: 0 });
    expect(await contentOf(tenant, none.exportId)).toHaveLength(0);
  });

  test('as CSV keep texts as they are, and start no formula', async () => {
    const other = await SpecOf.begin(team);
    await other.go('defer', team.ann, { reason: '=HYPERLINK("http://x/")\nand "more", it says' }).expect(200);
    const { exportId, rows } = await exported(tenant, { format: 'csv', filter: { spec: other.specId } });
    const answer = await download(tenant, exportId).expect(200);
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8; header=present');
    const text = (answer.body as Buffer).toString();
    expect(text).toContain(`,"'=HYPERLINK(""http://x/"")\nand ""more"", it says",`);
    const [header, ...records] = text.split('\r\n');
    expect(header).toMatch(/^recordedAt,kind,type,entryId,seq,specId,/);
    expect(records).toHaveLength(rows + 1);
    expect(records.at(-1)).toBe('');
  });

  test('hold what was there when they began, and nothing later', async () => {
    const before = await SpecOf.begin(team);
    const { exportId } = await startExport(tenant, { format: 'ndjson', filter: { kind: 'event' } });
    await vi.waitFor(async () => expect((await readExport(tenant, exportId)).status).toBe('ready'), {
      timeout: 20_000,
    });
    const later = await SpecOf.begin(team);
    const ids = linesOf(await contentOf(tenant, exportId)).map(({ specId }) => specId);
    expect(ids).toContain(before.specId);
    expect(ids).not.toContain(later.specId);
  });

  test('are downloaded in parts that make the whole', async () => {
    const { exportId, sha256: hash, bytes } = await exported(tenant, { format: 'ndjson' });
    const whole = await download(tenant, exportId).expect(200);
    expect(whole.headers).toMatchObject({
      ...{ etag: `"${hash}"`, 'accept-ranges': 'bytes', 'content-length': String(bytes) },
      'content-disposition': `attachment; filename="audit-${exportId}.ndjson"`,
      'repr-digest': `sha-256=:${Buffer.from(hash ?? '', 'hex').toString('base64')}:`,
    });
    const parts: Buffer[] = [];
    for (let at = 0; at < bytes; at += 1000) {
      const part = await download(tenant, exportId)
        .set('range', `bytes=${at}-${at + 999}`)
        .set('if-range', `"${hash}"`);
      expect(part.status).toBe(206);
      expect(part.headers['content-range']).toBe(`bytes ${at}-${Math.min(at + 1000, bytes) - 1}/${bytes}`);
      parts.push(part.body as Buffer);
    }
    expect(Buffer.concat(parts).equals(whole.body as Buffer)).toBe(true);
    const end = await download(tenant, exportId).set('range', 'bytes=-7').expect(206);
    expect(end.body).toEqual((whole.body as Buffer).subarray(-7));
    // Of another file, and in another way, the answer is the whole.
    await download(tenant, exportId).set('range', 'bytes=5-9').set('if-range', '"other"').expect(200);
    await download(tenant, exportId).set('range', 'bytes=0-1,4-5').expect(200);
    await download(tenant, exportId).set('if-none-match', `"${hash}"`).expect(304);
    const beyond = await tenant.request('get', `/audit/exports/${exportId}/content`).set('range', `bytes=${bytes}-`);
    expectProblem(beyond, 416, 'range_not_satisfiable');
    expect(beyond.headers['content-range']).toBe(`bytes */${bytes}`);
    const path = `/v1/organizations/${tenant.organizationId}/audit/exports/${exportId}/content`;
    const head = await service.anonymous().head(path).set('authorization', `Bearer ${tenant.apiKey}`).expect(200);
    expect(head.headers).toMatchObject({ etag: `"${hash}"`, 'content-length': String(bytes) });
    // HEAD knows no ranges.
    const part = service
      .anonymous()
      .head(path)
      .set('authorization', `Bearer ${tenant.apiKey}`)
      .set('range', 'bytes=0-1');
    expect((await part.expect(200)).headers).toMatchObject({ 'content-length': String(bytes) });
  });

  test('are in the trail: that they were begun, each download, and that they were taken back', async () => {
    const { exportId } = await exported(tenant, { format: 'csv', filter: { spec: spec.specId } }, team.dan.apiKey);
    await download(tenant, exportId, team.dan.apiKey).expect(200);
    await download(tenant, exportId, team.dan.apiKey).set('range', 'bytes=0-9').expect(206);
    await tenant.request('delete', `/audit/exports/${exportId}`, team.dan.apiKey).expect(202);
    await service.app.get(AccessRecorder).settled();
    const { items } = (await tenant.request('get', '/audit/events?kind=read&limit=100')).body as TrailPage;
    const about = items.filter(({ decision }) => (decision as { exportId?: string } | null)?.exportId === exportId);
    expect(about.map(({ type, decision }) => ({ type, decision }))).toMatchObject([
      { type: 'audit.export.withdrawn' },
      { type: 'audit.export.read', decision: { from: 0, end: 10 } },
      { type: 'audit.export.read' },
      { type: 'audit.export.started', decision: { exportId, format: 'csv' } },
    ]);
    expect(about[3]).toMatchObject({
      command: 'audit.export.start',
      actor: { name: 'Dan' },
      request: { method: 'POST' },
    });
  });

  test('are begun once by one Idempotency-Key, and listed the newest first', async () => {
    const begin = (body: object) =>
      tenant.request('post', '/audit/exports').set('idempotency-key', 'one-export').send(body);
    const first = await begin({ format: 'csv' }).expect(202);
    const again = await begin({ format: 'csv' }).expect(202);
    expect(again.body).toMatchObject({ exportId: (first.body as { exportId: string }).exportId });
    expect(again.headers['idempotency-replayed']).toBe('true');
    await service.app.get(AccessRecorder).settled();
    const told = (await tenant.request('get', '/audit/events?type=audit.export.started&limit=100')).body as TrailPage;
    const { exportId } = first.body as { exportId: string };
    expect(told.items.filter(({ decision }) => (decision as { exportId: string }).exportId === exportId)).toHaveLength(
      1,
    );
    expect(first.headers.location).toMatch(/\/audit\/exports\/[0-9a-f-]{36}$/);
    expectProblem(await begin({ format: 'ndjson' }), 422, 'idempotency_key_reused');
    const { items, page } = (await tenant.request('get', '/audit/exports?limit=2').expect(200)).body as ExportList;
    expect(items).toHaveLength(2);
    const next = await tenant.request('get', `/audit/exports?limit=2&cursor=${page.next}`).expect(200);
    const times = [...items, ...(next.body as ExportList).items].map(({ createdAt }) => createdAt);
    expect(times).toEqual([...times].sort().reverse());
  });

  test('are nobody else’s, and not for who only reads', async () => {
    const { exportId } = await exported(tenant, { format: 'ndjson', filter: { spec: spec.specId } });
    const stranger = await service.newOrganization();
    for (const path of ['', '/content']) {
      expectProblem(await stranger.request('get', `/audit/exports/${exportId}${path}`), 404, 'not_found');
    }
    expectProblem(await stranger.request('delete', `/audit/exports/${exportId}`), 404, 'not_found');
    const issued = await tenant.request('post', '/api-keys').send({ name: 'r', role: 'reader' }).expect(201);
    const { apiKey } = issued.body as { apiKey: string };
    expectProblem(await tenant.request('get', `/audit/exports/${exportId}`, apiKey), 403, 'not_permitted');
    const begin = tenant.request('post', '/audit/exports', apiKey).send({ format: 'csv' });
    expectProblem(await begin, 403, 'not_permitted');
  });

  test('are refused where what is asked for makes no sense', async () => {
    const begin = (body: object) => tenant.request('post', '/audit/exports').send(body);
    for (const body of [
      {},
      { format: 'xml' },
      { format: 'csv', filter: { spec: 'x' } },
      { format: 'csv', filter: { limit: 3 } },
      { format: 'csv', filter: 'all' },
      { format: 'csv', filter: { onBehalfOf: 'Nobody Known' } },
      { format: 'csv', expiresInDays: 31 },
      { format: 'csv', expiresInDays: 0 },
    ]) {
      expectProblem(await begin(body), 422, 'validation_failed');
    }
  });

  test('can be taken back, and leave nothing behind', async () => {
    const { exportId } = await exported(tenant, { format: 'ndjson' });
    const chunks = `audit_export_chunk where export_id = '${exportId}'`;
    expect(await rowsIn(service.databaseUrl, chunks)).toBeGreaterThan(0);
    const taken = await tenant.request('delete', `/audit/exports/${exportId}`).expect(202);
    expect(taken.body).toMatchObject({ status: 'withdrawn' });
    expectProblem(await download(tenant, exportId).parse(undefined as never), 410, 'gone');
    await service.app.get(ExportSweep).sweep();
    expect(await rowsIn(service.databaseUrl, chunks)).toBe(0);
  });

  test('expire when their days are over, by the clock', async () => {
    const { exportId, createdAt, expiresAt } = await exported(tenant, { format: 'ndjson', expiresInDays: 3 });
    expect(Math.round((Date.parse(expiresAt) - Date.parse(createdAt)) / 3_600_000)).toBe(72);
    const clock = vi.spyOn(service.app.get(AuditClock), 'now');
    const get = () => tenant.request('get', `/audit/exports/${exportId}/content`);
    try {
      clock.mockReturnValue(new Date(Date.parse(expiresAt) - 1));
      await get().expect(200);
      clock.mockReturnValue(new Date(expiresAt));
      expectProblem(await get(), 410, 'gone');
      expect((await readExport(tenant, exportId)).status).toBe('expired');
      await service.app.get(ExportSweep).sweep();
    } finally {
      clock.mockRestore();
    }
    expect(await rowsIn(service.databaseUrl, `audit_export_chunk where export_id = '${exportId}'`)).toBe(0);
    expectProblem(await get(), 410, 'gone');
  });
});

describe('where nobody makes exports', () => {
  const service = startService(() => ({ workers: false }));

  test('they wait, and there are only so many of them, whoever asks at once', async () => {
    const tenant = service.organization;
    await importSpec(tenant, documentOf('Alerts', { Overview: 'Old.' }));
    const begin = () => tenant.request('post', '/audit/exports').send({ format: 'csv' });
    const answers = await Promise.all(Array.from({ length: 30 }, begin));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array<number>(20).fill(202), ...Array<number>(10).fill(422)]);
    const accepted = answers.filter(({ status }) => status === 202).map(({ body }) => body as { exportId: string });
    const first = accepted[0]?.exportId ?? '';
    expectProblem(await tenant.request('get', `/audit/exports/${first}/content`), 409, 'not_ready');
    await tenant.request('delete', `/audit/exports/${first}`).expect(202);
    await begin().expect(202);
    expectProblem(await begin(), 422, 'too_many_exports');
  });
});
