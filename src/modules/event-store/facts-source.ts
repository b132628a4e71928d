import type { DomainCommand, Facts } from '../../commands/command.js';

/** Gathers what a rule must know from outside its stream; asked anew each time the rule is. */
export type FactsSource = {
  /**
   * @param version the stream's, before the request
   * @param soFar what earlier commands of the same request came to: not yet in any table
   * @param state what the rule will decide on
   */
  gather(command: DomainCommand, version: number, soFar: readonly { data: object }[], state: unknown): Promise<Facts>;
  /** The name of a claim (ADR 18), where a rule rests on other streams in a way that two commands must not cross. */
  claims?(command: DomainCommand): string | undefined;
};
