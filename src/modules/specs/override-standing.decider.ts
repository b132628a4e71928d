import type { Override } from './review-state.decider.js';

export const overrideStandings = ['waits_for_review', 'expired', 'upheld', 'not_upheld'] as const;

/** What an override is worth at a time: it carries its approval while it waits, and when it was upheld. */
export function overrideStanding(
  { reviewedAt, upheld, expiresAt }: Pick<Override, 'reviewedAt' | 'upheld' | 'expiresAt'>,
  now: Date,
): (typeof overrideStandings)[number] {
  if (reviewedAt !== null) return upheld ? 'upheld' : 'not_upheld';
  return now.toISOString() < expiresAt ? 'waits_for_review' : 'expired';
}
