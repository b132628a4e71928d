import { describe, expect, test } from 'vitest';
import { ConfirmDependency, SuspectDependency } from '../../commands/dependency.commands.js';
import { RelateSpec, UnrelateSpec } from '../../commands/relation.commands.js';
import { ReviewedSpec } from '../../../test/support/reviewed-spec.js';
import { openSuspects } from './dependency-state.decider.js';

const relation = { type: 'depends_on' as const, relatedSpecId: 'other' };
const approvedAt = '2026-06-01T00:00:00.000Z';
const approved = { relatedSpecId: 'other', revision: 2, contentHash: 'hash', approvedAt };
const conclusion = 'All of it still holds.';

/** A draft of Ann's that depends on another spec. */
function dependent(): ReviewedSpec {
  const spec = new ReviewedSpec();
  spec.ask(RelateSpec, relation, 'ann', { facts: { relatedSpecExists: true, circular: [] } });
  return spec;
}
const suspect = (spec: ReviewedSpec, changes: Partial<SuspectDependency> = {}, who: 'system' | 'ann' = 'system') =>
  spec.ask(SuspectDependency, { ...approved, ...changes }, who);
const confirm = (spec: ReviewedSpec, revision = 2) =>
  spec.ask(ConfirmDependency, { relatedSpecId: 'other', revision, conclusion }, 'ben');
const suspects = (spec: ReviewedSpec) => openSuspects(spec.spec.review).map(({ revision }) => revision);

describe('A dependency with a new approved revision', () => {
  test('is suspect until somebody says that the spec still holds with it', () => {
    const spec = dependent();
    expect(suspect(spec)).toBeUndefined();
    expect(suspects(spec)).toEqual([2]);
    expect(confirm(spec)).toBeUndefined();
    expect(suspects(spec)).toEqual([]);
    expect(spec.history.slice(-2)).toEqual([
      { type: 'spec.dependency.suspected', data: approved },
      { type: 'spec.dependency.confirmed', data: { relatedSpecId: 'other', revision: 2, conclusion } },
    ]);
  });

  test('is suspect once, however often that is said, and after a confirmation by a later revision only', () => {
    const spec = dependent();
    suspect(spec);
    suspect(spec);
    confirm(spec);
    confirm(spec);
    suspect(spec);
    suspect(spec, { revision: 1 });
    expect(suspects(spec)).toEqual([]);
    expect(spec.history).toHaveLength(4);
    suspect(spec, { revision: 3 });
    expect(suspects(spec)).toEqual([3]);
  });

  test('is confirmed by the revision that is in force only', () => {
    const spec = dependent();
    expect(confirm(spec)?.code).toBe('not_found');
    suspect(spec);
    suspect(spec, { revision: 3 });
    expect(confirm(spec, 2)).toMatchObject({ code: 'content_changed', details: { revision: 3 } });
    expect(confirm(spec, 3)).toBeUndefined();
  });

  test('is suspect no more once the spec was approved, or depends on it no longer', () => {
    const spec = dependent();
    suspect(spec);
    spec.go('submit', 'ann');
    spec.vote('ben');
    expect(spec.lifecycle).toBe('approved');
    expect(suspects(spec)).toEqual([]);
    const other = dependent();
    suspect(other);
    other.ask(UnrelateSpec, relation, 'ann');
    expect(suspects(other)).toEqual([]);
  });

  test('is not suspect where the spec was approved after it, or does not depend on it', () => {
    const spec = dependent();
    spec.go('submit', 'ann');
    spec.vote('ben');
    const own = spec.spec.review.inForce?.approvedAt ?? '';
    suspect(spec, { approvedAt: own });
    suspect(spec, { relatedSpecId: 'a third one' });
    expect(suspects(spec)).toEqual([]);
    suspect(spec, { approvedAt: new Date(Date.parse(own) + 1).toISOString() });
    expect(suspects(spec)).toEqual([2]);
  });

  test('is called suspect by nobody but the system', () => {
    expect(suspect(dependent(), {}, 'ann')?.code).toBe('not_permitted');
  });
});
