import type {
  AttestationPosition,
  LinkedKind,
  LinkKind,
  NotApplicableReason,
} from '../commands/spec-compliance.commands.js';

/** What the rules say of a spec as a whole. */
export type ComplianceVerdict = 'compliant' | 'compliant_with_waivers' | 'non_compliant';

/** What one rule says of a spec; `waived` where it is not kept, and a waiver lets that pass. */
export type RuleOutcome =
  'compliant' | 'non_compliant' | 'not_applicable' | 'not_linked' | 'needs_attestation' | 'waived';

/** Text of the spec that a finding rests on: lines from 1, bytes of the document from 0, SHA-256 of those, an excerpt. */
export type ReportedEvidence = {
  sectionKey: string;
  line: number;
  endLine: number;
  start: number;
  end: number;
  hash: string;
  excerpt: string;
};

/** One gap, the elements that it is about, and where they stand. */
export type ReportedFinding = {
  ruleId: string;
  outcome: RuleOutcome;
  message: string;
  recommendation: string | null;
  elements: { kind: string; key: string; hash: string }[];
  evidence: ReportedEvidence[];
};

/** What a person ruled, by the actor's id. */
export type ReportedRuling = {
  kind: 'attestation' | 'waiver';
  position: AttestationPosition | null;
  reasonCode: string | null;
  sentence: string;
  by: string;
  expiresAt: string | null;
  waiverId: string | null;
};

/** One rule as it was at that time: what the author claims, what was found, what was ruled, and what counts of it. */
export type ReportedRow = {
  ruleId: string;
  pack: string;
  source: { path: string; anchor: string; revision: string | null; blobHash: string } | null;
  statement: string;
  severity: 'blocking' | 'advisory';
  evaluator: 'deterministic' | 'typed_elements' | 'attestation';
  mode: 'enforced' | 'shadow';
  outcome: RuleOutcome;
  blocks: boolean;
  claim: { status: string | null; notes: string | null } | null;
  contradicted: boolean;
  finding: { outcome: RuleOutcome; message: string; evidence: ReportedEvidence[] };
  recommendation: string | null;
  ruling: ReportedRuling | null;
  findings: ReportedFinding[];
};

/** How many rows have each outcome. */
export type OutcomeCounts = {
  compliant: number;
  non_compliant: number;
  not_applicable: number;
  not_linked: number;
  needs_attestation: number;
  waived: number;
  blocking: number;
  contradicted: number;
};

/**
 * The spec was evaluated. All that it rests on is named, so that whether it is true still can be told without evaluating
 * again: the content, the spec's other traits (`subjectHash`: template, title, labels, relations), the rules, what was
 * linked and attested (`rulings`: the stream's version at which that last changed), and the waivers.
 */
export class ReportIssued {
  readonly specId!: string;
  readonly reportId!: string;
  /** Counted from 1 within the spec. */
  readonly number!: number;
  readonly specVersion!: number;
  readonly verdict!: ComplianceVerdict;
  readonly contentHash!: string;
  readonly subjectHash!: string;
  readonly packHash!: string;
  readonly rulings!: number;
  /** The waivers that it takes in. */
  readonly waiverIds!: string[];
  /** Who attested, or approved a waiver, to the good of the spec: must not have written it. */
  readonly ruledBy!: string[];
  /** SHA-256, hex, over the canonical JSON of what the report says: the same again is no other report. */
  readonly digest!: string;
  /** The paths of the rule files that were in force. */
  readonly filesReviewed!: string[];
  readonly counts!: OutcomeCounts;
  readonly rows!: ReportedRow[];
  /** The five internal consistency checks. */
  readonly consistency!: ReportedRow[];
}

/** In the same append as the report that says otherwise than the one before. */
export class VerdictChanged {
  readonly specId!: string;
  readonly reportId!: string;
  /** Null before the first report. */
  readonly before!: ComplianceVerdict | null;
  readonly verdict!: ComplianceVerdict;
}

/** One end of a link, with the hash of its text as it was confirmed. */
export type LinkEnd = { kind: LinkedKind; key: string; hash: string };

/** Takes the place of an earlier link of the same kind between the same two. */
export class LinkConfirmed {
  readonly specId!: string;
  readonly linkId!: string;
  readonly kind!: LinkKind;
  readonly element!: LinkEnd;
  /** Null for an extension. */
  readonly counterpart!: LinkEnd | null;
  readonly reason!: string | null;
}

export class LinkWithdrawn {
  readonly specId!: string;
  readonly linkId!: string;
}

/** By the actor of the event; takes the place of what they attested of the rule before. */
export class RuleAttested {
  readonly specId!: string;
  readonly attestationId!: string;
  readonly ruleId!: string;
  readonly position!: AttestationPosition;
  readonly reasonCode!: NotApplicableReason | null;
  readonly sentence!: string;
  /** Of the spec, or of the sections in `covers`. */
  readonly contentHash!: string;
  /** Keys of sections; null for the whole spec. */
  readonly covers!: string[] | null;
  readonly authentication!: { method: 'api_key'; keyId: string };
}

export class AttestationWithdrawn {
  readonly specId!: string;
  readonly attestationId!: string;
}

/** Storage format: stored forever, changed only by adding. */
export const specComplianceEvents = {
  'compliance.report.issued': ReportIssued,
  'compliance.verdict.changed': VerdictChanged,
  'compliance.link.confirmed': LinkConfirmed,
  'compliance.link.withdrawn': LinkWithdrawn,
  'compliance.rule.attested': RuleAttested,
  'compliance.attestation.withdrawn': AttestationWithdrawn,
};
