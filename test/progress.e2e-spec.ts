import { beforeAll, describe, expect, test } from 'vitest';
import type { Member } from './support/members.js';
import type { Team } from './support/reviews.js';
import { because, draft, newTeam, SpecOf } from './support/reviews.js';
import { startService } from './support/service.js';
import { expectProblem, readEvents, typesOf } from './support/specs.js';

type Progress = {
  revision: number;
  lifecycle: string;
  total: number;
  done: number;
  phases: { key: string; title: string; status: string; revision: number | null; recordedBy?: { name: string } }[];
};

const planned = `${draft}
## Implementation Plan

### Phase 1: Tables
- Add the table.
- Fill it.

### Phase 2: Screens
- Draw the list.
`;
const commit = { kind: 'commit', reference: '5f2c1e9' };

describe('The progress of an implementation', () => {
  const service = startService();
  let team: Team;
  beforeAll(async () => {
    team = await newTeam(service.organization);
  });

  const inImplementation = async (): Promise<SpecOf> => {
    const spec = await SpecOf.inReview(team, planned);
    await spec.vote(team.ben);
    await spec.go('start', team.ann).expect(200);
    return spec;
  };
  const progress = async (spec: SpecOf) =>
    (await spec.request('get', '/progress', team.ben).expect(200)).body as Progress;
  const statuses = async (spec: SpecOf) => (await progress(spec)).phases.map(({ key, status }) => [key, status]);
  const record = (spec: SpecOf, phaseKey: string, body: object, who: Member = team.bot) =>
    spec.request('put', `/phases/${phaseKey}`, who).send(body);

  test('is that of the plan, phase by phase, with who said so', async () => {
    const spec = await inImplementation();
    expect(await progress(spec)).toMatchObject({
      ...{ revision: 1, lifecycle: 'in_implementation', total: 2, done: 0 },
      phases: [
        { key: 'phase-1', number: '1', title: 'Tables', status: 'not_started', steps: 2, recordedAt: null },
        { key: 'phase-2', number: '2', title: 'Screens', status: 'not_started', steps: 1, evidence: [] },
      ],
    });
    await record(spec, 'phase-1', { status: 'in_progress' }).expect(200);
    await record(spec, 'phase-1', { status: 'done', evidence: [commit] }).expect(200);
    const { done, phases } = await progress(spec);
    expect(done).toBe(1);
    expect(phases[0]).toMatchObject({
      ...{ status: 'done', evidence: [commit], revision: 1 },
      recordedBy: { id: team.bot.memberId, kind: 'agent', name: 'Bot' },
    });
  });

  test('of a draft is that of its plan, and nothing can be recorded', async () => {
    const spec = await SpecOf.begin(team, planned);
    expect(await progress(spec)).toMatchObject({ revision: 1, lifecycle: 'draft', total: 2, done: 0 });
    expectProblem(await record(spec, 'phase-1', { status: 'in_progress' }), 409, 'guard_failed');
  });

  test('is refused for what is no phase, and for what nothing shows', async () => {
    const spec = await inImplementation();
    expectProblem(await record(spec, 'phase-3', { status: 'in_progress' }), 404, 'not_found');
    expectProblem(await record(spec, 'phase-1', { status: 'done' }), 422, 'validation_failed');
    expectProblem(await record(spec, 'phase-1', { status: 'begun' }), 422, 'validation_failed');
  });

  test('has to be whole before the implementation is', async () => {
    const spec = await inImplementation();
    await record(spec, 'phase-1', { status: 'done', evidence: [commit] }).expect(200);
    const refused = await spec.go('complete', team.ann, { evidence: [commit] });
    expect(expectProblem(refused, 409, 'guard_failed')).toMatchObject({ guard: 'phases_shown', phases: ['phase-2'] });
    const evidence = [{ kind: 'test_run', reference: 'nightly 412', phase: 'Phase 2' }];
    await spec.go('complete', team.ann, { evidence }).expect(200);
    expect(await progress(spec)).toMatchObject({ lifecycle: 'implemented', done: 2 });
    expect(typesOf((await readEvents(team.tenant, spec.specId)).slice(-2))).toEqual([
      'spec.phase.recorded',
      'spec.lifecycle.completed',
    ]);
  });

  test('outlives a new revision where a phase says the same as before', async () => {
    const spec = await inImplementation();
    for (const key of ['phase-1', 'phase-2'])
      await record(spec, key, { status: 'done', evidence: [commit] }).expect(200);
    await spec.go('amend', team.ann, because).expect(200);
    const body = '\n### Phase 1: Tables\n- Add the table.\n- Fill it.\n\n### Phase 2: Screens\n- Draw two lists.\n';
    await spec.edit(team.ann, body, 'implementation-plan').expect(200);
    // The plan in force is the one that is being built.
    expect(await statuses(spec)).toEqual([
      ['phase-1', 'done'],
      ['phase-2', 'done'],
    ]);
    await record(spec, 'phase-1', {
      status: 'done',
      evidence: [commit, { kind: 'link', reference: 'https://x.test' }],
    });
    await spec.go('submit', team.ann).expect(200);
    await spec.vote(team.ben);
    expect(await progress(spec)).toMatchObject({ revision: 2, lifecycle: 'approved', done: 1 });
    expect(await statuses(spec)).toEqual([
      ['phase-1', 'done'],
      ['phase-2', 'changed'],
    ]);
    await spec.go('start', team.ann).expect(200);
    const refused = await spec.go('complete', team.ann, { evidence: [commit] });
    expect(expectProblem(refused, 409, 'guard_failed')).toMatchObject({ phases: ['phase-2'] });
  });
});
