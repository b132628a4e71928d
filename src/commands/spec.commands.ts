import { bounds } from './bounds.js';
import { Example, Key, Labels, Line, Markdown, NotBlank, Nullable, OneOf, Optional } from './fields.js';
import { RelateSpec, UnrelateSpec } from './relation.commands.js';
import { ReplaceSpec } from './replace-spec.commands.js';
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
