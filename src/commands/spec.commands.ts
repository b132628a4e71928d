import { bounds } from './bounds.js';
import {
  Example,
  Id,
  Key,
  Labels,
  Line,
  ListOf,
  Markdown,
  NotBlank,
  Nullable,
  OneOf,
  Optional,
  ReadOnly,
  Reason,
} from './fields.js';
import {
  AddSection,
  MarkApplicable,
  MarkNotApplicable,
  MoveSection,
  RemoveSection,
  RenameSection,
  UpdateSection,
} from './section.commands.js';
import { Personal } from '../events/personal.js';
import { Refuses } from './refuses.js';
import { ContentCommand, SpecCommand } from './spec-command.js';

export const relationTypes = ['supersedes', 'depends_on', 'relates_to'] as const;
export type RelationType = (typeof relationTypes)[number];

/** Starts a spec as the skeleton of a template: its sections, with the template's guidance as their bodies. */
@Refuses('unknown_template', 'already_exists', 'invalid_heading')
export class CreateSpec extends SpecCommand {
  /**
   * Shown in lists, and the first heading of the document.
   * @example "Saved searches for the catalogue"
   */
  @Line(bounds.title)
  readonly title!: string;

  /**
   * The template's key; the built-in one by default.
   * @example spec
   */
  @Optional()
  @Key(80)
  readonly template?: string;

  /** @example ["catalogue","search"] */
  @Optional()
  @Labels()
  readonly labels?: string[];

  /**
   * Who answers for the spec: a name or an id of your own.
   * @example team-catalogue
   */
  @Optional()
  @Nullable()
  @Personal()
  @Line(bounds.owner)
  readonly owner?: string | null;
}

/** Makes a document the content of a spec: the first version of a new one, the differences to an existing one. */
@Refuses(
  'unknown_template',
  'merge_conflict',
  'section_not_self_contained',
  'markdown_too_deep',
  'too_many_sections',
  'document_too_large',
)
export class ImportSpec extends ContentCommand {
  /** The whole document, kept byte for byte. At most 2 MiB in UTF-8. */
  @Example(
    '# Saved searches\n\n**Status**: Draft\n\n## TLDR\nPeople keep a search under a name.\n\n' +
      '## Problem Statement\nEvery team writes its own search page.\n',
  )
  @NotBlank()
  @Markdown()
  readonly markdown!: string;

  /** The template that its sections are mapped by. Only for a new spec: afterwards it is pinned. */
  @Optional()
  @Key(80)
  readonly template?: string;

  /** The title, where the document does not give one. */
  @Optional()
  @Line(bounds.title)
  readonly title?: string;

  /** What to do when the spec changed since the version in If-Match: refuse, or merge section by section. */
  @Optional()
  @OneOf(['three-way'])
  readonly merge?: 'three-way';

  override get merges(): boolean {
    return this.merge === 'three-way';
  }
}

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

export class SpecRelation {
  /** @example depends_on */
  @OneOf(relationTypes)
  readonly type!: RelationType;

  /**
   * The other spec.
   * @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b22
   */
  @Id()
  readonly specId!: string;
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

/** Changes the title, and with it the first heading of the document. */
@Refuses('invalid_heading', 'document_too_large')
export class RetitleSpec extends ContentCommand {
  /** @example "Saved searches and alerts" */
  @Line(bounds.title)
  readonly title!: string;
}

/** Replaces the labels. */
export class LabelSpec extends ContentCommand {
  /** @example ["search"] */
  @Labels()
  readonly labels!: string[];
}

/** Says who answers for the spec; null for nobody. */
export class AssignOwner extends SpecCommand {
  /** @example team-catalogue */
  @Nullable()
  @Personal()
  @Line(bounds.owner)
  readonly owner!: string | null;
}

/** Relates the spec to another one of the organization. */
@Refuses('invalid_relation')
export class RelateSpec extends ContentCommand {
  /** @example depends_on */
  @OneOf(relationTypes)
  readonly type!: RelationType;

  /**
   * The other spec.
   * @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b22
   */
  @Id()
  readonly relatedSpecId!: string;
}

/** Takes a relation back. */
export class UnrelateSpec extends RelateSpec {}

/** Replaces what stands before the first section: front matter, title and metadata, as written. */
@Refuses('section_not_self_contained', 'markdown_too_deep', 'document_too_large')
export class UpdatePreamble extends ContentCommand {
  @Example('# Saved searches\n\n**Status**: Draft\n\n')
  @Markdown()
  readonly preamble!: string;
}

export const specCommands = {
  'spec.document.create': CreateSpec,
  'spec.document.import': ImportSpec,
  'spec.document.replace': ReplaceSpec,
  'spec.document.retitle': RetitleSpec,
  'spec.document.label': LabelSpec,
  'spec.document.assign_owner': AssignOwner,
  'spec.document.relate': RelateSpec,
  'spec.document.unrelate': UnrelateSpec,
  'spec.preamble.update': UpdatePreamble,
  'spec.section.add': AddSection,
  'spec.section.update': UpdateSection,
  'spec.section.rename': RenameSection,
  'spec.section.remove': RemoveSection,
  'spec.section.move': MoveSection,
  'spec.section.mark_not_applicable': MarkNotApplicable,
  'spec.section.mark_applicable': MarkApplicable,
};

export type SpecCommandName = keyof typeof specCommands;
