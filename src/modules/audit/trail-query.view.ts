import { Line, OneOf, Optional, WholeParameter } from '../../commands/fields.js';
import { TrailFilter } from '../../commands/trail-filter.commands.js';

/** Which entries of the trail, and how they are paged. */
export class TrailQuery extends TrailFilter {
  /**
   * The newest first by default.
   * @example newest
   */
  @Optional()
  @OneOf(['newest', 'oldest'])
  readonly order?: 'newest' | 'oldest';

  /**
   * How many at most; 25 by default.
   * @example 25
   */
  @Optional()
  @WholeParameter(1, 100)
  readonly limit?: number;

  /** `page.next` of the page before. */
  @Optional()
  @Line(1000)
  readonly cursor?: string;
}
