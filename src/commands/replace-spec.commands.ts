import { bounds } from './bounds.js';
import { Example, Key, Labels, Line, ListOf, Markdown, Nullable, OneOf, Optional, ReadOnly, Reason } from './fields.js';
import { Personal } from '../events/personal.js';
import { Refuses } from './refuses.js';
import { SpecRelation } from './relation.commands.js';
import { ContentCommand } from './spec-command.js';

/** A section of a whole spec sent as JSON. */
export class SectionText {
  /** Names a section that is there; without it, or with an unknown key, the section is a new one. */
  @Optional()
  @Key(100)
  readonly key?: string;

  /** @example Overview */
  @Line(bounds.heading)
  readonly heading!: string;

  @Example('Searches that people keep.\n')
  @Markdown()
  readonly body!: string;

  /** Why the section does not apply, or null. Left out: as it was. */
  @Optional()
  @Nullable()
  @Reason()
  readonly notApplicable?: string | null;

  @ReadOnly()
  readonly contentHash?: unknown;

  @ReadOnly()
  readonly version?: unknown;
}

/**
 * A whole spec as JSON: what differs becomes events. Members left out stay as they are, except sections: the list
 * is complete. What only the server decides may be sent back as it was read, and is ignored.
 */
@Refuses(
  'invalid_relation',
  'merge_conflict',
  'section_not_self_contained',
  'invalid_heading',
  'markdown_too_deep',
  'too_many_sections',
  'document_too_large',
)
export class ReplaceSpec extends ContentCommand {
  /** @example "Saved searches" */
  @Optional()
  @Line(bounds.title)
  readonly title?: string;

  /** What stands before the first section: front matter, title and metadata. */
  @Example('# Saved searches\n\n**Status**: Draft\n\n')
  @Optional()
  @Markdown()
  readonly preamble?: string;

  /** @example ["search"] */
  @Optional()
  @Labels()
  readonly labels?: string[];

  /** @example team-catalogue */
  @Optional()
  @Nullable()
  @Personal()
  @Line(bounds.owner)
  readonly owner?: string | null;

  @Optional()
  @ListOf(() => SpecRelation, bounds.relations)
  readonly relations?: SpecRelation[];

  @ListOf(() => SectionText, 1000)
  readonly sections!: SectionText[];

  @ReadOnly()
  readonly number?: unknown;

  @ReadOnly()
  readonly lifecycle?: unknown;

  @ReadOnly()
  readonly revision?: unknown;

  @ReadOnly()
  readonly inForce?: unknown;

  @ReadOnly()
  readonly review?: unknown;

  @ReadOnly()
  readonly suspects?: unknown;

  @ReadOnly()
  readonly holds?: unknown;

  @ReadOnly()
  readonly template?: unknown;

  @ReadOnly()
  readonly version?: unknown;

  @ReadOnly()
  readonly contentHash?: unknown;

  @ReadOnly()
  readonly metadata?: unknown;

  @ReadOnly()
  readonly createdAt?: unknown;

  @ReadOnly()
  readonly updatedAt?: unknown;

  /** What to do when the spec changed since the version in If-Match: refuse, or merge section by section. */
  @Optional()
  @OneOf(['three-way'])
  readonly merge?: 'three-way';

  override get merges(): boolean {
    return this.merge === 'three-way';
  }
}
