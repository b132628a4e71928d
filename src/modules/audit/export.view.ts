import { ApiProperty } from '@nestjs/swagger';
import type { ExportFormat } from '../../commands/export.commands.js';
import { exportFormats } from '../../commands/export.commands.js';
import { TrailFilter } from '../../commands/trail-filter.commands.js';
import { PageView } from '../http/page.view.js';
import { ActorView } from '../specs/spec-event.view.js';

export const exportStatuses = ['waiting', 'running', 'ready', 'failed', 'withdrawn', 'expired'] as const;
export type ExportStatus = (typeof exportStatuses)[number];

/** A stretch of the trail as a file: how far it is, and what came of it. */
export class ExportView {
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0d11' })
  readonly exportId!: string;
  @ApiProperty({ enum: exportFormats, example: 'ndjson' })
  readonly format!: ExportFormat;
  @ApiProperty({ type: () => TrailFilter, example: { spec: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11' } })
  readonly filter!: TrailFilter;
  /** `waiting` until a process takes it, then `running`; only of one that is `ready` there is content. */
  @ApiProperty({ enum: exportStatuses, example: 'running' })
  readonly status!: ExportStatus;
  readonly requestedBy!: ActorView;
  /** The organization's last event that it can hold, by its place in the ledger; null until it has begun. */
  @ApiProperty({ type: 'integer', nullable: true, minimum: 1, example: 4711 })
  readonly position!: number | null;
  /** The seal that covers it. */
  @ApiProperty({ type: 'integer', nullable: true, minimum: 1, example: 12 })
  readonly seal!: number | null;
  /** How much of it is done. */
  @ApiProperty({ type: 'integer', minimum: 0, maximum: 100, example: 40 })
  readonly percent!: number;
  /** Lines of the trail that are in it so far. */
  @ApiProperty({ type: 'integer', minimum: 0, example: 12_000 })
  readonly rows!: number;
  @ApiProperty({ type: 'integer', minimum: 0, example: 9_437_184 })
  readonly bytes!: number;
  /** Over its bytes, hex; null until it is ready. */
  @ApiProperty({ type: String, nullable: true, pattern: '^[0-9a-f]{64}$', maxLength: 64, example: null })
  readonly sha256!: string | null;
  /** Why it failed. */
  @ApiProperty({ type: String, nullable: true, example: null })
  readonly problem!: string | null;
  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null })
  readonly finishedAt!: string | null;
  /** When its content is removed. */
  @ApiProperty({ format: 'date-time' })
  readonly expiresAt!: string;
}

export class ExportList {
  @ApiProperty({ maxItems: 100 })
  readonly items!: ExportView[];
  readonly page!: PageView;
}
