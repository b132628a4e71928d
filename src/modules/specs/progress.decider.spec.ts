import { describe, expect, test } from 'vitest';
import { CompleteImplementation } from '../../commands/lifecycle.commands.js';
import { RecordPhase } from '../../commands/progress.commands.js';
import { ReviewedSpec } from '../../../test/support/reviewed-spec.js';
import type { PlannedPhase } from './plan.decider.js';

const phase = (number: string, contentHash = `hash of ${number}`): PlannedPhase => {
  return { key: `phase-${number}`, number, title: `Part ${number}`, contentHash, steps: [] };
};
const facts = { phases: [phase('1'), phase('2')] };
const commit = { kind: 'commit', reference: '5f2c1e9' } as const;

function started(): ReviewedSpec {
  const spec = new ReviewedSpec();
  spec.go('submit', 'ann');
  spec.vote('ben');
  spec.go('start');
  expect(spec.lifecycle).toBe('in_implementation');
  return spec;
}
const record = (spec: ReviewedSpec, fields: Partial<RecordPhase>, known: object = facts) =>
  spec.ask(RecordPhase, { phaseKey: 'phase-1', status: 'done', evidence: [commit], ...fields }, 'ann', {
    facts: known,
  });
const complete = (spec: ReviewedSpec, evidence: CompleteImplementation['evidence'], known: object = facts) =>
  spec.ask(CompleteImplementation, { evidence }, 'ann', { facts: known });

describe('A phase', () => {
  test('is recorded with the revision and the text that it was', () => {
    const spec = started();
    expect(record(spec, {})).toBeUndefined();
    expect(spec.history.at(-1)).toEqual({
      type: 'spec.phase.recorded',
      data: {
        ...{ revision: 1, phaseKey: 'phase-1', title: 'Part 1', contentHash: 'hash of 1', status: 'done' },
        evidence: [commit],
      },
    });
    expect(spec.spec.review.phases).toMatchObject([{ phaseKey: 'phase-1', recordedBy: { id: 'ann' } }]);
  });

  test('is as it was said last, and saying it again says nothing', () => {
    const spec = started();
    record(spec, {});
    const { length } = spec.history;
    record(spec, {});
    expect(spec.history).toHaveLength(length);
    record(spec, { status: 'in_progress', evidence: [] });
    expect(spec.spec.review.phases).toMatchObject([{ status: 'in_progress', evidence: [] }]);
  });

  test('is not done without evidence, and can be in progress without', () => {
    const spec = started();
    expect(record(spec, { evidence: [] })?.code).toBe('validation_failed');
    expect(record(spec, { status: 'in_progress', evidence: undefined })).toBeUndefined();
  });

  test('is one of the plan', () => {
    expect(record(started(), { phaseKey: 'phase-3' })?.code).toBe('not_found');
  });

  test('is recorded while what is in force is being built, an amendment beside it or not', () => {
    const spec = new ReviewedSpec();
    expect(record(spec, {})).toMatchObject({ code: 'guard_failed', details: { guard: 'in_implementation' } });
    spec.go('submit', 'ann');
    spec.vote('ben');
    expect(record(spec, {})?.code).toBe('guard_failed');
    spec.go('start');
    spec.go('amend', 'ann');
    expect(record(spec, {})).toBeUndefined();
    expect(spec.history.at(-1)).toMatchObject({ data: { revision: 1 } });
  });
});

describe('An implementation', () => {
  const named = (said: string) => ({ ...commit, phase: said });

  test('is complete when every phase is shown to be done, before or with it', () => {
    const spec = started();
    expect(complete(spec, [commit])).toMatchObject({
      code: 'guard_failed',
      details: { guard: 'phases_shown', phases: ['phase-1', 'phase-2'] },
    });
    record(spec, {});
    expect(complete(spec, [commit])?.details).toMatchObject({ phases: ['phase-2'] });
    expect(complete(spec, [named('Phase 2'), commit])).toBeUndefined();
    expect(spec.lifecycle).toBe('implemented');
    expect(spec.history.slice(-2)).toMatchObject([
      { type: 'spec.phase.recorded', data: { phaseKey: 'phase-2', status: 'done', evidence: [commit] } },
      { type: 'spec.lifecycle.completed' },
    ]);
  });

  test('is not complete by a phase that is in progress, or was done with another text', () => {
    const spec = started();
    record(spec, { status: 'in_progress' });
    record(spec, { phaseKey: 'phase-2' });
    const changed = { phases: [phase('1'), phase('2', 'another text')] };
    expect(complete(spec, [commit], changed)?.details).toMatchObject({ phases: ['phase-1', 'phase-2'] });
    expect(complete(spec, [named('1'), named('2')], changed)).toBeUndefined();
  });

  test('without phases is complete by any evidence', () => {
    expect(complete(started(), [commit], {})).toBeUndefined();
  });
});
