import { ApiProperty } from '@nestjs/swagger';
import { OneOf, Optional } from '../../commands/fields.js';
import { PagedQuery, PageView } from '../http/page.view.js';
import { ActorView } from '../specs/spec-event.view.js';

/** What a share link is good for. */
export class ShareScope {
  /** The spec whose evidence can be read; null where it is a stretch of time. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true, example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11' })
  readonly specId!: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null })
  readonly since!: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null })
  readonly until!: string | null;
}

/** A share link, without its token. */
export class ShareView extends ShareScope {
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0d22' })
  readonly shareId!: string;
  @ApiProperty({ type: String, nullable: true, example: 'The auditors of 2026' })
  readonly note!: string | null;
  readonly createdBy!: ActorView;
  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: string;
  @ApiProperty({ format: 'date-time' })
  readonly expiresAt!: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null })
  readonly revokedAt!: string | null;
  /** The bundle that its holder can download, made when it was created. */
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0d11' })
  readonly exportId!: string;
  /** How many requests came with it. */
  @ApiProperty({ type: 'integer', minimum: 0, example: 3 })
  readonly uses!: number;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly lastUsedAt!: string | null;
}

/** A share link that was just created. */
export class ShareReceipt extends ShareView {
  /**
   * To be sent as `Authorization: Bearer`; it is told this once, and null when the answer is repeated.
   */
  @ApiProperty({ type: String, nullable: true, example: 'sps_H2xk3D0l8m1b5v9c7n4q6w2e8r0t5y3u1i7o9p4a6s8' })
  readonly token!: string | null;
}

export class ShareList {
  @ApiProperty({ maxItems: 100 })
  readonly items!: ShareView[];
  readonly page!: PageView;
}

/** What its holder is told of a share link. */
export class SharedView extends ShareScope {
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0d22' })
  readonly shareId!: string;
  /** How far the bundle is: `ready` to be downloaded. */
  @ApiProperty({ example: 'ready' })
  readonly bundle!: string;
}

/** How the lines of the trail are paged: which they are is the link's. */
export class SharedTrailQuery extends PagedQuery {
  /**
   * The newest first by default.
   * @example newest
   */
  @Optional()
  @OneOf(['newest', 'oldest'])
  readonly order?: 'newest' | 'oldest';
}
