import { ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { Sha256 } from '../../commands/fields.js';
import { refusals } from '../../commands/refusals.js';
import { FieldConflict, SectionConflict } from './merge-conflict.view.js';

/** One field that is wrong. */
export class FieldProblemView {
  /**
   * Where: an RFC 6901 pointer into the body, or the name of a parameter.
   * @example /title
   */
  readonly pointer!: string;
  /**
   * The rule that it breaks.
   * @example maxLength
   */
  readonly code!: string;
  /** @example "title must be shorter than or equal to 300 characters" */
  readonly message!: string;
}

/** Who made a change that was missed. */
export class ChangeActor {
  /** @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b02 */
  readonly id!: string;
  @ApiProperty({ enum: ['human', 'agent', 'service', 'system'], example: 'agent' })
  readonly kind!: string;
  /** @example ci */
  readonly name!: string;
}

/** An event that the writer did not know of. */
export class MissedChange {
  @ApiProperty({ type: 'integer', minimum: 1, example: 7 })
  readonly version!: number;
  /** @example spec.section.updated */
  readonly type!: string;
  @ApiProperty({ format: 'date-time' })
  readonly recordedAt!: string;
  readonly actor!: ChangeActor;
}

/** A spec that a problem names. */
export class NamedSpec {
  @ApiProperty({ format: 'uuid' })
  readonly specId!: string;
  @ApiProperty({ type: 'integer', minimum: 1, example: 7 })
  readonly number!: number;
}

/** A hold, and the spec that it is on. */
export class ForbiddingHold extends NamedSpec {
  /** @example audit-2026 */
  readonly holdKey!: string;
}

/** A problem (RFC 9457). `code` is stable; `detail` is for people and may change. Some codes carry further members. */
export class Problem {
  /** @example /problems/internal_error */
  @ApiProperty({ pattern: '^/problems/[a-z_]+$', maxLength: 100 })
  readonly type!: string;
  /** @example "Something went wrong on our side" */
  readonly title!: string;
  @ApiProperty({ type: 'integer', minimum: 400, maximum: 599, example: 500 })
  readonly status!: number;
  @ApiProperty({ enum: Object.keys(refusals), example: 'internal_error' })
  readonly code!: string;
  /** @example "It is in our log under the request id." */
  readonly detail!: string;
  /**
   * The request, as it is named in the log and in the events it caused.
   * @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b99
   */
  @ApiProperty({ maxLength: 100 })
  readonly requestId!: string;
  /** The fields that are wrong, where it is about fields. */
  readonly errors?: FieldProblemView[];
  /** `stale_version`: the ETag as it is now. */
  @ApiProperty({ pattern: '^"[0-9]+"$', maxLength: 20 })
  readonly currentETag?: string;
  /** `stale_version`: the events that were missed, oldest first; at most the last hundred. */
  @ApiProperty({ maxItems: 100 })
  readonly changes?: MissedChange[];
  /** `merge_conflict`: what both sides changed, a section or anything else of the spec. */
  @ApiProperty({
    type: 'array',
    items: { oneOf: [{ $ref: getSchemaPath(SectionConflict) }, { $ref: getSchemaPath(FieldConflict) }] },
  })
  readonly conflicts?: (SectionConflict | FieldConflict)[];
  /** `section_not_self_contained` in a whole document: the section it is about. */
  readonly sectionKey?: string;
  /** `section_not_self_contained` in a body: the line it is about, from 1. */
  @ApiProperty({ type: 'integer', minimum: 1 })
  readonly line?: number;
  /**
   * The condition that was not met, where a spec's life or a vote is refused.
   * @example stands_there
   */
  readonly guard?: string;
  /**
   * The transition that was refused.
   * @example submit
   */
  readonly transition?: string;
  /**
   * Where the spec stands.
   * @example approved
   */
  readonly lifecycle?: string;
  /** `transition_not_allowed`: where the transition leads from. */
  readonly from?: string[];
  /** `guard_failed`: the keys of the sections that it is about. */
  readonly sections?: string[];
  /** `guard_failed`: the keys of the phases that nothing shows to be done. */
  readonly phases?: string[];
  /** `guard_failed`: the specs that depend on this one. */
  readonly dependents?: NamedSpec[];
  /** `content_changed`: the hash of the content that is there. */
  @Sha256()
  readonly contentHash?: string;
  /** `content_changed` of a dependency: its revision that is in force. */
  @ApiProperty({ type: 'integer', minimum: 1 })
  readonly revision?: number;
  /** `content_changed` of a consumer: the position that it stands at. */
  @ApiProperty({ type: 'integer', minimum: 0 })
  readonly present?: number;
  /** `legal_hold`: the holds that forbid it; at most a hundred. */
  @ApiProperty({ maxItems: 100 })
  readonly holds?: ForbiddingHold[];
  /** `not_approved`, or the guard `override_stands`: the override that carries nothing any more. */
  @ApiProperty({ format: 'uuid' })
  readonly overrideId?: string;
  /** `policy_change_pending`: the hash of the change that waits. */
  @Sha256()
  readonly proposed?: string;
}

/** The service answers. */
export class Health {
  @ApiProperty({ enum: ['ok'], example: 'ok' })
  readonly status!: string;
}
