import { ApiProperty } from '@nestjs/swagger';
import { Line, Optional, WholeParameter } from '../../commands/fields.js';

/** How a list is read page by page; a list's own filters come beside it, and a list with another bound states `limit` anew. */
export class PagedQuery {
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

/** Where a list goes on. */
export class PageView {
  /** Give it as `cursor` to read on; null on the last page. */
  @ApiProperty({ type: String, nullable: true, maxLength: 1000 })
  readonly next!: string | null;
}

/** Of a list that is always whole. */
export class OnlyPageView {
  /** Always null: the list has one page. */
  @ApiProperty({ type: String, nullable: true })
  readonly next!: null;
}
