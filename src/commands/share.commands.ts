import { DomainCommand } from './command.js';
import { Id, Line, Optional, PathId } from './fields.js';
import { Refuses } from './refuses.js';
import { Time } from './time-field.js';

/** How many share links of an organization may stand at a time, and for how many days one is good. */
export const shareBounds = { standing: 100, days: 90 } as const;

/** Lets somebody without a key read the evidence of one spec, or of one stretch of time. No stream decides on it. */
@Refuses('not_found', 'too_many_shares')
export class CreateShare extends DomainCommand {
  @Id()
  readonly shareId!: string;

  /**
   * The spec. Or `since` and `until`.
   * @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11
   */
  @Optional()
  @Id()
  readonly specId?: string;

  /** The stretch of time begins with it (RFC 3339). */
  @Optional()
  @Time()
  readonly since?: string;

  /** And ends before it (RFC 3339). */
  @Optional()
  @Time()
  readonly until?: string;

  /**
   * Until when it is good (RFC 3339), 90 days at most; 7 days by default.
   */
  @Optional()
  @Time()
  readonly expiresAt?: string;

  /**
   * For whom, or for what.
   * @example The auditors of 2026
   */
  @Optional()
  @Line(300)
  readonly note?: string;

  get streamId(): string {
    return this.shareId;
  }
}

/** Ends a share link at once. */
@Refuses('not_found')
export class RevokeShare extends DomainCommand {
  @PathId()
  readonly shareId!: string;

  get streamId(): string {
    return this.shareId;
  }
}

/** By wire name. */
export const shareCommands = {
  'audit.share.create': CreateShare,
  'audit.share.revoke': RevokeShare,
};
