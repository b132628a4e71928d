import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import supertest from 'supertest';
import { afterEach, describe, expect, test } from 'vitest';
import { createApp } from '../src/app.js';
import { masterKey, runOn, startService } from './support/service.js';
import { documentOf, importSpec, readSpec } from './support/specs.js';

const service = startService();
const apps: NestFastifyApplication[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

/** Another process as far as its memory goes: it has cached nothing. */
async function anotherProcess() {
  const app = await createApp({
    databaseUrl: service.databaseUrl,
    masterKey,
    operatorKey: undefined,
    databaseConnections: 4,
  });
  apps.push(app);
  await app.listen(0, '127.0.0.1');
  const { organizationId, apiKey } = service.organization;
  return (method: 'put' | 'patch', path: string, body: object) => {
    const request = supertest(app.getHttpServer())[method](`/v1/organizations/${organizationId}${path}`);
    return request.set('authorization', `Bearer ${apiKey}`).set('if-match', '*').send(body);
  };
}

const update = (specId: string, body: string) =>
  service.organization
    .request('patch', `/specs/${specId}/sections/overview`)
    .set('if-match', '*')
    .send({ body })
    .expect(200);

type SnapshotRow = { version: number; fold_version: string; title: string };
async function snapshotOf(specId: string): Promise<SnapshotRow | undefined> {
  const { rows } = await runOn(
    service.databaseUrl,
    `select version::int, fold_version, state ->> 'title' as title from specline.snapshot where stream_id = '${specId}'`,
  );
  return rows[0] as SnapshotRow | undefined;
}

/** A spec of 150 events, with the snapshot that was taken on the way. */
async function longSpec(): Promise<string> {
  const { specId } = await importSpec(service.organization, documentOf('Kept', { Overview: 'Text 0.' }));
  for (let count = 1; count < 150; count++) await update(specId, `Text ${count}.`);
  await expect.poll(() => snapshotOf(specId)).toBeDefined();
  return specId;
}

const retitle = async (specId: string, title: string) => {
  const request = await anotherProcess();
  const answer = await request('put', `/specs/${specId}/title`, { title }).expect(200);
  return (answer.body as { version: number }).version;
};

const tamper = (specId: string, change: string) =>
  runOn(service.databaseUrl, `update specline.snapshot set ${change} where stream_id = '${specId}'`);

describe('a snapshot', () => {
  test('is taken behind the writers, of a stream that grew, and a process that has cached nothing starts from it', async () => {
    const specId = await longSpec();
    expect((await snapshotOf(specId))?.version).toBeGreaterThanOrEqual(100);
    // The only way to tell: a state that its history does not lead to.
    await tamper(specId, `state = replace(state::text, '"Kept"', '"Altered"')::json`);
    expect(await retitle(specId, 'Altered')).toBe(150);
    expect(await retitle(specId, 'Better')).toBe(151);
  });

  test('is never all there is: the events after it are read as well', async () => {
    const specId = await longSpec();
    expect((await snapshotOf(specId))?.version).toBeLessThan(150);
    const request = await anotherProcess();
    const answer = await request('patch', `/specs/${specId}/sections/overview`, { body: 'Text 149.' }).expect(200);
    expect(answer.body).toMatchObject({ version: 150 });
    expect((await readSpec(service.organization, specId)).sections[0]?.body.trim()).toBe('Text 149.');
  });

  test('that other code folded is not read', async () => {
    const specId = await longSpec();
    await tamper(specId, `state = replace(state::text, '"Kept"', '"Altered"')::json, fold_version = 'other code'`);
    expect(await retitle(specId, 'Altered')).toBe(151);
  });

  test('of another history, as after a restore, is not read', async () => {
    const specId = await longSpec();
    await tamper(
      specId,
      `state = replace(state::text, '"Kept"', '"Altered"')::json, hash = decode(repeat('ab', 32), 'hex')`,
    );
    expect(await retitle(specId, 'Altered')).toBe(151);
  });

  test('beyond the history that is there, as after a restore, is not read', async () => {
    const specId = await longSpec();
    await tamper(specId, `state = replace(state::text, '"Kept"', '"Altered"')::json, version = 400`);
    expect(await retitle(specId, 'Altered')).toBe(151);
  });

  test('is not needed: without any, the stream is folded from its beginning', async () => {
    const specId = await longSpec();
    await runOn(service.databaseUrl, `delete from specline.snapshot where stream_id = '${specId}'`);
    expect(await retitle(specId, 'Kept')).toBe(150);
  });
});

describe('a process whose memory of a stream is behind', () => {
  test('reads on from there, and decides on what another process wrote', async () => {
    const { specId } = await importSpec(service.organization, documentOf('Shared', { Overview: 'One.' }));
    const other = await anotherProcess();
    for (let round = 0; round < 10; round++) {
      await other('patch', `/specs/${specId}/sections/overview`, { body: `Theirs ${round}.` }).expect(200);
      await update(specId, `Ours ${round}.`);
    }
    expect(await readSpec(service.organization, specId)).toMatchObject({ version: 21 });
    // What the other wrote last is known here without being asked for: the same text again makes no event.
    await other('patch', `/specs/${specId}/sections/overview`, { body: 'The end.' }).expect(200);
    expect((await update(specId, 'The end.')).body).toMatchObject({ version: 22 });
  });
});
