import { bounds } from './bounds.js';
import { Example, Key, Labels, Line, Markdown, Optional } from './fields.js';
import { Refuses } from './refuses.js';

/** A document that is asked about as it stands: nothing of it is kept. */
@Refuses('unknown_template', 'document_too_large', 'markdown_too_deep', 'too_many_sections')
export class LintDocument {
  /** The whole document. At most 2 MiB in UTF-8. */
  @Example('# Saved searches\n\n## TLDR\nPeople keep a search under a name.\n')
  @Markdown()
  readonly markdown!: string;

  /**
   * The key of the template that it follows; the built-in one by default.
   * @example spec
   */
  @Optional()
  @Key(80)
  readonly template?: string;

  /**
   * Where the document stands in its repository: what findings name it by.
   * @example specs/2026-01-02-saved-searches.md
   */
  @Optional()
  @Line(bounds.reference)
  readonly path?: string;

  /**
   * The labels that its spec will have: some rules are about specs with certain labels.
   * @example ["catalogue"]
   */
  @Optional()
  @Labels()
  readonly labels?: string[];
}
