import { Injectable } from '@nestjs/common';
import type { RulePackCommand } from '../../commands/rule-pack.commands.js';
import { PublishRulePack } from '../../commands/rule-pack.commands.js';
import type { FactsSource } from '../event-store/facts-source.js';
import type { RulePackFacts } from './pack-rules.decider.js';
import { RuleSourceQueries } from './rule-source.queries.js';

/** What the rules of packs must know from outside a pack's stream: the statements that its rules refer to. */
@Injectable()
export class RulePackFactsSource implements FactsSource {
  constructor(private readonly sources: RuleSourceQueries) {}

  async gather(command: RulePackCommand): Promise<RulePackFacts> {
    const rules = command instanceof PublishRulePack ? command.rules : [];
    const paths = new Set(rules.flatMap(({ source }) => source?.path ?? []));
    return { statements: await this.sources.statements(command.caller.organizationId, [...paths]) };
  }
}
