import { bounds } from './bounds.js';
import { Example, Key, Line, Markdown, Optional, Reason, Whole } from './fields.js';
import { Refuses } from './refuses.js';
import { ContentCommand } from './spec-command.js';

export abstract class SectionCommand extends ContentCommand {
  /**
   * The section's key, stable as long as the section lives.
   * @example problem-statement
   */
  @Key(100)
  readonly sectionKey!: string;
}

/** Adds a section. */
@Refuses(
  'too_many_sections',
  'section_not_self_contained',
  'invalid_heading',
  'markdown_too_deep',
  'document_too_large',
)
export class AddSection extends ContentCommand {
  /**
   * The text of the heading, without the number signs.
   * @example Rollout
   */
  @Line(bounds.heading)
  readonly heading!: string;

  /** Markdown below the heading. It may hold headings of its own from the third level down. */
  @Example('Behind a flag for one organization first.\n')
  @Markdown()
  readonly body!: string;

  /** Where it goes, from 0; at the end by default. */
  @Optional()
  @Whole(0, 1000)
  readonly position?: number;
}

/** Replaces the body of a section, exactly as sent. */
@Refuses('section_not_self_contained', 'markdown_too_deep', 'document_too_large')
export class UpdateSection extends SectionCommand {
  @Example('Every team writes its own search page, and none of them can be shared.\n')
  @Markdown()
  readonly body!: string;
}

/** Changes the heading of a section; its key stays. */
@Refuses('invalid_heading')
export class RenameSection extends SectionCommand {
  /** @example "Rollout and rollback" */
  @Line(bounds.heading)
  readonly heading!: string;
}

/** Takes a section out of the document; history keeps it. */
export class RemoveSection extends SectionCommand {}

/** Moves a section to another place. */
@Refuses('validation_failed', 'section_not_self_contained', 'markdown_too_deep')
export class MoveSection extends SectionCommand {
  /**
   * Its place after the move, from 0.
   * @example 0
   */
  @Whole(0, 1000)
  readonly position!: number;
}

/** Says that a section does not apply to this spec, and why. */
export class MarkNotApplicable extends SectionCommand {
  /**
   * One sentence or more.
   * @example "The change has no user interface."
   */
  @Reason()
  readonly reason!: string;
}

/** Takes the mark "not applicable" back. */
export class MarkApplicable extends SectionCommand {}
