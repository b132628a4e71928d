import type { EvidenceKind, PhaseStatus } from '../commands/progress.commands.js';

/** How far a phase of the plan was, as it stood in the revision in force. */
export class PhaseRecorded {
  readonly revision!: number;
  readonly phaseKey!: string;
  readonly title!: string;
  /** SHA-256 over the phase's UTF-8 bytes in the document, hex. */
  readonly contentHash!: string;
  readonly status!: PhaseStatus;
  readonly evidence!: { kind: EvidenceKind; reference: string }[];
}

/** Storage format: stored forever, changed only by adding. */
export const progressEvents = {
  'spec.phase.recorded': PhaseRecorded,
};
