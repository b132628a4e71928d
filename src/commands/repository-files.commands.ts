import { bounds } from './bounds.js';
import { Line, Lines, Optional } from './fields.js';

/** What is known of the repository that a document stands in, for its relative links. */
export class RepositoryFiles {
  /**
   * Where the document stands in its repository, as in `specs/2026-01-02-saved-searches.md`: what findings name it by,
   * and where its relative links begin.
   */
  @Optional()
  @Line(bounds.reference)
  readonly path?: string;

  /**
   * The paths of all Markdown files of the repository. With them, and `path`, relative links to Markdown files are
   * judged; without them only links inside the document are.
   * @example ["AGENTS.md", "specs/2026-01-02-saved-searches.md"]
   */
  @Optional()
  @Lines(bounds.reference, bounds.files)
  readonly files?: string[];
}
