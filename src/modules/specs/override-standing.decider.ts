import type { Actor } from '../event-store/decider.js';

/** An approval past the policy, from its use until somebody else has reviewed it, and after. */
export type Override = {
  overrideId: string;
  revision: number;
  usedBy: Actor;
  usedAt: string;
  reason: string;
  unmet: readonly string[];
  expiresAt: string;
  reviewedBy: Actor | null;
  reviewedAt: string | null;
  upheld: boolean | null;
  conclusion: string | null;
};

export const overrideStandings = ['waits_for_review', 'expired', 'upheld', 'not_upheld'] as const;

/** What an override is worth at a time: it carries its approval while it waits, and when it was upheld. */
export function overrideStanding(
  { reviewedAt, upheld, expiresAt }: Pick<Override, 'reviewedAt' | 'upheld' | 'expiresAt'>,
  now: Date,
): (typeof overrideStandings)[number] {
  if (reviewedAt !== null) return upheld ? 'upheld' : 'not_upheld';
  return now.toISOString() < expiresAt ? 'waits_for_review' : 'expired';
}
