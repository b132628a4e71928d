import { describe, expect, test } from 'vitest';
import { allowed } from '../../../test/support/lifecycle-model.js';
import { ReviewedSpec } from '../../../test/support/reviewed-spec.js';
import type { Lifecycle } from '../../commands/lifecycle.commands.js';
import { lifecycleCommands, lifecycles } from '../../commands/lifecycle.commands.js';
import type { TransitionName } from './transitions.decider.js';
import { transitions } from './transitions.decider.js';

/** How a spec gets to each state, by the transitions that it takes; `vote` is the one that approves it. */
const approved = ['submit', 'vote'] as const;
const ways: Record<Lifecycle, readonly (TransitionName | 'vote')[]> = {
  draft: [],
  in_review: ['submit'],
  approved,
  in_implementation: [...approved, 'start'],
  implemented: [...approved, 'start', 'complete'],
  superseded: [...approved, 'supersede'],
  deprecated: [...approved, 'deprecate'],
  archived: [...approved, 'deprecate', 'archive'],
  deferred: ['defer'],
  rejected: ['submit', 'reject'],
  withdrawn: ['withdraw'],
};

function specIn(lifecycle: Lifecycle): ReviewedSpec {
  const spec = new ReviewedSpec();
  for (const step of ways[lifecycle]) expect(step === 'vote' ? spec.vote('ben') : spec.go(step)).toBeUndefined();
  expect(spec.lifecycle).toBe(lifecycle);
  return spec;
}

const table = lifecycles.flatMap((from) => transitions.map(({ name }) => ({ from, name, to: allowed[from][name] })));

describe('every state and every transition', () => {
  test.each(table.filter(({ to }) => to !== undefined))('$name leads from $from to $to', ({ from, name, to }) => {
    const spec = specIn(from);
    expect(spec.go(name)).toBeUndefined();
    expect(spec.lifecycle).toBe(to);
    expect(spec.history.at(-1)?.type).toBe(transitions.find((one) => one.name === name)?.event);
  });

  test.each(table.filter(({ to, name }) => to === undefined && name !== 'approve'))(
    '$name does not lead from $from anywhere',
    ({ from, name }) => {
      const spec = specIn(from);
      const { history } = spec;
      expect(spec.go(name)).toBe('transition_not_allowed');
      expect([spec.lifecycle, spec.history]).toEqual([from, history]);
    },
  );

  test.each(lifecycles)('nobody approves by command what is %s', (from) => {
    const spec = specIn(from);
    for (const who of ['ann', 'ben', 'bot', 'job'] as const) expect(spec.go('approve', who)).toBe('not_permitted');
    expect(spec.lifecycle).toBe(from);
  });

  test.each(lifecycles)('the system approves nothing that is %s without its policy being met', (from) => {
    const spec = specIn(from);
    expect(spec.go('approve', 'system')).toBe(from === 'in_review' ? 'guard_failed' : 'transition_not_allowed');
  });
});

describe('who may', () => {
  const administrative = transitions.filter(({ access }) => access === 'admin');
  const everyday = transitions.filter(({ access }) => access === 'writer');

  test.each(administrative)('$name takes an admin who is no agent', ({ name, from }) => {
    const spec = specIn(from[0] ?? 'draft');
    expect(spec.go(name, 'ben', { role: 'writer' })).toBe('not_permitted');
    expect(spec.go(name, 'bot', { role: 'admin' })).toBe('not_permitted');
    expect(spec.go(name, 'job', { role: 'admin' })).toBeUndefined();
  });

  test.each(everyday)('$name takes a writer', ({ name, from }) => {
    expect(specIn(from[0] ?? 'draft').go(name, 'bot', { role: 'writer' })).toBeUndefined();
  });
});

