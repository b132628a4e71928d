import { expect, test } from 'vitest';
import { ReviewedSpec, why } from '../../../test/support/reviewed-spec.js';
import { factsOf } from '../../../test/support/judged-review.js';
import { defaultPolicy } from '../../commands/review-policy.js';
import { UseOverride } from '../../commands/override.commands.js';
import { overrideStanding } from './override-standing.decider.js';

const expiresAt = '2026-11-23T12:00:00.000Z';
const waiting = { reviewedAt: null, upheld: null, expiresAt };

test.each([
  ['waits_for_review', waiting, '2026-11-23T11:59:59.999Z'],
  ['expired', waiting, expiresAt],
  ['upheld', { reviewedAt: expiresAt, upheld: true, expiresAt }, '2027-01-01T00:00:00.000Z'],
  ['not_upheld', { reviewedAt: expiresAt, upheld: false, expiresAt }, '2026-01-01T00:00:00.000Z'],
])('an override is %s', (standing, override, now) => {
  expect(overrideStanding(override, new Date(now))).toBe(standing);
});

test('nothing is started on an override that expired, and it is until then', () => {
  const started = (expiresInHours: number) => {
    const spec = new ReviewedSpec();
    spec.policy = { ...defaultPolicy, overrideGroups: ['on-call'] };
    spec.go('submit', 'ann');
    const fields = { overrideId: 'o', contentHash: spec.spec.contentHash, reason: why, expiresInHours };
    const refusal = spec.ask(UseOverride, fields, 'ben', { facts: { review: factsOf({ ben: ['on-call'] }) } });
    expect(refusal).toBeUndefined();
    expect(spec.lifecycle).toBe('approved');
    return spec.go('start', 'ann');
  };
  expect(started(1)).toBeUndefined();
  // 3.6 milliseconds: the clock of these tests moves on by a second an event.
  expect(started(0.000001)).toBe('guard_failed');
});
