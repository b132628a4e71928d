import { Personal } from '../events/personal.js';
import { bounds } from './bounds.js';
import { DomainCommand } from './command.js';
import { Id, Line, Nullable, Optional, PathId, Reason } from './fields.js';
import { Refuses } from './refuses.js';
import { Time } from './time-field.js';

/** Something is asked of one waiver. */
export abstract class WaiverCommand extends DomainCommand {
  /**
   * The waiver.
   * @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0c44
   */
  @PathId()
  readonly waiverId!: string;

  get streamId(): string {
    return this.waiverId;
  }
}

/** Asks for an exception from a rule, for a time. It is worth nothing until somebody else has approved it. */
export class RequestWaiver extends WaiverCommand {
  /**
   * The rule.
   * @example house.privacy-reviewed
   */
  @Line(bounds.ruleId)
  readonly ruleId!: string;

  /**
   * The spec that it is for; without it, it is for all specs of the organization.
   * @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11
   */
  @Optional()
  @Nullable()
  @Id()
  readonly specId?: string | null;

  /**
   * Who answers for it: a name or an id of your own.
   * @example team-catalogue
   */
  @Personal()
  @Line(bounds.owner)
  readonly owner!: string;

  /** @example "The provider cannot delete single records before March." */
  @Reason()
  readonly reason!: string;

  /**
   * What is done instead, as long as the rule is not kept.
   * @example "The records are deleted by hand every week."
   */
  @Reason()
  readonly compensatingControl!: string;

  /**
   * When it ends by itself: at most a year ahead.
   * @example "2026-12-31T00:00:00Z"
   */
  @Time()
  readonly expiresAt!: string;
}

/** Lets a waiver come into force; only a human can who neither asked for it nor wrote the spec that it is for. */
@Refuses('not_permitted', 'guard_failed')
export class ApproveWaiver extends WaiverCommand {}

/** Ends a waiver, whether it was approved or not: who asked for it can, who approved it, and an administrator. */
@Refuses('not_permitted')
export class WithdrawWaiver extends WaiverCommand {
  /** @example "The provider deletes records by now." */
  @Reason()
  readonly reason!: string;
}

export const waiverCommands = {
  'compliance.waiver.request': RequestWaiver,
  'compliance.waiver.approve': ApproveWaiver,
  'compliance.waiver.withdraw': WithdrawWaiver,
};
