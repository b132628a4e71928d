import { Key, OneOf, Optional } from '../../commands/fields.js';
import { PagedQuery } from '../http/page.view.js';

export class CommentListQuery extends PagedQuery {}

/** Which threads of a spec; filters that are given together must all fit. */
export class ThreadListQuery extends PagedQuery {
  /** @example open */
  @Optional()
  @OneOf(['open', 'resolved'])
  readonly status?: 'open' | 'resolved';

  /** @example true */
  @Optional()
  @OneOf(['true', 'false'])
  readonly blocking?: 'true' | 'false';

  /**
   * Threads about this section.
   * @example problem-statement
   */
  @Optional()
  @Key(100)
  readonly section?: string;

  /** Threads that the caller opened. */
  @Optional()
  @OneOf(['true'])
  readonly mine?: 'true';

  /** Threads that mention the caller. */
  @Optional()
  @OneOf(['true'])
  readonly mentionsMe?: 'true';
}
