import { Personal } from './personal.js';

/** By the actor of the event, and worth nothing yet. */
export class WaiverRequested {
  readonly ruleId!: string;
  /** Null: for every spec of the organization. */
  readonly specId!: string | null;
  @Personal()
  readonly owner!: string;
  readonly reason!: string;
  readonly compensatingControl!: string;
  /** From then on it is worth nothing, without any event. */
  readonly expiresAt!: string;
}

export class WaiverApproved {
  readonly ruleId!: string;
  readonly specId!: string | null;
  readonly expiresAt!: string;
  readonly authentication!: { method: 'api_key'; keyId: string };
}

export class WaiverWithdrawn {
  readonly ruleId!: string;
  readonly specId!: string | null;
  readonly reason!: string;
}

/** Storage format: stored forever, changed only by adding. */
export const waiverEvents = {
  'compliance.waiver.requested': WaiverRequested,
  'compliance.waiver.approved': WaiverApproved,
  'compliance.waiver.withdrawn': WaiverWithdrawn,
};
