import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { Sha256 } from '../../commands/fields.js';
import { evaluatorKinds, ruleModes, severities } from '../../commands/compliance-rules.js';
import type { EvaluatorKind, RuleMode, Severity } from '../../commands/compliance-rules.js';

export { evaluatorKinds, ruleModes, severities } from '../../commands/compliance-rules.js';
export type { EvaluatorKind, RuleMode, Severity } from '../../commands/compliance-rules.js';

export const ruleOutcomes = [
  'compliant',
  'non_compliant',
  'not_applicable',
  'not_linked',
  'needs_attestation',
  'waived',
] as const;
export type RuleOutcome = (typeof ruleOutcomes)[number];

export const verdicts = ['compliant', 'compliant_with_waivers', 'non_compliant'] as const;
export type Verdict = (typeof verdicts)[number];

export const elementRefKinds = [
  ...(['section', 'route', 'command', 'event', 'data_model', 'risk', 'ui', 'cache'] as const),
  ...(['rule', 'file', 'link', 'spec'] as const),
] as const;
export type ElementRefKind = (typeof elementRefKinds)[number];

export const attestationPositions = ['compliant', 'non_compliant', 'not_applicable'] as const;
export type AttestationPosition = (typeof attestationPositions)[number];

/** Text of the spec that a finding rests on. In the reference the name is taken by that of implementations. */
@ApiSchema({ name: 'TextEvidence' })
export class Evidence {
  /** @example api-contracts */
  readonly sectionKey!: string;
  /**
   * First line in the exported Markdown, counted from 1.
   * @example 12
   */
  @ApiProperty({ type: 'integer', minimum: 1 })
  readonly line!: number;
  /**
   * Last line, counted from 1.
   * @example 14
   */
  @ApiProperty({ type: 'integer', minimum: 1 })
  readonly endLine!: number;
  /**
   * First byte in the exported Markdown, counted from 0.
   * @example 240
   */
  @ApiProperty({ type: 'integer', minimum: 0 })
  readonly start!: number;
  /**
   * The byte after the last.
   * @example 310
   */
  @ApiProperty({ type: 'integer', minimum: 0 })
  readonly end!: number;
  /** SHA-256 over these bytes, hex. */
  @Sha256()
  readonly hash!: string;
  /**
   * The beginning of the text, at most 300 characters.
   * @example "- `POST /api/wms/asns`"
   */
  readonly excerpt!: string;
}

