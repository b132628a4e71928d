import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyEvidence } from '../src/modules/audit/evidence-reader.js';
import { SigningKeys } from '../src/modules/audit/signing-keys.js';
import { readPublicKeys } from '../src/modules/audit/trusted-keys.js';
import type { Report } from '../src/modules/audit/verification.js';
import { parsed, textOf } from './support/evidence.js';
import { evidenceOf, keyFileOf, retitle, sealAll, sealedOrganizations } from './support/sealed-organizations.js';
import { runOn, startService } from './support/service.js';
import { expectProblem } from './support/specs.js';

const command = 'dist/src/verify.js';

describe('specline verify', () => {
  const service = startService();
  const openHistory = sealedOrganizations(service, 4);
  let folder: string;
  beforeAll(async () => {
    if (!existsSync(command)) throw new Error(`there is no ${command}: npm test builds it`);
    folder = await mkdtemp(join(tmpdir(), 'specline-verify-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function run(file: string, ...words: string[]): Promise<{ code: number; output: string }> {
    const path = join(folder, 'evidence.ndjson');
    await writeFile(path, file);
    return new Promise((resolve) => {
      execFile(process.execPath, [command, 'verify', path, ...words], (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr });
      });
    });
  }

  test('finds what was exported to be whole: an organization and a spec of it, with nothing but the public key', async () => {
    const { tenant, specId, events } = openHistory();
    const keys = join(folder, 'keys.json');
    await writeFile(keys, await keyFileOf(service));
    const whole = await evidenceOf(tenant);
    expect(await run(whole, '--key', keys)).toEqual({
      code: 0,
      output: expect.stringMatching(/\nVERIFIED\n$/) as string,
    });
    const json = await run(whole, '--key', readPublicKeys(await keyFileOf(service)).at(-1) ?? '', '--json');
    expect(JSON.parse(json.output)).toMatchObject({
      verified: true,
      organizationId: tenant.organizationId,
      specId: null,
      problems: [],
    });
    const statement = `select count(*)::int as n from specline.event where organization_id = '${tenant.organizationId}'`;
    const [count] = (await runOn(service.databaseUrl, statement)).rows;
    expect((JSON.parse(json.output) as Report).events).toBe(count?.n);

    const one = await evidenceOf(tenant, `?specId=${specId}`);
    const report = await run(one, '--key', keys, '--json');
    expect(report.code).toBe(0);
    expect(JSON.parse(report.output)).toMatchObject({ verified: true, specId, events: events.length, seals: 1 });
    const exported = parsed(one).flatMap((line) => (line.kind === 'event' ? [line] : []));
    expect(exported.map(({ event, hash }) => ({ eventId: event.eventId, hash }))).toEqual(
      events.map(({ eventId, hash }) => ({ eventId, hash })),
    );
  });

  test('tells by its exit code what is wrong, and says it in words', async () => {
    const { tenant } = openHistory();
    const file = await evidenceOf(tenant);
    const key = readPublicKeys(await keyFileOf(service)).at(-1) ?? '';
    const altered = await run(file.replace('"Two"', '"Too"'), '--key', key);
    expect(altered.code).toBe(1);
    expect(altered.output).toMatch(
      /first event: event_altered \(position \d+, stream [0-9a-f-]{36}, version 3, event /,
    );
    expect(altered.output).toMatch(/NOT VERIFIED\n$/);
    expect((await run(file.slice(0, -10), '--key', key)).code).toBe(3);
    expect((await run('no evidence\n', '--key', key)).code).toBe(3);
    expect((await run('', '--key', key)).code).toBe(3);
    const other = await run(file, '--key', 'A'.repeat(43));
    expect(other).toMatchObject({ code: 4, output: expect.stringContaining('unknown_key') as string });
    expect((await run(file)).code).toBe(2);
    expect((await run(file, '--key', 'nonsense')).code).toBe(2);
    expect((await run(file, '--key', key, '--seal', 'nonsense')).code).toBe(2);
    expect((await run(file, '--key', key, '--other')).code).toBe(2);
    expect((await run(file, '--help')).code).toBe(0);
  });

  test('holds a file against a seal that was seen earlier', async () => {
    const { tenant } = openHistory();
    const seals = (await tenant.request('get', '/audit/seals').expect(200)).text;
    const key = readPublicKeys(await keyFileOf(service)).at(-1) ?? '';
    const seen = join(folder, 'seals.json');
    await writeFile(seen, seals);
    expect((await run(await evidenceOf(tenant), '--key', key, '--seal', seen)).code).toBe(0);
    const other = await service.newOrganization();
    await sealAll(service);
    expect((await run(await evidenceOf(other), '--key', key, '--seal', seen)).code).toBe(1);
  });

  test('goes from any key to every other along rotations', async () => {
    const { tenant, specId } = openHistory();
    await service.app.get(SigningKeys).rotate();
    await retitle(tenant, specId, 5, 'Five');
    await sealAll(service);
    await service.app.get(SigningKeys).rotate();
    const keys = readPublicKeys(await keyFileOf(service));
    expect(keys.length).toBeGreaterThanOrEqual(3);
    for (const query of ['', `?specId=${specId}`]) {
      const file = await evidenceOf(tenant, query);
      for (const key of keys.slice(-3)) {
        expect((await verifyEvidence([Buffer.from(file)], [key])).problems).toEqual([]);
      }
    }
  });

  test('has nothing to verify where nothing is sealed', async () => {
    const tenant = await service.newOrganization();
    const unsealed = await tenant.request('get', '/audit/evidence');
    // Between opening it and asking, a second may have passed.
    if (unsealed.status !== 200) expectProblem(unsealed, 404, 'not_found');
    const waited = await tenant.request('get', '/audit/evidence').set('prefer', 'wait=20').buffer(true).parse(textOf);
    expect(waited.headers['preference-applied']).toBe('wait=20');
    const keys = readPublicKeys(await keyFileOf(service));
    expect((await verifyEvidence([Buffer.from(waited.body as string)], keys)).problems).toEqual([]);
  });
});
