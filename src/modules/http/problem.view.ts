import { ApiProperty } from '@nestjs/swagger';
import { refusals } from '../../commands/refusals.js';

/** One field that is wrong. */
export class FieldProblemView {
  /**
   * Where: an RFC 6901 pointer into the body, or the name of a parameter.
   * @example /sections/0/heading
   */
  readonly pointer!: string;
  /** @example maxLength */
  readonly code!: string;
  /** @example heading must be shorter than or equal to 300 characters */
  readonly message!: string;
}

/** A problem (RFC 9457). `code` is stable; `detail` is for people and may change. Some codes carry further members. */
export class Problem {
  /** @example /problems/stale_version */
  readonly type!: string;
  /** @example It changed since the version in If-Match */
  readonly title!: string;
  /** @example 412 */
  @ApiProperty({ type: 'integer', minimum: 400, maximum: 599 })
  readonly status!: number;
  /** @example stale_version */
  @ApiProperty({ enum: Object.keys(refusals) })
  readonly code!: string;
  /** @example It is at 7 now; read it again, or send If-Match: * to overwrite. */
  readonly detail!: string;
  /**
   * The request, as it is named in the log and in the events it caused.
   * @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b99
   */
  readonly requestId!: string;
  /** The fields that are wrong, where it is about fields. */
  readonly errors?: FieldProblemView[];
}

export class Health {
  /** @example ok */
  readonly status!: string;
}
