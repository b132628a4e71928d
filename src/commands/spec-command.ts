import { DomainCommand } from './command.js';
import { PathId } from './fields.js';

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
