import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { verifyEvidence } from '../src/modules/audit/evidence-reader.js';
import { Sealer } from '../src/modules/audit/sealer.js';
import { readPublicKeys } from '../src/modules/audit/trusted-keys.js';
import { ColdHistory } from '../src/modules/event-store/cold-history.js';
import { archivedSpec, soon } from './support/archived-specs.js';
import { openThread } from './support/comments.js';
import { textOf } from './support/evidence.js';
import { Operator } from './support/operations.js';
import { erase, issueKey } from './support/persons.js';
import type { Team } from './support/reviews.js';
import { because, newTeam, SpecOf } from './support/reviews.js';
import { runOn, startService } from './support/service.js';
import { expectProblem, readEvents } from './support/specs.js';

const service = startService();
let team: Team;
let history: ColdHistory;
let operator: Operator;
beforeAll(() => {
  history = service.app.get(ColdHistory, { strict: false });
  operator = new Operator(service.databaseUrl);
});
afterAll(() => operator.close());
beforeEach(async () => {
  team = await newTeam(await service.newOrganization());
  // What other tests left.
  await history.move(soon());
});

const archived = () => archivedSpec(team);
const rows = async (statement: string) => (await runOn(service.databaseUrl, statement)).rows;
const evidence = async (): Promise<string> =>
  (await team.tenant.request('get', '/audit/evidence').buffer(true).parse(textOf).expect(200)).body as string;
/** The events and seals of it: the rest says when it was made. */
const linesOf = (file: string) => file.split('\n').filter((line) => /"kind":"(?:event|seal)"/.test(line));

describe('history of an archived spec', () => {
  test('tells of an erased person no more than the rest, and its proofs hold', async () => {
    const ada = { ...team.ann, apiKey: await issueKey(team.tenant, 'Ada Lovelace') };
    const spec = await SpecOf.begin(team);
    await spec.edit(ada, 'Keep all.\n').expect(200);
    await openThread(team.tenant, spec.specId, {}, ada.apiKey);
    await spec.vote(team.ben);
    await spec.go('submit', team.ann).expect(200);
    await spec.vote(team.ben);
    await spec.go('deprecate', team.dan, because).expect(200);
    await spec.go('archive', team.dan, because).expect(200);
    const [sealed] = await service.app.get(Sealer).sealNow(team.tenant.organizationId);
    await history.move(soon());
    const told = async () => (await spec.request('get', '/history', team.ann).set('accept', 'text/plain')).text;
    const trail = async () =>
      (await team.tenant.request('get', `/audit/events?spec=${spec.specId}&limit=100`).set('prefer', 'wait=10')).text;
    expect(await told()).toContain('Ada Lovelace');
    expect(await trail()).toContain('Ada Lovelace');
    const events = await readEvents(team.tenant, spec.specId);
    const proofs = () =>
      Promise.all(
        events.map(async ({ eventId }) => {
          const path = `/audit/proofs/${String(eventId)}?seal=${sealed?.seals}`;
          const answer = await team.tenant.request('get', path).expect(200);
          return answer.text;
        }),
      );
    const before = await proofs();
    const whole = await evidence();
    expect(whole).not.toContain('Lovelace');
    await erase(team.tenant, { person: 'Ada Lovelace' });
    for (const text of [await told(), await trail(), JSON.stringify(await readEvents(team.tenant, spec.specId))]) {
      expect(text).toContain('[erased]');
      expect(text).not.toContain('Ada Lovelace');
    }
    expect(await proofs()).toEqual(before);
    // The erasure itself may be sealed by now.
    const kept = linesOf(whole);
    expect(linesOf(await evidence()).slice(0, kept.length)).toEqual(kept);
    await operator.succeed('projection.verify', 'spec');
    expectProblem(await spec.request('get', '?version=99', team.ann), 404, 'not_found');
  });

  test('is proved whole after the move, and who changes it there as a superuser is found out', async () => {
    const spec = await archived();
    await service.app.get(Sealer).sealNow();
    const whole = await evidence();
    await history.move(soon());
    expect(linesOf(await evidence())).toEqual(linesOf(whole));
    const keys = readPublicKeys((await service.anonymous().get('/.well-known/specline-keys.json').expect(200)).text);
    const problems = async () => (await verifyEvidence([Buffer.from(await evidence())], keys)).problems;
    expect(await problems()).toEqual([]);
    await rows(`begin; alter table specline.event_cold disable trigger all;
      update specline.event_cold set payload = payload || '{"reason": "forged"}' where stream_id = '${spec.specId}' and version = 2;
      alter table specline.event_cold enable trigger all; commit`);
    const [, changed] = await readEvents(team.tenant, spec.specId);
    expect(await problems()).toMatchObject([{ check: 'event_altered', eventId: changed?.eventId }]);
  });

  test('is changed by nobody, and moved by nobody but by the one function', async () => {
    const spec = await archived();
    await history.move(soon());
    await SpecOf.begin(team);
    const owner = String((await rows('select current_user as name'))[0]?.name);
    const tryAs = async (role: string, statement: string) => {
      const client = new pg.Client({ connectionString: service.databaseUrl });
      await client.connect();
      try {
        await client.query(`set role ${role}; set specline.organization_id = '${team.tenant.organizationId}'`);
        await client.query(statement);
        return 'done';
      } catch (error) {
        return (error as { code?: string }).code;
      } finally {
        await client.end();
      }
    };
    const rewriting = ['set archived = not archived', `set type = 'x'`, `set payload = '{}', archived = true`];
    const statements = [...rewriting.map((set) => `update specline.event ${set}`), 'delete from specline.event'];
    for (const statement of statements) {
      for (const role of ['specline_app', 'specline_append', 'specline_worker']) {
        expect(await tryAs(role, statement), `${role}: ${statement}`).toBe('42501');
      }
      expect(await tryAs(owner, statement), statement).toBe('SPL01');
    }
    expect(await tryAs('specline_mover', 'delete from specline.event')).toBe('42501');
    expect(await tryAs('specline_mover', `update specline.event set type = 'x', archived = true`)).toBe('42501');
    // Nothing comes back.
    const back = `update specline.event set archived = false where stream_id = '${spec.specId}'`;
    expect(await tryAs('specline_mover', back)).toBe('SPL01');
    for (const role of ['specline_app', 'specline_append']) {
      const call = `select specline.move_to_cold('${team.tenant.organizationId}', '${spec.specId}', now())`;
      expect(await tryAs(role, call)).toBe('42501');
    }
  });
});
