import { Id, OneOf } from './fields.js';
import { Refuses } from './refuses.js';
import { ContentCommand } from './spec-command.js';

export const relationTypes = ['supersedes', 'depends_on', 'relates_to'] as const;
export type RelationType = (typeof relationTypes)[number];

export class SpecRelation {
  /** @example depends_on */
  @OneOf(relationTypes)
  readonly type!: RelationType;

  /**
   * The other spec.
   * @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b22
   */
  @Id()
  readonly specId!: string;
}

/** Relates the spec to another one of the organization. */
@Refuses('invalid_relation')
export class RelateSpec extends ContentCommand {
  /** @example depends_on */
  @OneOf(relationTypes)
  readonly type!: RelationType;

  /**
   * The other spec.
   * @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b22
   */
  @Id()
  readonly relatedSpecId!: string;
}

/** Takes a relation back. */
export class UnrelateSpec extends RelateSpec {}
