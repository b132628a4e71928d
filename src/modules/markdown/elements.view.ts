import { ApiProperty } from '@nestjs/swagger';
import { ComplianceReport } from './compliance-report.view.js';
import { ApiContract, CommandMention, DataModel, EventMention, I18nKey, Setting } from './design-elements.view.js';
import { ElementPosition, elementKinds } from './position.view.js';
import type { ElementKind } from './position.view.js';
import { ChangelogEntry, ManifestFile, OpenQuestion, Phase, Risk } from './delivery-elements.view.js';

/** Who wants what, and why. */
export class UserStory {
  /** @example "Warehouse manager" */
  @ApiProperty({ type: String, nullable: true })
  readonly actor!: string | null;
  /** @example "configure zones" */
  @ApiProperty({ type: String, nullable: true })
  readonly action!: string | null;
  /** @example "stock is counted accurately" */
  @ApiProperty({ type: String, nullable: true })
  readonly benefit!: string | null;
  /**
   * The whole story in plain text.
   * @example "As a warehouse manager I want to configure zones so that stock is counted accurately."
   */
  readonly text!: string;
  readonly position!: ElementPosition;
}

/** A choice the authors made. */
export class DesignDecision {
  /** @example "Stock is an aggregate of its own." */
  readonly decision!: string;
  /** @example "Its writers collide least there." */
  @ApiProperty({ type: String, nullable: true })
  readonly rationale!: string | null;
  readonly position!: ElementPosition;
}

/** A choice the authors did not make. */
export class Alternative {
  /** @example "One aggregate for the warehouse" */
  readonly alternative!: string;
  /** @example "Every scan would wait for every other." */
  @ApiProperty({ type: String, nullable: true })
  readonly whyRejected!: string | null;
  readonly position!: ElementPosition;
}

/** Text that looks like a typed element and could not be read as one. Nothing about it was guessed. */
export class UnreadElement {
  @ApiProperty({ enum: elementKinds })
  readonly kind!: ElementKind;
  /** @example "The table has no column for the risk or its scenario." */
  readonly reason!: string;
  readonly position!: ElementPosition;
}

/** The typed elements read from the Markdown of one specification, each kind in document order. */
export class SpecElements {
  readonly userStories!: UserStory[];
  readonly designDecisions!: DesignDecision[];
  readonly alternatives!: Alternative[];
  /** One entry for each distinct name, at the mention that introduces it. */
  readonly commands!: CommandMention[];
  /** One entry for each distinct name, at the mention that introduces it. */
  readonly events!: EventMention[];
  readonly dataModels!: DataModel[];
  /** One entry for each distinct method and normalized path. */
  readonly apiContracts!: ApiContract[];
  readonly i18nKeys!: I18nKey[];
  readonly settings!: Setting[];
  readonly phases!: Phase[];
  readonly fileManifest!: ManifestFile[];
  readonly openQuestions!: OpenQuestion[];
  readonly risks!: Risk[];
  /** A document may keep the reports of earlier reviews next to the newest. */
  readonly complianceReports!: ComplianceReport[];
  readonly changelog!: ChangelogEntry[];
  readonly unread!: UnreadElement[];
}
