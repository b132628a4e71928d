import { Key, Line, OneOf, Optional, WholeParameter } from '../../commands/fields.js';

class PageQuery {
  /**
   * How many at most.
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

export class CommentListQuery extends PageQuery {}

/** Which threads of a spec; filters that are given together must all fit. */
export class ThreadListQuery extends PageQuery {
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
