import { ApiProperty } from '@nestjs/swagger';

/** What can stay unread: every kind of element, or a whole section. */
export const elementKinds = [
  'userStory',
  'designDecision',
  'alternative',
  'command',
  'event',
  'dataModel',
  'apiContract',
  'i18nKey',
  'setting',
  'phase',
  'file',
  'openQuestion',
  'risk',
  'complianceReport',
  'changelogEntry',
  'section',
] as const;

export type ElementKind = (typeof elementKinds)[number];

/** Where an element stands in the exported Markdown. */
export class ElementPosition {
  /**
   * The stable key of the section it stands in.
   * @example data-models
   */
  readonly section!: string;
  /**
   * First line, counted from 1.
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
   * First byte of the UTF-8 document, counted from 0.
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
}
