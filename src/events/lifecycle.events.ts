import type { Lifecycle } from '../commands/lifecycle.commands.js';
import type { EvidenceKind } from '../commands/progress.commands.js';

/** The revision that was submitted, and the hash of its content. */
export class SpecSubmitted {
  readonly revision!: number;
  readonly contentHash!: string;
  readonly reason!: string | null;
}

export class SpecReturned {
  readonly reason!: string;
}

/** A policy as it was when it was judged by: `hash` is SHA-256 over its canonical JSON. */
export type PolicyReference = { key: string; version: number; hash: string };

/** The policy was met by what stood at that moment: in the same append as the vote that met it, and never asked for. */
export class SpecApproved {
  readonly revision!: number;
  readonly contentHash!: string;
  readonly policy!: PolicyReference;
  /** The votes that count. */
  readonly voteIds!: string[];
  /** The override by which it was approved though the policy was not met; null where it was. */
  readonly overrideId!: string | null;
}

/** `backTo` where it was an amendment: what was in force stands there again. */
export class SpecRejected {
  readonly revision!: number;
  readonly reason!: string;
  readonly backTo!: Lifecycle | null;
}

export class SpecDeferred {
  readonly reason!: string;
}

/** `backTo` where it was an amendment: what was in force stands there again. */
export class SpecWithdrawn {
  readonly revision!: number;
  readonly reason!: string;
  readonly backTo!: Lifecycle | null;
}

export class SpecReopened {
  readonly reason!: string;
}

/** A draft revision was opened beside the one in force. */
export class SpecAmended {
  readonly revision!: number;
  readonly inForce!: number;
  readonly reason!: string;
}

export class ImplementationStarted {
  readonly revision!: number;
  readonly reason!: string | null;
}

export class ImplementationCompleted {
  readonly revision!: number;
  readonly evidence!: { kind: EvidenceKind; reference: string; phase: string | null }[];
  readonly reason!: string | null;
}

export class SpecSuperseded {
  readonly successorId!: string;
  readonly reason!: string | null;
}

export class SpecDeprecated {
  readonly reason!: string;
}

export class SpecArchived {
  readonly reason!: string;
}

/** Storage format: stored forever, changed only by adding. */
export const lifecycleEvents = {
  'spec.lifecycle.submitted': SpecSubmitted,
  'spec.lifecycle.returned': SpecReturned,
  'spec.lifecycle.approved': SpecApproved,
  'spec.lifecycle.rejected': SpecRejected,
  'spec.lifecycle.deferred': SpecDeferred,
  'spec.lifecycle.withdrawn': SpecWithdrawn,
  'spec.lifecycle.reopened': SpecReopened,
  'spec.lifecycle.amended': SpecAmended,
  'spec.lifecycle.started': ImplementationStarted,
  'spec.lifecycle.completed': ImplementationCompleted,
  'spec.lifecycle.superseded': SpecSuperseded,
  'spec.lifecycle.deprecated': SpecDeprecated,
  'spec.lifecycle.archived': SpecArchived,
};
