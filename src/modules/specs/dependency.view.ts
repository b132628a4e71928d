import { ApiProperty } from '@nestjs/swagger';

/** A dependency with a new approved revision that nobody has compared this spec with. */
export class SuspectView {
  /** The spec that this one depends on. */
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b22' })
  readonly specId!: string;
  /** Its revision in force: what a confirmation has to name. */
  @ApiProperty({ type: 'integer', example: 2 })
  readonly revision!: number;
  @ApiProperty({ format: 'date-time' })
  readonly since!: string;
}
