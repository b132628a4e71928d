import { DomainCommand } from './command.js';
import { PathId } from './fields.js';
import { Refuses } from './refuses.js';

/** Something is asked of one spec. */
export abstract class SpecCommand extends DomainCommand {
  /**
   * The spec.
   * @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11
   */
  @PathId()
  readonly specId!: string;

  get streamId(): string {
    return this.specId;
  }
}

/** Changes what a spec says, or what chooses the policy that judges it: not wherever a spec stands. */
@Refuses('content_locked')
export abstract class ContentCommand extends SpecCommand {}