/** An element of the spec that a finding or a link is about. */
export class ElementRef {
  @ApiProperty({ enum: elementRefKinds })
  readonly kind!: ElementRefKind;
  /**
   * What it is called: method and path, a command's or event's name, a risk's id or title, a model's name, a section's key.
   * @example "POST /api/wms/asns"
   */
  readonly key!: string;
  /** SHA-256 over the bytes of its text, hex; empty where the spec has no text of it. */
  @ApiProperty({ example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' })
  readonly hash!: string;
}

/** One gap: what a rule asks for and the spec does not give. */
export class Finding {
  /** @example template.consistency.commands_mutations */
  readonly ruleId!: string;
  /** non_compliant, or not_linked where the text cannot decide. */
  @ApiProperty({ enum: ruleOutcomes })
  readonly outcome!: RuleOutcome;
  /** @example "No command is linked to POST /api/wms/asns." */
  readonly message!: string;
  /** @example "Name the command in the contract, or confirm the link." */
  @ApiProperty({ type: String, nullable: true })
  readonly recommendation!: string | null;
  readonly elements!: ElementRef[];
  readonly evidence!: Evidence[];
}

/** Where a rule comes from. */
export class RuleOrigin {
  /** @example packages/core/AGENTS.md */
  readonly path!: string;
  /** @example api-routes */
  readonly anchor!: string;
  /** @example 8c6a837 */
  @ApiProperty({ type: String, nullable: true })
  readonly revision!: string | null;
  /** SHA-256 over the source's bytes, hex. */
  @Sha256()
  readonly blobHash!: string;
}

/** What the author's own report says of the rule. */
export class Claim {
  /** @example Compliant */
  @ApiProperty({ type: String, nullable: true })
  readonly status!: string | null;
  /** @example "All routes export it." */
  @ApiProperty({ type: String, nullable: true })
  readonly notes!: string | null;
}

/** What the engine says of the rule, whatever anybody claimed or ruled. */
export class EngineFinding {
  @ApiProperty({ enum: ruleOutcomes })
  readonly outcome!: RuleOutcome;
  /** @example "2 of 5 mutations have no command linked." */
  readonly message!: string;
  /** Where nothing is wrong, the text of the first things that were looked at, at most two; else findings carry it. */
  @ApiProperty({ maxItems: 2 })
  readonly evidence!: Evidence[];
}

/** What a person ruled: an attestation, or a waiver. */
export class Ruling {
  @ApiProperty({ enum: ['attestation', 'waiver'] })
  readonly kind!: 'attestation' | 'waiver';
  /** What was attested; null for a waiver. */
  @ApiProperty({ enum: attestationPositions, type: String, nullable: true })
  readonly position!: AttestationPosition | null;
  /** @example docs_only */
  @ApiProperty({ type: String, nullable: true })
  readonly reasonCode!: string | null;
  /**
   * The sentence that was attested, or the compensating control.
   * @example "It changes documentation only."
   */
  readonly sentence!: string;
  /** Who attested, or who approved the waiver. */
  @ApiProperty({ example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b22' })
  readonly by!: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null })
  readonly expiresAt!: string | null;
  @ApiProperty({ type: String, format: 'uuid', nullable: true, example: null })
  readonly waiverId!: string | null;
}

/** One rule of a report: claim, finding and ruling side by side. */
export class ReportRow {
  /** @example template.sections.required */
  readonly ruleId!: string;
  /** @example template */
  readonly pack!: string;
  /** Null for a rule of the template itself. */
  @ApiProperty({ type: () => RuleOrigin, nullable: true, example: null })
  readonly source!: RuleOrigin | null;
  /** @example "Every section that the template requires is there." */
  readonly statement!: string;
  @ApiProperty({ enum: severities })
  readonly severity!: Severity;
  @ApiProperty({ enum: evaluatorKinds })
  readonly evaluator!: EvaluatorKind;
  @ApiProperty({ enum: ruleModes })
  readonly mode!: RuleMode;
  /** What counts: the finding, with the ruling taken into account. */
  @ApiProperty({ enum: ruleOutcomes })
  readonly outcome!: RuleOutcome;
  /** Whether it keeps the verdict from being compliant. */
  @ApiProperty({ example: true })
  readonly blocks!: boolean;
  @ApiProperty({ type: () => Claim, nullable: true, example: { status: 'Compliant', notes: null } })
  readonly claim!: Claim | null;
  /** Whether the author claims that it is met, and the engine finds that it is not, or nothing that links it. */
  @ApiProperty({ example: true })
  readonly contradicted!: boolean;
  readonly finding!: EngineFinding;
  /** What to do where the rule is not kept. */
  @ApiProperty({ type: String, nullable: true, example: 'Add the section.' })
  readonly recommendation!: string | null;
  @ApiProperty({ type: () => Ruling, nullable: true, example: null })
  readonly ruling!: Ruling | null;
  /** At most 200; `finding.message` counts all. */
  @ApiProperty({ maxItems: 200 })
  readonly findings!: Finding[];
}

/** How many rows have each outcome. */
export class OutcomeCounts {
  @ApiProperty({ type: 'integer', minimum: 0, example: 20 })
  readonly compliant!: number;
  @ApiProperty({ type: 'integer', minimum: 0, example: 1 })
  readonly non_compliant!: number;
  @ApiProperty({ type: 'integer', minimum: 0, example: 1 })
  readonly not_applicable!: number;
  @ApiProperty({ type: 'integer', minimum: 0, example: 0 })
  readonly not_linked!: number;
  @ApiProperty({ type: 'integer', minimum: 0, example: 0 })
  readonly needs_attestation!: number;
  @ApiProperty({ type: 'integer', minimum: 0, example: 0 })
  readonly waived!: number;
  /** Rows that block. */
  @ApiProperty({ type: 'integer', minimum: 0, example: 1 })
  readonly blocking!: number;
  /** Rows whose claim is contradicted by the finding. */
  @ApiProperty({ type: 'integer', minimum: 0, example: 1 })
  readonly contradicted!: number;
}

/** What the rules say of one content. */
export class Evaluation {
  @ApiProperty({ enum: verdicts })
  readonly verdict!: Verdict;
  /** Every rule but the consistency checks. */
  readonly rows!: ReportRow[];
  /** The five internal consistency checks of the template. */
  readonly consistency!: ReportRow[];
  /** The content that was judged. */
  @Sha256()
  readonly contentHash!: string;
  /** The rules that it was judged by. */
  @Sha256()
  readonly packHash!: string;
  readonly counts!: OutcomeCounts;
}
