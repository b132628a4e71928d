import { ApiProperty } from '@nestjs/swagger';
import { ElementPosition } from './position.view.js';

/** A command the specification names. */
export class CommandMention {
  /** @example wms.asn.receive */
  readonly name!: string;
  /**
   * True where commands and events are listed (bullet, table row, code); false when prose elsewhere mentions it.
   * @example true
   */
  readonly introduced!: boolean;
  readonly position!: ElementPosition;
}

/** An event the specification names. */
export class EventMention {
  /** @example wms.asn.received */
  readonly name!: string;
  /**
   * True where commands and events are listed (bullet, table row, code); false when prose elsewhere mentions it.
   * @example true
   */
  readonly introduced!: boolean;
  readonly position!: ElementPosition;
}

/** One field of a data model. */
export class DataModelField {
  /** @example organization_id */
  readonly name!: string;
  /** @example uuid */
  @ApiProperty({ type: String, nullable: true })
  readonly type!: string | null;
  /**
   * Null when the text does not say.
   * @example false
   */
  @ApiProperty({ type: Boolean, nullable: true })
  readonly nullable!: boolean | null;
  /** @example "The organization that it belongs to." */
  @ApiProperty({ type: String, nullable: true })
  readonly description!: string | null;
  /**
   * Keys, defaults, uniqueness, decorators, as written.
   * @example "NOT NULL, DEFAULT 1"
   */
  @ApiProperty({ type: String, nullable: true })
  readonly constraints!: string | null;
}

export const dataModelForms = ['bullets', 'table', 'typescript', 'sql', 'decorators', 'json'] as const;

/** An entity, table or shape with its fields. */
export class DataModel {
  /**
   * Null when neither a heading nor the code names it.
   * @example CustomerLead
   */
  @ApiProperty({ type: String, nullable: true })
  readonly name!: string | null;
  readonly fields!: DataModelField[];
  @ApiProperty({ enum: dataModelForms })
  readonly form!: (typeof dataModelForms)[number];
  readonly position!: ElementPosition;
}

export const apiContractForms = ['bullet', 'heading', 'table', 'fence'] as const;

/** One method on one path. */
export class ApiContract {
  /** @example POST */
  readonly method!: string;
  /**
   * As written.
   * @example /api/wms/asns/:id/receive
   */
  readonly path!: string;
  /**
   * Without query, parameters as `{name}`.
   * @example /api/wms/asns/{id}/receive
   */
  readonly normalizedPath!: string;
  /**
   * What the text gives as request: inline text or the content of a code block.
   * @example "{ lines: 3 }"
   */
  @ApiProperty({ type: String, nullable: true })
  readonly request!: string | null;
  /** What the text gives as response: inline text or the content of a code block. */
  @ApiProperty({ type: String, nullable: true })
  readonly response!: string | null;
  @ApiProperty({ enum: apiContractForms })
  readonly form!: (typeof apiContractForms)[number];
  readonly position!: ElementPosition;
}

/** A translation key, or a family of keys where it ends in `*`. */
export class I18nKey {
  /** @example wms.errors.trackingRequired */
  readonly key!: string;
  /** @example "A tracking number is required." */
  @ApiProperty({ type: String, nullable: true })
  readonly defaultText!: string | null;
  readonly position!: ElementPosition;
}

/** An environment variable or other setting. */
export class Setting {
  /** @example OM_RATE_LIMIT_ENABLED */
  readonly name!: string;
  /** @example "true" */
  @ApiProperty({ type: String, nullable: true })
  readonly default!: string | null;
  /** @example "Whether requests are limited." */
  @ApiProperty({ type: String, nullable: true })
  readonly description!: string | null;
  readonly position!: ElementPosition;
}
