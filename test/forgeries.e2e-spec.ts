import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EarlierHistory } from '../src/modules/audit/earlier-history.js';
import { EvidenceQueries } from '../src/modules/audit/evidence.queries.js';
import { readEarlierEvidence, verifyEvidence } from '../src/modules/audit/evidence-reader.js';
import { Sealer } from '../src/modules/audit/sealer.js';
import { readPublicKeys } from '../src/modules/audit/trusted-keys.js';
import type { Report } from '../src/modules/audit/verification.js';
import { makeKey } from './support/evidence.js';
import { Forger } from './support/forger.js';
import type { Step } from './support/forgery-steps.js';
import { eventSteps, guardSteps, placing, takeover } from './support/forgery-steps.js';
import type { Traces } from './support/forgery-traces.js';
import { isTrueUpToItsSeals, isTruthful, tracesOf, unnamedIn } from './support/forgery-traces.js';
import { startService } from './support/service.js';
import { documentOf, expectProblem, importSpec } from './support/specs.js';

const steps: [name: string, step: Step][] = Object.entries({ ...eventSteps, ...guardSteps });

/**
 * A superuser who knows how history is guarded does one thing to it and then another: whatever it is, the evidence that
 * the service then exports tells it to whoever has the public key, and who has an earlier file besides learns which events
 * and which seals it was done to.
 */
describe('a history of which a superuser', () => {
  const service = startService();
  let client: pg.Client;
  let forger: Forger;
  let keys: string[];
  let earlier: EarlierHistory;
  let truth: Traces;
  /** The events that he has it in for: two of one stream, sealed apart. */
  let targets: [string, string];
  beforeAll(async () => {
    client = new pg.Client({ connectionString: service.databaseUrl });
    await client.connect();
    const tenant = service.organization;
    const seal = () => service.app.get(Sealer).sealNow(undefined, 20_000);
    const retitle = (id: string, version: number) => {
      const request = tenant.request('put', `/specs/${id}/title`).set('if-match', `"${version}"`);
      return request.send({ title: `Version ${version + 1}` }).expect(200);
    };
    await seal();
    const { specId } = await importSpec(tenant, documentOf('Alerts', { Overview: 'Old.' }));
    const other = await importSpec(tenant, documentOf('Other', { Overview: 'Old.' }));
    for (const version of [1, 2]) await retitle(specId, version);
    await retitle(other.specId, 1);
    await seal();
    for (const version of [3, 4, 5]) await retitle(specId, version);
    await seal();
    forger = new Forger(client, tenant.organizationId, makeKey());
    await forger.keep();
    truth = await tracesOf(forger);
    expect(truth.seals.length).toBeGreaterThanOrEqual(3);
    const idOf = (wanted: number) =>
      truth.events.find(({ streamId, version }) => streamId === specId && version === wanted)?.eventId ?? expect.fail();
    targets = [idOf(4), idOf(2)];
    keys = readPublicKeys((await service.anonymous().get('/.well-known/specline-keys.json').expect(200)).text);
    earlier = await readEarlierEvidence([await exported()], keys);
  });
  afterAll(() => client.end());

  /** What `GET /audit/evidence` answers: past HTTP, of which there would be a thousand requests. */
  const exported = async (): Promise<Buffer> =>
    buffer(await service.app.get(EvidenceQueries).file(forger.organizationId, undefined));

  /** What is wrong with what verification says of the tables as they are. */
  async function complaints(): Promise<string[]> {
    const now = await tracesOf(forger);
    const file = await exported();
    const alone = await verifyEvidence([file], keys);
    const witnessed = await verifyEvidence([file], keys, { earlier });
    const told = ({ problems }: Report) => problems.map((one) => `${one.check} ${one.position ?? one.seal}`).join(', ');
    if (isTruthful(truth, now)) return [alone, witnessed].filter(({ verified }) => !verified).map(told);
    return [
      ...(alone.verified && !isTrueUpToItsSeals(truth, now) ? ['the file is verified'] : []),
      ...(witnessed.verified ? ['the file is verified beside an earlier one'] : []),
      ...unnamedIn(witnessed, truth, now).map(
        (one) => `${one} is not named beside an earlier file: ${told(witnessed)}`,
      ),
    ];
  }

  async function tried(...done: [step: Step, target: string][]): Promise<string[]> {
    try {
      for (const [step, target] of done) await step(forger, target);
      return await complaints();
    } finally {
      await forger.undo();
    }
  }

  test('touches nothing is true', async () => {
    expect(isTruthful(truth, await tracesOf(forger))).toBe(true);
    expect(await tried()).toEqual([]);
  });

  test('rewrites and seals everything anew is told by the command, and which event it was beside an earlier file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'specline-forgeries-'));
    const [before, after] = [join(folder, 'before.ndjson'), join(folder, 'after.ndjson')];
    const verify = (...words: string[]) =>
      new Promise<{ code: number; output: string }>((resolve) => {
        const all = ['dist/src/verify.js', 'verify', ...words, ...keys.flatMap((key) => ['--key', key])];
        execFile(process.execPath, all, (error, output) => resolve({ code: error ? Number(error.code) : 0, output }));
      });
    try {
      await writeFile(before, await exported());
      for (const step of [eventSteps['alters what an event says'], guardSteps[takeover]])
        await step?.(forger, targets[0]);
      await writeFile(after, await exported());
      expect((await verify(before, '--earlier', before)).code).toBe(0);
      expect(await verify(after)).toMatchObject({ code: 4, output: expect.not.stringContaining('event_') as string });
      const told = await verify(after, '--earlier', before);
      expect(told.code).toBe(1);
      const position = truth.events.findIndex(({ eventId }) => eventId === targets[0]) + 1;
      expect(told.output).toMatch(
        new RegExp(`first event: event_altered \\(position ${position}, .*event ${targets[0]}`),
      );
      expect((await verify(before, '--earlier', after)).code).toBe(2);
    } finally {
      await forger.undo();
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('puts a whole key of his own in the place of the service’s has nothing signed under it', async () => {
    const { keyId, publicKey, signature } = forger.key.published;
    const replaced =
      'update specline.signing_key set key_id = $1, public_key = $2, signature = $3 where retired_at is null';
    await forger.unguarded({ text: replaced, values: [keyId, publicKey, signature] });
    try {
      await expect(exported()).rejects.toThrow('does not open under this master key');
      expectProblem(await service.organization.request('get', '/audit/evidence'), 500, 'internal_error');
    } finally {
      await forger.undo();
    }
    expect(await complaints()).toEqual([]);
  });

  test.each(steps)('%s is no longer believed', async (_, step) => {
    expect(await tried([step, targets[0]])).toEqual([]);
  });

  test.each(steps)('%s and does one thing more is no longer believed', async (_, first) => {
    const found: string[] = [];
    for (const [name, second] of steps) {
      const where = placing.has(name) ? targets : targets.slice(0, 1);
      for (const target of where) {
        const place = target === targets[0] ? 'to the same' : 'to another';
        for (const one of await tried([first, targets[0]], [second, target])) found.push(`${name}, ${place}: ${one}`);
      }
    }
    expect(found).toEqual([]);
  });
});
