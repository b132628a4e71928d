import { ApiProperty } from '@nestjs/swagger';
import { Sha256 } from '../../commands/fields.js';

const someSpec = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11';

/** How many specs stand how. A verdict counts where it is fresh: about the spec and the rules as they are. */
export class StandingCounts {
  @ApiProperty({ type: 'integer', example: 12 })
  readonly specs!: number;
  /** Without any report. */
  @ApiProperty({ type: 'integer', example: 2 })
  readonly none!: number;
  /** With a report that says nothing of the spec as it is. */
  @ApiProperty({ type: 'integer', example: 3 })
  readonly stale!: number;
  @ApiProperty({ type: 'integer', example: 4 })
  readonly compliant!: number;
  @ApiProperty({ type: 'integer', example: 1 })
  readonly compliantWithWaivers!: number;
  @ApiProperty({ type: 'integer', example: 2 })
  readonly nonCompliant!: number;
}

export class TemplateStandings extends StandingCounts {
  /** @example spec */
  readonly template!: string;
}

/** Last reports by their age. */
export class AgeStandings extends StandingCounts {
  /** Of the youngest: those that are older belong to the next group. */
  @ApiProperty({ type: 'integer', example: 7 })
  readonly olderThanDays!: number;
}

/** A reason why reports are stale; a report may have several. */
export class StaleCount {
  /** @example rules_changed */
  readonly code!: string;
  @ApiProperty({ type: 'integer', example: 3 })
  readonly specs!: number;
}

/** What the last reports say by one rule. */
export class RuleStandings {
  /** @example template.sections.required */
  readonly ruleId!: string;
  /** Specs in the last report of which the rule blocks. */
  @ApiProperty({ type: 'integer', example: 2 })
  readonly blocks!: number;
  @ApiProperty({ type: 'integer', example: 4 })
  readonly compliant!: number;
  @ApiProperty({ type: 'integer', example: 2 })
  readonly nonCompliant!: number;
  @ApiProperty({ type: 'integer', example: 1 })
  readonly notLinked!: number;
  @ApiProperty({ type: 'integer', example: 0 })
  readonly needsAttestation!: number;
  @ApiProperty({ type: 'integer', example: 1 })
  readonly waived!: number;
  @ApiProperty({ type: 'integer', example: 0 })
  readonly notApplicable!: number;
  /** Specs whose author claims otherwise than the engine finds. */
  @ApiProperty({ type: 'integer', example: 1 })
  readonly contradicted!: number;
}

/** A rule whose words have changed since specs were judged by it. */
export class ChangedRule {
  /** @example security.no-raw-queries */
  readonly ruleId!: string;
  /** Whether it is in force no more. */
  @ApiProperty({ example: false })
  readonly isGone!: boolean;
  @ApiProperty({ type: 'integer', example: 3 })
  readonly specs!: number;
}

/** A rule file of which a change made verdicts stale. */
export class SourceStandings {
  /** @example packages/core/AGENTS.md */
  readonly path!: string;
  readonly rules!: ChangedRule[];
  /** How many specs were judged by words that it has no more. */
  @ApiProperty({ type: 'integer', example: 3 })
  readonly specs!: number;
  /** The first of them. */
  @ApiProperty({ maxItems: 100, example: [someSpec] })
  readonly specIds!: string[];
}

/** How the specs of an organization stand to its rules: those that are not rejected, withdrawn or past. */
export class ComplianceOverview extends StandingCounts {
  /** The rules as they are. */
  @Sha256()
  readonly packHash!: string;
  readonly why!: StaleCount[];
  readonly templates!: TemplateStandings[];
  readonly ages!: AgeStandings[];
  /** Those that block most first. */
  @ApiProperty({ maxItems: 500 })
  readonly rules!: RuleStandings[];
  readonly sources!: SourceStandings[];
}
