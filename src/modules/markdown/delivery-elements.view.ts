import { ApiProperty } from '@nestjs/swagger';
import { ElementPosition } from './position.view.js';

/** One step of a phase. */
export class PhaseStep {
  /**
   * Null in an unnumbered list.
   * @example 1
   */
  @ApiProperty({ type: 'integer', nullable: true })
  readonly number!: number | null;
  /** @example "Add the entities and their migration." */
  readonly text!: string;
  /**
   * Null when the step has no checkbox.
   * @example false
   */
  @ApiProperty({ type: Boolean, nullable: true })
  readonly done!: boolean | null;
  readonly position!: ElementPosition;
}

/** A phase of the implementation plan. */
export class Phase {
  /** @example "Core inventory" */
  readonly title!: string;
  /**
   * As written, null when the heading has none.
   * @example "1"
   */
  @ApiProperty({ type: String, nullable: true })
  readonly number!: string | null;
  readonly steps!: PhaseStep[];
  readonly position!: ElementPosition;
}

/** A file the change creates, modifies or deletes. */
export class ManifestFile {
  /** @example src/modules/wms/data/entities.ts */
  readonly file!: string;
  /** @example Create */
  @ApiProperty({ type: String, nullable: true })
  readonly action!: string | null;
  /** @example "The entities of the warehouse." */
  @ApiProperty({ type: String, nullable: true })
  readonly purpose!: string | null;
  readonly position!: ElementPosition;
}

/** A question the authors left open. */
export class OpenQuestion {
  /** @example "Who may delete a zone?" */
  readonly text!: string;
  /**
   * True when it is struck out, ticked or marked resolved; false for an empty checkbox; else null.
   * @example false
   */
  @ApiProperty({ type: Boolean, nullable: true })
  readonly resolved!: boolean | null;
  readonly position!: ElementPosition;
}

export const severityLevels = ['Critical', 'High', 'Medium', 'Low'] as const;
export const riskForms = ['block', 'table'] as const;

/** A concrete risk. What the text does not give is null. */
export class Risk {
  /**
   * The number some registers give a risk.
   * @example R1
   */
  @ApiProperty({ type: String, nullable: true })
  readonly id!: string | null;
  /** @example "A receipt is booked twice" */
  @ApiProperty({ type: String, nullable: true })
  readonly title!: string | null;
  /**
   * The heading it stands under inside the section, for example `Data Integrity Failures`.
   * @example "Data Integrity Failures"
   */
  @ApiProperty({ type: String, nullable: true })
  readonly category!: string | null;
  /** @example "Two workers scan the same delivery." */
  @ApiProperty({ type: String, nullable: true })
  readonly scenario!: string | null;
  /**
   * As written.
   * @example "High (stock)"
   */
  @ApiProperty({ type: String, nullable: true })
  readonly severity!: string | null;
  /**
   * The level the severity text starts with.
   * @example High
   */
  @ApiProperty({ enum: severityLevels, type: String, nullable: true })
  readonly severityLevel!: (typeof severityLevels)[number] | null;
  /** @example "Stock is counted twice." */
  @ApiProperty({ type: String, nullable: true })
  readonly impact!: string | null;
  /** @example "Receiving" */
  @ApiProperty({ type: String, nullable: true })
  readonly affectedArea!: string | null;
  /** @example "A delivery is received once." */
  @ApiProperty({ type: String, nullable: true })
  readonly mitigation!: string | null;
  /** @example "Low" */
  @ApiProperty({ type: String, nullable: true })
  readonly residualRisk!: string | null;
  @ApiProperty({ enum: riskForms })
  readonly form!: (typeof riskForms)[number];
  readonly position!: ElementPosition;
}

/** One entry of the document's own changelog. */
export class ChangelogEntry {
  /** @example 2026-01-02 */
  @ApiProperty({ type: String, format: 'date', nullable: true })
  readonly date!: string | null;
  /**
   * The heading or lead without the date, null when only the date is given.
   * @example "Initial specification"
   */
  @ApiProperty({ type: String, nullable: true })
  readonly title!: string | null;
  /** @example ["Zones and receiving"] */
  readonly items!: string[];
  readonly position!: ElementPosition;
}
