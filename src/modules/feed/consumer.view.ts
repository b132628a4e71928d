import { ApiProperty } from '@nestjs/swagger';
import { OnlyPageView } from '../http/page.view.js';

/** Somebody who reads events, and says how far. */
export class ConsumerView {
  /** @example ci */
  readonly consumerKey!: string;
  /** Everything up to this position of history is dealt with. */
  @ApiProperty({ type: 'integer', minimum: 0, example: 4711 })
  readonly position!: number;
  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: string;
  /** When it last said so; null before. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly committedAt!: string | null;
  /** The actor who said so. */
  @ApiProperty({ type: String, nullable: true, example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b02' })
  readonly committedBy!: string | null;
}

export class ConsumerList {
  @ApiProperty({ maxItems: 100 })
  readonly items!: ConsumerView[];
  readonly page!: OnlyPageView;
}
