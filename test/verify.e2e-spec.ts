import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyEvidence } from '../src/modules/audit/evidence-reader.js';
import type { EventStatement } from '../src/modules/event-store/history.js';
import { chainHash, stateEvent } from '../src/modules/event-store/history.js';
import { readPublicKeys } from '../src/modules/audit/trusted-keys.js';
import { Sealer } from '../src/modules/audit/sealer.js';
import { SigningKeys } from '../src/modules/audit/signing-keys.js';
import type { Check } from '../src/modules/audit/verification-problem.js';
import type { Report } from '../src/modules/audit/verification.js';
import { parsed, textOf } from './support/evidence.js';
import type { Tenant } from './support/service.js';
import { startService } from './support/service.js';
import type { EventJson } from './support/specs.js';
import { documentOf, expectProblem, importSpec, readEvents } from './support/specs.js';

const command = 'dist/src/verify.js';
const document = documentOf('Alerts', { Overview: 'Old \u{1F514} \u2028 "text".', Rollout: 'Slow.' });

describe('specline verify', () => {
  const service = startService();
  let client: pg.Client;
  let folder: string;
  beforeAll(async () => {
    if (!existsSync(command)) throw new Error(`there is no ${command}: npm test builds it`);
    folder = await mkdtemp(join(tmpdir(), 'specline-verify-'));
    client = new pg.Client({ connectionString: service.databaseUrl });
    await client.connect();
    await openHistories(20);
  });
  afterAll(async () => {
    await client.end();
    await rm(folder, { recursive: true, force: true });
  });

  const seal = () => service.app.get(Sealer).sealNow(undefined, 20_000);
  const published = async () => (await service.anonymous().get('/.well-known/specline-keys.json').expect(200)).text;

  type Opened = { tenant: Tenant; specId: string; events: EventJson[] };

  /** Organizations with a spec of five versions and another of one, sealed at least twice; each test takes its own. */
  const opened: Opened[] = [];
  async function openHistories(count: number): Promise<void> {
    const started = await Promise.all(
      Array.from({ length: count }, async () => {
        const tenant = await service.newOrganization();
        const { specId } = await importSpec(tenant, document);
        for (const [at, title] of ['One', 'Two'].entries()) await retitle(tenant, specId, at + 1, title);
        return { tenant, specId };
      }),
    );
    await seal();
    for (const { tenant, specId } of started) {
      await importSpec(tenant, document);
      for (const [at, title] of ['Three', 'Four'].entries()) await retitle(tenant, specId, at + 3, title);
    }
    await seal();
    for (const one of started) opened.push({ ...one, events: await readEvents(one.tenant, one.specId) });
  }
  const openHistory = (): Opened => opened.pop() ?? expect.fail('there are not enough histories');
  const retitle = (tenant: Tenant, specId: string, version: number, title: string) =>
    tenant.request('put', `/specs/${specId}/title`).set('if-match', `"${version}"`).send({ title }).expect(200);

  async function exportOf(tenant: Tenant, query = ''): Promise<string> {
    const answer = await tenant.request('get', `/audit/evidence${query}`).buffer(true).parse(textOf).expect(200);
    expect(answer.headers['content-type']).toBe('application/x-ndjson');
    expect(answer.headers['content-disposition']).toMatch(/^attachment; filename="evidence-[0-9a-f-]{36}\.ndjson"$/);
    return answer.body as string;
  }
  const verify = async (file: string): Promise<Report> =>
    verifyEvidence([Buffer.from(file)], readPublicKeys(await published()));

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
    await writeFile(keys, await published());
    const whole = await exportOf(tenant);
    expect(await run(whole, '--key', keys)).toEqual({
      code: 0,
      output: expect.stringMatching(/\nVERIFIED\n$/) as string,
    });
    const json = await run(whole, '--key', readPublicKeys(await published()).at(-1) ?? '', '--json');
    expect(JSON.parse(json.output)).toMatchObject({
      verified: true,
      organizationId: tenant.organizationId,
      specId: null,
      problems: [],
    });
    const [count] = (
      await client.query('select count(*)::int as n from specline.event where organization_id = $1', [
        tenant.organizationId,
      ])
    ).rows as { n: number }[];
    expect((JSON.parse(json.output) as Report).events).toBe(count?.n);

    const one = await exportOf(tenant, `?specId=${specId}`);
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
    const file = await exportOf(tenant);
    const key = readPublicKeys(await published()).at(-1) ?? '';
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
    const key = readPublicKeys(await published()).at(-1) ?? '';
    const seen = join(folder, 'seals.json');
    await writeFile(seen, seals);
    expect((await run(await exportOf(tenant), '--key', key, '--seal', seen)).code).toBe(0);
    const other = await service.newOrganization();
    await seal();
    expect((await run(await exportOf(other), '--key', key, '--seal', seen)).code).toBe(1);
  });

  test('goes from any key to every other along rotations', async () => {
    const { tenant, specId } = openHistory();
    await service.app.get(SigningKeys).rotate();
    await retitle(tenant, specId, 5, 'Five');
    await seal();
    await service.app.get(SigningKeys).rotate();
    const keys = readPublicKeys(await published());
    expect(keys.length).toBeGreaterThanOrEqual(3);
    for (const query of ['', `?specId=${specId}`]) {
      const file = await exportOf(tenant, query);
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
    expect((await verify(waited.body as string)).problems).toEqual([]);
  });

  /** Changes the tables as only a superuser can: without their triggers. */
  async function tamper(statement: string, values: unknown[] = []): Promise<void> {
    await client.query('begin');
    try {
      await client.query('set local session_replication_role = replica');
      const { rowCount } = await client.query(statement, values);
      expect(rowCount, statement).toBeGreaterThan(0);
    } finally {
      await client.query('commit');
    }
  }

  /** What a superuser does to the third version of a spec, and what of it is seen in both kinds of export. */
  type Tampering = {
    does: string;
    whole: Check[];
    spec: Check[];
    run: (event: EventJson, specId: string) => Promise<void>;
  };
  const byId = (change: string) => (event: EventJson) =>
    tamper(`update specline.event set ${change} where event_id = $1`, [event.eventId]);
  const tamperings: Tampering[] = [
    {
      does: 'changes what it says',
      whole: ['event_altered'],
      spec: ['event_altered'],
      run: byId(`payload = '{"title":"Forged"}'`),
    },
    {
      does: 'changes who did it',
      whole: ['event_altered'],
      spec: ['event_altered'],
      run: byId(`metadata = jsonb_set(metadata, '{actor,name}', '"Mallory"')`),
    },
    {
      does: 'changes when it was',
      whole: ['event_altered'],
      spec: ['event_altered'],
      run: byId(`recorded_at = recorded_at - interval '1 day'`),
    },
    { does: 'changes its hash', whole: ['event_altered'], spec: ['event_altered'], run: byId(`hash = sha256('x')`) },
    {
      does: 'changes the hash before',
      whole: ['event_altered'],
      spec: ['event_altered'],
      run: byId(`previous_hash = sha256('x')`),
    },
    {
      does: 'moves it in history',
      whole: ['event_reordered'],
      spec: ['event_inserted'],
      run: byId('seq = seq + 100000'),
    },
    {
      does: 'changes it with its hash',
      whole: ['event_altered'],
      spec: ['wrong_proof'],
      run: (event) => forge(event, 'update', event.version),
    },
    {
      does: 'takes it out',
      whole: ['event_removed'],
      spec: ['event_removed'],
      run: (event) => tamper('delete from specline.event where event_id = $1', [event.eventId]),
    },
    {
      does: 'takes it out of the ledger as well',
      whole: ['event_removed'],
      spec: ['event_removed'],
      run: async (event) => {
        await tamper('delete from specline.event where event_id = $1', [event.eventId]);
        await tamper('delete from specline.ledger_entry where event_id = $1', [event.eventId]);
      },
    },
    {
      does: 'changes it everywhere',
      whole: ['wrong_root'],
      spec: ['wrong_proof'],
      run: async (event) => {
        await forge(event, 'update', event.version);
        await tamper(
          `update specline.ledger_entry l set hash = e.hash from specline.event e where l.event_id = $1 and e.event_id = $1`,
          [event.eventId],
        );
      },
    },
  ];

  type Stored = Pick<EventStatement, 'organizationId' | 'streamId' | 'metadata' | 'commandId'>;

  /** Puts a title into an event and computes its hash anew, as the service would. */
  async function forge(event: EventJson, how: 'update' | 'insert', version: number): Promise<void> {
    const { rows } = await client.query<Stored>(
      `select organization_id as "organizationId", stream_id as "streamId", metadata, command_id as "commandId"
        from specline.event where event_id = $1`,
      [event.eventId],
    );
    const [stored] = rows;
    if (!stored) throw new Error('the event is stored');
    const eventId = how === 'insert' ? '01994f6e-6c1c-7a8e-9d1e-00000000f0f0' : String(event.eventId);
    const payload = { title: 'Forged' };
    const recordedAt = String(event.recordedAt);
    const statement = stateEvent({
      ...stored,
      eventId,
      type: event.type,
      schemaVersion: 1,
      payload,
      version,
      recordedAt,
    });
    const previous = how === 'insert' ? String(event.hash) : String(event.previousHash);
    const hash = chainHash(previous, statement);
    if (how === 'update') {
      await tamper(`update specline.event set payload = $2, hash = decode($3, 'hex') where event_id = $1`, [
        eventId,
        payload,
        hash,
      ]);
      return;
    }
    await tamper(
      `insert into specline.event (organization_id, stream_id, version, seq, event_id, type, schema_version, payload, metadata,
          command_id, recorded_at, previous_hash, hash)
        select organization_id, stream_id, $2, seq, $3, type, 1, $4, metadata, command_id, recorded_at,
          hash, decode($5, 'hex') from specline.event where event_id = $1`,
      [event.eventId, version, eventId, payload, hash],
    );
  }

  test.each(tamperings)('names the event when a superuser $does', async ({ run: change, whole, spec }) => {
    const { tenant, specId, events } = openHistory();
    const event = events[2] ?? expect.fail('there are five events');
    const proof = (await tenant.request('get', `/audit/proofs/${String(event.eventId)}`).expect(200)).body as {
      position: number;
    };
    await change(event, specId);
    const report = await verify(await exportOf(tenant));
    expect([...new Set(report.problems.map(({ check }) => check))]).toEqual(expect.arrayContaining(whole));
    expect(report.firstEvent?.position).toBe(proof.position);
    const one = await verify(await exportOf(tenant, `?specId=${specId}`));
    expect(one.problems.map(({ check }) => check)).toEqual(expect.arrayContaining(spec));
    expect(one.firstEvent).toMatchObject({ streamId: specId, version: 3 });
  });

  test('names an event that a superuser put behind the last one, with the right hashes', async () => {
    const { tenant, specId, events } = openHistory();
    const last = events.at(-1) ?? expect.fail('there are five events');
    await forge(last, 'insert', last.version + 1);
    for (const query of ['', `?specId=${specId}`]) {
      const report = await verify(await exportOf(tenant, query));
      expect(report.problems).toMatchObject([{ check: 'event_inserted', streamId: specId, version: 6 }]);
    }
  });

  test.each([
    ['another root', `root = sha256('x')`, ['bad_signature', 'forked_seal']],
    ['another time', `sealed_at = sealed_at + interval '1 second'`, ['bad_signature', 'forked_seal']],
    ['another size', 'size = size - 1', ['bad_signature', 'forked_seal']],
  ])('tells a seal that a superuser gave %s', async (_, change, expected) => {
    const { tenant } = openHistory();
    await tamper(`update specline.seal set ${change} where organization_id = $1 and number = 1`, [
      tenant.organizationId,
    ]);
    const report = await verify(await exportOf(tenant));
    const checks = report.problems.filter(({ seal: number }) => number !== undefined).map(({ check }) => check);
    expect(checks).toEqual(expect.arrayContaining(expected));
  });

  test('tells a seal that a superuser took away', async () => {
    const { tenant } = openHistory();
    await tamper('delete from specline.seal where organization_id = $1 and number = 1', [tenant.organizationId]);
    const report = await verify(await exportOf(tenant));
    expect(report.problems).toMatchObject([{ check: 'missing_seal', seal: 2 }]);
  });
});
