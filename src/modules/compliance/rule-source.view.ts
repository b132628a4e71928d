import { ApiProperty, OmitType } from '@nestjs/swagger';
import { Optional, Sha256, WholeParameter } from '../../commands/fields.js';
import type { RuleForce } from '../../events/rule-source.events.js';
import { OnlyPageView } from '../http/page.view.js';

const forces = ['must', 'must_not', 'always', 'never', 'should', 'should_not'] as const satisfies readonly RuleForce[];
const someone = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b03';

/** A statement of a rule file. */
export class StatementView {
  /**
   * Stays when other parts of the file change, when it moves, and when it is edited.
   * @example 8f4e33f3dc3e
   */
  readonly statementId!: string;
  @ApiProperty({ enum: forces, example: 'always' })
  readonly force!: RuleForce;
  /**
   * As it is written.
   * @example "Declare every event before it is emitted."
   */
  readonly text!: string;
  /**
   * Of the heading above it, as GitHub makes it; empty before the first.
   * @example always
   */
  readonly anchor!: string;
  @ApiProperty({ type: 'integer', example: 5 })
  readonly line!: number;
}

/** A statement that the file has no more. */
export class GoneStatementView extends StatementView {
  /** The version that has it no more. */
  @ApiProperty({ type: 'integer', example: 2 })
  readonly goneIn!: number;
}

export class RuleSourceSummary {
  /** @example packages/core/AGENTS.md */
  readonly path!: string;
  @ApiProperty({ type: 'integer', example: 1 })
  readonly version!: number;
  /** The revision of the repository in which the file came to be as it is. */
  @ApiProperty({ type: String, nullable: true, example: '8c6a837d' })
  readonly revision!: string | null;
  /** SHA-256 over the file's bytes. */
  @Sha256()
  readonly blobHash!: string;
  /** How many there are. */
  @ApiProperty({ type: 'integer', example: 1 })
  readonly statementCount!: number;
  @ApiProperty({ format: 'date-time' })
  readonly recordedAt!: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly retiredAt!: string | null;
}

export class RuleSourceView extends RuleSourceSummary {
  readonly statements!: StatementView[];
  /** Statements of earlier versions, for packs that still judge by them. */
  @ApiProperty({ example: [] })
  readonly gone!: GoneStatementView[];
}

/** A statement that has other words than in the version before. */
export class ChangedStatementView extends StatementView {
  /** @example "Declare every event." */
  readonly before!: string;
}

/** A version of a rule file, and what became of its statements. */
export class RuleSourceVersionView extends OmitType(RuleSourceSummary, ['retiredAt']) {
  readonly added!: StatementView[];
  @ApiProperty({ example: [] })
  readonly changed!: ChangedStatementView[];
  /** As they were. */
  @ApiProperty({ example: [] })
  readonly removed!: StatementView[];
  /** The actor. */
  @ApiProperty({ example: someone })
  readonly recordedBy!: string;
}

export class RuleSourceList {
  readonly items!: RuleSourceSummary[];
  readonly page!: OnlyPageView;
}

export class RuleSourceVersionList {
  readonly items!: RuleSourceVersionView[];
  readonly page!: OnlyPageView;
}

/** The answer to a change of a rule file. */
export class RuleSourceReceipt {
  /** @example packages/core/AGENTS.md */
  readonly path!: string;
  /** The version that this recorded, or the newest one if the file is the same. */
  @ApiProperty({ type: 'integer', example: 1 })
  readonly sourceVersion!: number;
  @Sha256()
  readonly blobHash!: string;
  @ApiProperty({ enum: ['in_force', 'retired'], example: 'in_force' })
  readonly standing!: string;
  /** How many the file has. */
  @ApiProperty({ type: 'integer', example: 1 })
  readonly statements!: number;
  /** Ids of statements, against the version before. */
  @ApiProperty({ example: ['8f4e33f3dc3e'] })
  readonly added!: string[];
  @ApiProperty({ example: [] })
  readonly changed!: string[];
  @ApiProperty({ example: [] })
  readonly removed!: string[];
  /** The version of the file's stream. */
  @ApiProperty({ type: 'integer', example: 1 })
  readonly version!: number;
  @ApiProperty({ type: 'integer', example: 5 })
  readonly seq!: number;
}

/** Of rule files and of rule packs. */
export class RuleVersionsFrom {
  /**
   * The version to begin with, downwards; the newest by default.
   * @example 1
   */
  @Optional()
  @WholeParameter(1, 1_000_000)
  readonly from?: number;
}
