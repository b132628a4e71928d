import { Example, Key, Labels, Markdown, Optional } from './fields.js';
import { Refuses } from './refuses.js';
import { RepositoryFiles } from './repository-files.commands.js';

/** A document that is asked about as it stands: nothing of it is kept. */
@Refuses('unknown_template', 'document_too_large', 'markdown_too_deep', 'too_many_sections')
export class LintDocument extends RepositoryFiles {
  /** The whole document. At most 2 MiB in UTF-8. */
  @Example('# Saved searches\n\n## TLDR\nPeople keep a search under a name.\n')
  @Markdown()
  readonly markdown!: string;

  /** The key of the template that it follows, as in `spec`; the built-in one by default. */
  @Optional()
  @Key(80)
  readonly template?: string;

  /**
   * The labels that its spec will have: some rules are about specs with certain labels.
   * @example ["catalogue"]
   */
  @Optional()
  @Labels()
  readonly labels?: string[];
}