describe('guards', () => {
  const required = [{ key: 'tldr', heading: 'TLDR', guidanceHash: '' }];
  const refusal = (name: TransitionName, from: Lifecycle, facts: object) => specIn(from).go(name, 'cat', { facts });

  test('what the template requires must be there to submit', () => {
    const missing = [...required, { key: 'plan', heading: 'Plan', guidanceHash: '' }];
    expect(refusal('submit', 'draft', { required: missing })).toBe('guard_failed');
    expect(refusal('submit', 'draft', { required })).toBeUndefined();
  });

  test('and say more than the template does', () => {
    const spec = specIn('draft');
    const guidanceHash = spec.spec.sections[0]?.contentHash ?? '';
    expect(spec.go('submit', 'ann', { facts: { required: [{ ...required[0], guidanceHash }] } })).toBe('guard_failed');
    expect(spec.go('submit', 'ann', { facts: { required, blank: new Set(['tldr']) } })).toBe('guard_failed');
    expect(spec.go('submit', 'ann', { facts: { required, blank: new Set(['risks']) } })).toBeUndefined();
  });

  test('a successor must say so, and be in force', () => {
    const with_ = (successor: object | null) => refusal('supersede', 'approved', { successor });
    expect(with_(null)).toBe('guard_failed');
    expect(with_({ lifecycle: 'approved', supersedes: ['another'] })).toBe('guard_failed');
    expect(with_({ lifecycle: 'in_review', supersedes: ['s'] })).toBe('guard_failed');
    expect(with_({ lifecycle: 'implemented', supersedes: ['s'] })).toBeUndefined();
  });

  test('what others depend on is not archived', () => {
    const dependents = [{ specId: 'other', number: 7 }];
    expect(refusal('archive', 'deprecated', { dependents })).toBe('guard_failed');
    expect(refusal('archive', 'deprecated', { dependents: [] })).toBeUndefined();
  });

  test('a policy can ask for a reason to submit', () => {
    const spec = specIn('draft');
    spec.policy = { ...spec.policy, requireReasonFor: ['submit'] };
    const { 'spec.lifecycle.submit': SubmitSpec } = lifecycleCommands;
    expect(spec.ask(SubmitSpec, {}, 'ann')?.details).toMatchObject({ guard: 'reason_given' });
    expect(spec.go('submit')).toBeUndefined();
  });
});

describe('an amendment', () => {
  const amending = (): ReviewedSpec => {
    const spec = specIn('in_implementation');
    expect(spec.edit('ann', 'Changed.\n')).toBe('content_locked');
    expect(spec.go('amend', 'dan')).toBeUndefined();
    expect(spec.edit('dan', 'Changed.\n')).toBeUndefined();
    return spec;
  };

  test('leaves what is approved in force, and what was voted counts for nothing in it', () => {
    const { review, contentHash } = amending().spec;
    expect(review).toMatchObject({ lifecycle: 'draft', revision: 2, votes: [], lastEditor: { id: 'dan' } });
    expect(review.inForce).toMatchObject({ revision: 1, lifecycle: 'in_implementation' });
    expect(review.inForce?.contentHash).not.toBe(contentHash);
  });

  test('takes the place of what was in force once it is approved', () => {
    const spec = amending();
    spec.go('submit', 'dan');
    expect(spec.vote('dan')).toBeUndefined();
    expect(spec.lifecycle).toBe('in_review');
    expect(spec.vote('ann')).toBeUndefined();
    expect(spec.spec.review).toMatchObject({ lifecycle: 'approved', revision: 2, inForce: { revision: 2 } });
  });

  test.each([
    ['withdraw', ['withdraw']],
    ['reject', ['submit', 'reject']],
  ] as const)('that comes to nothing (%s) leaves the content and the place of what was in force', (_, steps) => {
    const spec = amending();
    for (const step of steps) expect(spec.go(step)).toBeUndefined();
    const { review, contentHash } = spec.spec;
    expect(review).toMatchObject({ lifecycle: 'in_implementation', revision: 1, revisions: 2 });
    expect(contentHash).toBe(review.inForce?.contentHash);
    expect(spec.go('amend')).toBeUndefined();
    expect(spec.spec.review.revision).toBe(3);
  });

  test('cannot be put off', () => {
    expect(amending().go('defer')).toBe('guard_failed');
  });
});

describe('content', () => {
  test.each(lifecycles)('of a spec that is %s changes only in a draft and in review', (lifecycle) => {
    const open = lifecycle === 'draft' || lifecycle === 'in_review';
    expect(specIn(lifecycle).edit('ann', 'Changed.\n')).toBe(open ? undefined : 'content_locked');
  });
});
