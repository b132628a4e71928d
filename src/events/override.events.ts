import type { PolicyReference } from './lifecycle.events.js';

/** The policy was set aside, in the same append as the approval that came of it: by the actor of the event. */
export class OverrideUsed {
  readonly overrideId!: string;
  readonly revision!: number;
  readonly contentHash!: string;
  readonly policy!: PolicyReference;
  /** What was missing, in words. */
  readonly unmet!: string[];
  readonly reason!: string;
  /** Without a review it carries nothing from then on. */
  readonly expiresAt!: string;
  readonly authentication!: { method: 'api_key'; keyId: string };
}

export class OverrideReviewed {
  readonly overrideId!: string;
  readonly upheld!: boolean;
  readonly conclusion!: string;
}

/** Storage format: stored forever, changed only by adding. */
export const overrideEvents = {
  'spec.override.used': OverrideUsed,
  'spec.override.reviewed': OverrideReviewed,
};
